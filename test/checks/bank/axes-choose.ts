import { type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.ReducedAxes>;
type Method = Parameters<checks.ReducedAxes>[0];

const keptLetters: Record<Method, (letter: string) => boolean> = {
  batch: (letter) => letter === "C",
  layer: (letter) => letter === "N",
  token: (letter) => letter !== "C",
  instance: (letter) => "NC".includes(letter),
};
const axesWhere = (layout: string, wanted: (letter: string) => boolean) =>
  [...layout].map((_, axis) => axis).filter((axis) => wanted(layout[axis]));

/** A right answer but for one method. */
const but =
  (method: Method, answer: (layout: string) => number[]): checks.ReducedAxes =>
  (asked, layout) =>
    asked === method ? answer(layout) : axesWhere(layout, (letter) => !keptLetters[asked](letter));

export const right: Solution["right"] = [
  (method, layout) => {
    const channel = layout.indexOf("C");
    const all = Array.from({ length: layout.length }, (_, axis) => axis);
    switch (method) {
      case "batch":
        return all.filter((axis) => axis !== channel);
      case "layer":
        return all.slice(1);
      case "token":
        return [channel];
      case "instance":
        return all.filter((axis) => axis !== channel && axis !== 0);
    }
  },
  (method, layout) => {
    const reduced = { batch: /[^C]/, layer: /[^N]/, token: /C/, instance: /[^NC]/ }[method];
    const axes: number[] = [];
    for (let axis = layout.length - 1; axis >= 0; axis--) {
      // Negative axes, in descending order: as good as any.
      if (reduced.test(layout[axis])) axes.push(axis - layout.length);
    }
    return axes;
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "the kept axes",
    message: /are the axes that are kept/,
    solution: (method, layout) => axesWhere(layout, keptLetters[method]),
  },
  {
    name: "batch norm over the batch alone",
    message: /one mean over the whole batch and over space or time as well/,
    solution: but("batch", () => [0]),
  },
  {
    name: "batch norm without the batch",
    message: /batch norm averages over the batch, axis 0/,
    solution: but("batch", (layout) => axesWhere(layout, (letter) => !"NC".includes(letter))),
  },
  {
    name: "channels always last",
    message: /you took the last axis for the channels/,
    solution: (method, layout) => {
      const letters = `N${"S".repeat(layout.length - 2)}C`;
      return axesWhere(letters, (letter) => !keptLetters[method](letter));
    },
  },
  {
    name: "layer norm over axis 0",
    message: /averages over N: that mixes samples/,
    solution: but("layer", (layout) => (layout === "NC" ? [1] : [0, 1])),
  },
  {
    name: "layer norm of a sample over the channels alone",
    message: /"layer" is to average over the whole sample/,
    solution: but("layer", (layout) => [layout.indexOf("C")]),
  },
  {
    name: "each position over the whole sample",
    message: /each position stands for itself/,
    solution: but("token", (layout) => axesWhere(layout, (letter) => letter !== "N")),
  },
  {
    name: "instance norm over the channels, too",
    message: /instance norm keeps the channels apart/,
    solution: but("instance", (layout) => axesWhere(layout, (letter) => letter !== "N")),
  },
  {
    name: "letters instead of axes",
    message: /must return a list of axes/,
    solution: ((_: Method, layout: string) => [...layout].filter((letter) => letter !== "C")) as never,
  },
  // Two mistakes together.
  {
    name: "layer and token exchanged",
    message: [/"layer" is to average over the whole sample/, /each position stands for itself/],
    solution: (method, layout) =>
      right[0](method === "layer" ? "token" : method === "token" ? "layer" : method, layout),
  },
  {
    name: "batch over the batch alone, instance with the channels",
    message: [/one mean over the whole batch/, /keeps the channels apart/],
    solution: (method, layout) =>
      method === "batch" ? [0] : right[0](method === "instance" ? "layer" : method, layout),
  },
  {
    name: "the kept axes, channels always last",
    message: [/axes that are kept/, /last axis for the channels/],
    solution: (method, layout) => {
      const letters = `N${"S".repeat(layout.length - 2)}C`;
      const reduced = axesWhere(letters, (letter) => !keptLetters[method](letter));
      return axesWhere(layout, () => true).filter((axis) => !reduced.includes(axis));
    },
  },
  {
    name: "counted from 1, instance as batch",
    message: [/axes are counted from 0/, /mixes samples/],
    solution: (method, layout) =>
      right[0](method === "instance" ? "batch" : method, layout).map((axis) => axis + 1),
  },
];
