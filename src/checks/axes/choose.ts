import { describe } from "../../tensor/validate";
import { type Check, exercise } from "../exercise";
import { type Finding, mistake } from "../finding";
import { invoke } from "../invoke";
import { axesOf, listOf } from "./answer";

/** The methods that the exercise asks about; "token" is layer norm at each position, over the features alone. */
export type AxesMethod = "batch" | "layer" | "token" | "instance";

/** (method, layout such as "NHWC") → the axes that are averaged over. */
export type ReducedAxes = (method: AxesMethod, layout: string) => number[];

/** The letters of the axes that each method keeps. */
const kept: Record<AxesMethod, (letter: string) => boolean> = {
  batch: (letter) => letter === "C",
  layer: (letter) => letter === "N",
  token: (letter) => letter !== "C",
  instance: (letter) => letter === "N" || letter === "C",
};

const axesWhere = (layout: string, wanted: (letter: string) => boolean): number[] =>
  [...layout].flatMap((letter, axis) => (wanted(letter) ? [axis] : []));

/** The axes that a method averages over. */
const reducedAxes: ReducedAxes = (method, layout) => axesWhere(layout, (letter) => !kept[method](letter));

/** What is wrong with the answer for one method and layout. */
function mistakeOf(method: AxesMethod, layout: string, axes: number[]): Finding | string {
  const equals = (other: number[]) => listOf(axes) === listOf(other);
  const last = layout.length - 1;
  const channelsLast = `N${"S".repeat(last - 1)}C`;
  const spatial = axesWhere(layout, (letter) => letter !== "N" && letter !== "C");
  const place = `for ${method} in ${layout}`;
  const answer = `${listOf(axes)} ${place}`;
  if (equals(axesWhere(layout, kept[method]))) {
    return mistake(answer, "these are the axes that are kept; the answer is the axes that are averaged over");
  }
  if (layout.indexOf("C") !== last && equals(reducedAxes(method, channelsLast))) {
    return mistake(answer, "you took the last axis for the channels; look where C stands in the layout");
  }
  if (method !== "batch" && axes.includes(0)) {
    return mistake(answer, "this averages over N: that mixes samples, as only batch norm does");
  }
  if (method === "batch" && equals([0])) {
    return mistake(answer, "every channel has one mean over the whole batch and over space or time as well");
  }
  if (method === "batch" && !axes.includes(0)) {
    return mistake(answer, "batch norm averages over the batch, axis 0");
  }
  if (method === "instance" && axes.some((axis) => !spatial.includes(axis))) {
    return mistake(answer, "instance norm keeps the channels apart; average over space alone");
  }
  if (method === "layer" && equals(axesWhere(layout, (letter) => letter === "C"))) {
    return mistake(
      answer,
      'this is layer norm at each position; "layer" is to average over the whole sample',
    );
  }
  if (method === "token" && axes.length > 1) {
    return mistake(answer, "each position stands for itself; average over the features C alone");
  }
  return `the answer ${place} is ${listOf(axes)}; it must be ${listOf(reducedAxes(method, layout))}`;
}

/** Exercise axes-choose: which axes each method averages over, in any layout. */
export const axesChoose: Check<ReducedAxes> = exercise("axes-choose", (solution) => {
  const check = (method: AxesMethod, layouts: string[]) => {
    for (const layout of layouts) {
      const answer: unknown = invoke(solution, method, layout);
      const axes = axesOf(answer, layout.length);
      if (!axes) {
        return `the answer for ${method} in ${layout} is ${describe(answer)}; it must be a list of axes, such as [0]`;
      }
      if (listOf(axes) !== listOf(reducedAxes(method, layout))) return mistakeOf(method, layout, axes);
    }
    return undefined;
  };
  const casesWith = (more: string[]) => ({
    "batch norm": () => check("batch", ["NC", "NHWC", "NTC", "NCHW", ...more]),
    "layer norm of a whole sample": () => check("layer", ["NC", "NHWC", "NTC", "NCHW", ...more]),
    "layer norm at each position": () => check("token", ["NC", "NTC", "NHWC", "NCHW", ...more]),
    "instance norm": () => check("instance", ["NHWC", "NTC", "NCHW", ...more]),
  });
  return { usual: casesWith([]), hard: casesWith(["NDHWC", "NCT", "NCDHW"]) };
});
