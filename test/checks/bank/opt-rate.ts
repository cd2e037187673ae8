import type { checks, Tensor } from "normlab";
import type { Bank } from "../bank";

type Rates = checks.EffectiveRates;

const columns = (kernel: Tensor) => kernel.transpose().toArray() as number[][];
const rows = (kernel: Tensor) => kernel.toArray() as number[][];
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const squares = (values: number[]) => sum(values.map((v) => v * v));

export const right: Rates[] = [
  (kernel, rate) => columns(kernel).map((w) => rate / squares(w)),
  (kernel, rate) =>
    kernel
      .square()
      .sum([0])
      .map((square) => rate / square).data,
];

export const wrong: Bank<Rates>["wrong"] = [
  {
    name: "rows",
    message: /took the rows/,
    solution: (kernel, rate) => rows(kernel).map((w) => rate / squares(w)),
  },
  {
    name: "the whole kernel for each unit",
    message: /length of the whole kernel/,
    solution: (kernel, rate) => columns(kernel).map(() => rate / kernel.square().sum().at()),
  },
  {
    name: "the length, not squared",
    message: /divide by its square/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate / Math.hypot(...w)),
  },
  {
    name: "the mean square",
    message: /mean square of the weights/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate / (squares(w) / w.length)),
  },
  {
    name: "the variance",
    message: /this is a variance/,
    solution: (kernel, rate) =>
      columns(kernel).map((w) => {
        const mean = sum(w) / w.length;
        return rate / (squares(w.map((v) => v - mean)) / w.length);
      }),
  },
  {
    name: "absolute values",
    message: /summed absolute values/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate / sum(w.map(Math.abs))),
  },
  {
    name: "the square of the sum",
    message: /squared the sum/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate / sum(w) ** 2),
  },
  {
    name: "times the squared length",
    message: /multiplied by the squared length/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate * squares(w)),
  },
  {
    name: "no learning rate",
    message: /left out the learning rate/,
    solution: (kernel) => columns(kernel).map((w) => 1 / squares(w)),
  },
  {
    name: "(η/‖w‖)²",
    message: /squared the learning rate, too/,
    solution: (kernel, rate) => columns(kernel).map((w) => (rate / Math.hypot(...w)) ** 2),
  },
  {
    name: "upside down",
    message: /upside down/,
    solution: (kernel, rate) => columns(kernel).map((w) => squares(w) / rate),
  },
  {
    name: "the largest weight",
    message: /took the largest weight/,
    solution: (kernel, rate) => columns(kernel).map((w) => rate / Math.max(...w.map(Math.abs)) ** 2),
  },
  // Two mistakes together.
  {
    name: "rows, not squared",
    message: [/took the rows/, /divide by its square/],
    solution: (kernel, rate) => rows(kernel).map((w) => rate / Math.hypot(...w)),
  },
  {
    name: "the whole kernel, no learning rate",
    message: [/length of the whole kernel/, /left out the learning rate/],
    solution: (kernel) => columns(kernel).map(() => 1 / kernel.square().sum().at()),
  },
  {
    name: "rows, times",
    message: [/took the rows/, /multiplied by the squared length/],
    solution: (kernel, rate) => rows(kernel).map((w) => rate * squares(w)),
  },
];
