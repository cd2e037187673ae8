import { tensor, type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.CenterRows>;

export const right: Solution["right"] = [
  (x) => {
    const c = x.shape[x.rank - 1];
    return x.map((value, i) => {
      const start = i - (i % c);
      return value - x.data.slice(start, start + c).reduce((a, b) => a + b, 0) / c;
    });
  },
  (x) =>
    x.sub(
      x
        .sum([x.rank - 1])
        .div(x.shape[x.rank - 1])
        .reshape([...x.shape.slice(0, -1), 1]),
    ),
];

export const wrong: Solution["wrong"] = [
  {
    name: "axis dropped",
    message: /dropped along the wrong axis/,
    solution: (x) => x.sub(x.mean([-1])),
  },
  {
    name: "axis 0",
    message: /averaged down the columns/,
    solution: (x) => x.sub(x.mean([0], true)),
  },
  { name: "one mean", message: /one mean of the whole tensor/, solution: (x) => x.sub(x.mean()) },
  {
    name: "the sum",
    message: /the sum of the row instead of its mean/,
    solution: (x) => x.sub(x.sum([-1], true)),
  },
  { name: "only the means", message: /these are the means/, solution: (x) => x.mean([-1], true) },
  {
    name: "also divided",
    message: /also divided by the standard deviation/,
    solution: (x) => {
      const centered = x.sub(x.mean([-1], true));
      return centered.div(centered.square().mean([-1], true).add(1e-3).sqrt());
    },
  },
  {
    name: "axis 1 instead of the last",
    message: /the last axis is −1, whatever the rank/,
    solution: (x) => x.sub(x.mean([1], true)),
  },
  {
    name: "wrong sign",
    message: /the sign is wrong/,
    solution: (x) => x.mean([-1], true).sub(x),
  },
  {
    name: "flattened",
    message: /shape \[16\]; it must be a tensor of shape \[4, 4\]/,
    solution: (x) => tensor(x.sub(x.mean([-1], true)).data),
  },
  // Two mistakes together.
  {
    name: "the sum down the columns",
    message: [/down the columns/, /the sum of the row/],
    solution: (x) => x.sub(x.sum([0], true)),
  },
  {
    name: "the columns, added",
    message: [/down the columns/, /you added the mean/],
    solution: (x) => x.mean([0], true).add(x),
  },
  {
    name: "one mean, wrong sign",
    message: [/one mean of the whole tensor/, /the sign is wrong/],
    solution: (x) => x.sub(x.mean()).neg(),
  },
  {
    name: "the sum, dropped",
    message: [/dropped along the wrong axis/, /the sum of the row/],
    solution: (x) => x.sub(x.sum([x.rank - 1])),
  },
];
