import { groupNorm, groupNormGrad, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.GroupNormBackward>;

interface Parts {
  /** The axes of the two means, in x with its channels split, of this rank before. */
  means?: (rank: number) => number[];
  reduce?: "mean" | "sum";
  first?: (dy: Tensor, gamma: Tensor) => Tensor;
  /** The bracket: dx̂, its mean, and x̂ times the mean of dx̂·x̂. */
  bracket?: (d: Tensor, mean: Tensor, along: Tensor) => Tensor;
  last?: (dx: Tensor, rstd: Tensor) => Tensor;
  dGamma?: (dy: Tensor, xHat: Tensor, gamma: Tensor, axes: number[]) => Tensor;
  dBeta?: (dy: Tensor, xHat: Tensor, gamma: Tensor, axes: number[]) => Tensor;
}

const spaceOf = (rank: number) => Array.from({ length: rank - 2 }, (_, i) => i + 1);

/** The closed form with one of its parts replaced. */
const backwardBy =
  ({
    means = (rank) => [...spaceOf(rank), rank],
    reduce = "mean",
    first = (dy, gamma) => dy.mul(gamma),
    bracket = (d, mean, along) => d.sub(mean).sub(along),
    last = (dx, rstd) => dx.mul(rstd),
    dGamma = (dy, xHat, _gamma, axes) => dy.mul(xHat).sum(axes),
    dBeta = (dy, _xHat, _gamma, axes) => dy.sum(axes),
  }: Parts): checks.GroupNormBackward =>
  (dy, x, gamma, groups, epsilon) => {
    const split = (t: Tensor) => t.reshape([...x.shape.slice(0, -1), groups, gamma.size / groups]);
    const over = [...spaceOf(x.rank), x.rank];
    const centred = split(x).sub(split(x).mean(over, true));
    const rstd = centred
      .square()
      .mean(over, true)
      .add(epsilon)
      .map((value) => 1 / Math.sqrt(value));
    const xHat = centred.mul(rstd);
    const d = split(first(dy, gamma));
    const average = (t: Tensor) => t[reduce](means(x.rank), true);
    const dx = last(bracket(d, average(d), xHat.mul(average(d.mul(xHat)))), rstd).reshape(x.shape);
    const flat = xHat.reshape(x.shape);
    const shared = [0, ...spaceOf(x.rank)];
    return { dx, dGamma: dGamma(dy, flat, gamma, shared), dBeta: dBeta(dy, flat, gamma, shared) };
  };

export const right: Solution["right"] = [
  backwardBy({}),
  (dy, x, gamma, groups, epsilon) => groupNormGrad(dy, groupNorm(x, { gamma, groups, epsilon }).cache),
];

export const wrong: Solution["wrong"] = [
  {
    name: "no mean term",
    message: /ignores the gradient through the mean/,
    solution: backwardBy({ bracket: (d, _mean, along) => d.sub(along) }),
  },
  {
    name: "no variance term",
    message: /ignores the gradient through the variance/,
    solution: backwardBy({ bracket: (d, mean) => d.sub(mean) }),
  },
  {
    name: "sums",
    message: /subtracted sums where the formula has means/,
    solution: backwardBy({ reduce: "sum" }),
  },
  {
    name: "no γ in dx",
    message: /γ is missing from dx/,
    solution: backwardBy({ first: (dy) => dy }),
  },
  {
    name: "γ outside, as in batch norm",
    message: /γ belongs inside the means/,
    solution: (dy, x, gamma, groups, epsilon) => {
      const { dx, ...others } = backwardBy({ first: (t) => t })(dy, x, gamma, groups, epsilon);
      return { ...others, dx: dx.mul(gamma) };
    },
  },
  {
    name: "means as in instance norm",
    message: /all channels of the group, too/,
    solution: backwardBy({ means: spaceOf }),
  },
  {
    name: "means as in layer norm",
    message: /one group, not the whole sample/,
    solution: backwardBy({ means: (rank) => [...spaceOf(rank), rank - 1, rank] }),
  },
  {
    name: "means over the batch",
    message: /one sample's group, not the batch/,
    solution: backwardBy({ means: (rank) => [0, ...spaceOf(rank), rank] }),
  },
  {
    name: "no rstd",
    message: /lacks the factor rstd/,
    solution: backwardBy({ last: (dx) => dx }),
  },
  {
    name: "rstd squared",
    message: /rstd is in your dx twice/,
    solution: backwardBy({ last: (dx, rstd) => dx.mul(rstd).mul(rstd) }),
  },
  {
    name: "parameters per sample",
    message: /shared by all samples: sum over the batch/,
    solution: backwardBy({
      dGamma: (dy, xHat, _gamma, axes) => dy.mul(xHat).sum(axes.slice(1)),
      dBeta: (dy, _xHat, _gamma, axes) => dy.sum(axes.slice(1)),
    }),
  },
  {
    name: "mean for dGamma",
    message: /dγ is the sum of dy·x̂, not the mean/,
    solution: backwardBy({ dGamma: (dy, xHat, _gamma, axes) => dy.mul(xHat).mean(axes) }),
  },
  {
    name: "γ in dBeta",
    message: /γ is no part of β's gradient/,
    solution: backwardBy({ dBeta: (dy, _xHat, gamma, axes) => dy.mul(gamma).sum(axes) }),
  },
  {
    name: "sums, and the parameters exchanged",
    message: [/subtracted sums where/, /dγ and dβ are exchanged/],
    solution: backwardBy({
      reduce: "sum",
      dGamma: (dy, _xHat, _gamma, axes) => dy.sum(axes),
      dBeta: (dy, xHat, _gamma, axes) => dy.mul(xHat).sum(axes),
    }),
  },
  {
    name: "no mean term, no rstd",
    message: [/ignores the gradient through the mean/, /lacks the factor rstd/],
    solution: backwardBy({ bracket: (d, _mean, along) => d.sub(along), last: (dx) => dx }),
  },
  {
    name: "means as in instance norm, dGamma averaged",
    message: [/all channels of the group, too/, /dγ is the sum of dy·x̂, not the mean/],
    solution: backwardBy({
      means: spaceOf,
      dGamma: (dy, xHat, _gamma, axes) => dy.mul(xHat).mean(axes),
    }),
  },
];
