import { groupNorm, standardize, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.StandardizeGroups>;

const grouped = (x: Tensor, groups: number) => {
  const [n, h, w, c] = x.shape;
  return x.reshape([n, h, w, groups, c / groups]);
};
const over =
  (axes: number[]): checks.StandardizeGroups =>
  (x, groups, epsilon) =>
    standardize(grouped(x, groups), { axes, epsilon }).xHat.reshape(x.shape);

/** The groups by hand, with the mean and variance by a rule of their own. */
const byHand =
  (
    divisor: (m: number) => number,
    denominator: (variance: number, epsilon: number) => number,
    numerator = (_x: Tensor, centered: Tensor) => centered,
  ) =>
  (x: Tensor, groups: number, epsilon: number): Tensor => {
    const g = grouped(x, groups);
    const centered = g.sub(g.mean([1, 2, 4], true));
    const m = x.shape[1] * x.shape[2] * (x.shape[3] / groups);
    const variance = centered.square().sum([1, 2, 4], true).div(divisor(m));
    return numerator(g, centered)
      .div(variance.map((v) => denominator(v, epsilon)))
      .reshape(x.shape);
  };

export const right: Solution["right"] = [
  byHand(
    (m) => m,
    (variance, epsilon) => Math.sqrt(variance + epsilon),
  ),
  // Group by group, straight from the data.
  (x, groups, epsilon) => {
    const [n, h, w, c] = x.shape;
    const size = c / groups;
    const key = (offset: number) => {
      const image = Math.floor(offset / (h * w * c));
      return image * groups + Math.floor((offset % c) / size);
    };
    const values = Array.from({ length: n * groups }, () => [] as number[]);
    x.data.forEach((value, i) => values[key(i)].push(value));
    const statistics = values.map((group) => {
      const mean = group.reduce((a, b) => a + b, 0) / group.length;
      const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / group.length;
      return { mean, rstd: 1 / Math.sqrt(variance + epsilon) };
    });
    return x.map((value, i) => (value - statistics[key(i)].mean) * statistics[key(i)].rstd);
  },
  (x, groups, epsilon) => groupNorm(x, { groups, epsilon }).y,
];

export const wrong: Solution["wrong"] = [
  { name: "over the batch, too", message: /averaged over the batch too/, solution: over([0, 1, 2, 4]) },
  { name: "without the pixels", message: /the pixels \(H and W\) belong to the group/, solution: over([4]) },
  {
    name: "over the groups",
    message: /averaged over the groups instead of the channels in a group/,
    solution: over([1, 2, 3]),
  },
  {
    name: "over everything of an image",
    message: /layer norm over the whole image/,
    solution: over([1, 2, 3, 4]),
  },
  { name: "each channel by itself", message: /this is instance norm/, solution: over([1, 2]) },
  {
    name: "interleaved channels",
    message: /must be neighbours: split C into \(groups, C \/ groups\)/,
    solution: (x, groups, epsilon) => {
      const [n, h, w, c] = x.shape;
      const split = x.reshape([n, h, w, c / groups, groups]);
      return standardize(split, { axes: [1, 2, 3], epsilon }).xHat.reshape(x.shape);
    },
  },
  {
    name: "groups of `groups` channels",
    message: /`groups` is the number of groups/,
    solution: (x, groups, epsilon) => over([1, 2, 4])(x, x.shape[3] / groups, epsilon),
  },
  {
    name: "not reshaped back",
    message: /give them x's shape/,
    solution: (x, groups, epsilon) => standardize(grouped(x, groups), { axes: [1, 2, 4], epsilon }).xHat,
  },
  {
    name: "divided by m − 1",
    message: /divided by m − 1/,
    solution: byHand(
      (m) => m - 1,
      (variance, epsilon) => Math.sqrt(variance + epsilon),
    ),
  },
  {
    name: "divided by the variance",
    message: /divided by the variance/,
    solution: byHand(
      (m) => m,
      (variance, epsilon) => variance + epsilon,
    ),
  },
  {
    name: "the sum of squares for the variance",
    message: /sum of squares must be divided by m/,
    solution: byHand(
      () => 1,
      (variance, epsilon) => Math.sqrt(variance + epsilon),
    ),
  },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: byHand(
      (m) => m,
      (variance, epsilon) => Math.sqrt(variance) + epsilon,
    ),
  },
  {
    name: "no ε",
    message: /ε is missing/,
    solution: byHand((m) => m, Math.sqrt),
  },
  {
    name: "mean not subtracted",
    message: /did not subtract the mean/,
    solution: byHand(
      (m) => m,
      (variance, epsilon) => Math.sqrt(variance + epsilon),
      (x) => x,
    ),
  },
  {
    name: "only centered",
    message: /only subtracted the mean/,
    solution: (x, groups) => {
      const g = grouped(x, groups);
      return g.sub(g.mean([1, 2, 4], true)).reshape(x.shape);
    },
  },
  // Two mistakes together.
  {
    name: "m − 1, ε outside the root",
    message: [/you divided by m − 1/, /ε stands outside the root/],
    solution: byHand(
      (m) => m - 1,
      (variance, epsilon) => Math.sqrt(variance) + epsilon,
    ),
  },
  {
    name: "no root, mean not subtracted",
    message: [/divided by the variance.*divide by its root/, /did not subtract the mean/],
    solution: byHand(
      (m) => m,
      (variance, epsilon) => variance + epsilon,
      (x) => x,
    ),
  },
  {
    name: "each channel by itself, over the batch, not reshaped",
    message: [/this is batch norm/, /give them x\'s shape/],
    solution: (x, groups, epsilon) => standardize(grouped(x, groups), { axes: [0, 1, 2], epsilon }).xHat,
  },
  {
    name: "groups of `groups` channels, over the pixels alone",
    message: [/is the number of groups/, /one of the two axes/],
    solution: (x, groups, epsilon) => over([2, 4])(x, x.shape[3] / groups, epsilon),
  },
];
