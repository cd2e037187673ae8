import { layerNorm, layerNormGrad, layerNormGradSteps, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.LayerNormBackward>;

/** x̂ and 1/√(σ² + ε), the reduced axis kept. */
const standardized = (x: Tensor, epsilon: number) => {
  const { cache } = layerNorm(x, { epsilon });
  return { xHat: cache.xHat, rstd: cache.rstd.reshape([x.shape[0], 1]) };
};

interface Parts {
  axis?: number;
  average?: (t: Tensor, axis: number) => Tensor;
  mean?: boolean;
  variance?: boolean;
  first?: (dy: Tensor, gamma: Tensor) => Tensor;
  last?: (dx: Tensor, gamma: Tensor, rstd: Tensor) => Tensor;
  dGamma?: (dy: Tensor, xHat: Tensor, x: Tensor) => Tensor;
  dBeta?: (dy: Tensor, gamma: Tensor) => Tensor;
}

/** The closed form with one of its parts replaced. */
const backwardBy =
  ({
    axis = 1,
    average = (t, over) => t.mean([over], true),
    mean = true,
    variance = true,
    first = (dy, gamma) => dy.mul(gamma),
    last = (dx, _gamma, rstd) => dx.mul(rstd),
    dGamma = (dy, xHat) => dy.mul(xHat).sum([0]),
    dBeta = (dy) => dy.sum([0]),
  }: Parts): checks.LayerNormBackward =>
  (dy, x, gamma, epsilon) => {
    const { xHat, rstd } = standardized(x, epsilon);
    const d = first(dy, gamma);
    const throughMean = mean ? average(d, axis) : 0;
    const throughVariance = variance ? xHat.mul(average(d.mul(xHat), axis)) : 0;
    return {
      dx: last(d.sub(throughMean).sub(throughVariance), gamma, rstd),
      dGamma: dGamma(dy, xHat, x),
      dBeta: dBeta(dy, gamma),
    };
  };

export const right: Solution["right"] = [
  (dy, x, gamma, epsilon) => {
    const { dx, dGamma, dBeta } = layerNormGradSteps(dy, layerNorm(x, { gamma, epsilon }).cache);
    return { dx, dGamma, dBeta };
  },
  // The Jacobian of each row, element by element.
  (dy, x, gamma, epsilon) => {
    const [n, c] = x.shape;
    const { xHat, rstd } = standardized(x, epsilon);
    const dx = x.map((_, offset) => {
      const [row, j] = [Math.floor(offset / c), offset % c];
      let sum = 0;
      for (let i = 0; i < c; i++) {
        const slope = (i === j ? 1 : 0) - 1 / c - (xHat.at(row, i) * xHat.at(row, j)) / c;
        sum += gamma.at(i) * dy.at(row, i) * slope * rstd.at(row, 0);
      }
      return sum;
    });
    const rows = Array.from({ length: n }, (_, row) => row);
    const perFeature = (f: (row: number, i: number) => number) =>
      gamma.map((_, i) => rows.reduce((sum, row) => sum + f(row, i), 0));
    return {
      dx,
      dGamma: perFeature((row, i) => dy.at(row, i) * xHat.at(row, i)),
      dBeta: perFeature((row, i) => dy.at(row, i)),
    };
  },
  (dy, x, gamma, epsilon) => layerNormGrad(dy, layerNorm(x, { gamma, epsilon }).cache),
];

export const wrong: Solution["wrong"] = [
  {
    name: "statistics as constants",
    message: [/ignores the gradient through the mean/, /ignores the gradient through the variance/],
    solution: backwardBy({ mean: false, variance: false }),
  },
  {
    name: "nothing through the variance",
    message: /ignores the gradient through the variance/,
    solution: backwardBy({ variance: false }),
  },
  {
    name: "nothing through the mean",
    message: /ignores the gradient through the mean/,
    solution: backwardBy({ mean: false }),
  },
  { name: "no γ in dx", message: /γ is missing from dx/, solution: backwardBy({ first: (dy) => dy }) },
  {
    name: "γ at the end",
    message: /γ belongs inside the means/,
    solution: backwardBy({ first: (dy) => dy, last: (dx, gamma, rstd) => dx.mul(rstd).mul(gamma) }),
  },
  {
    name: "means over the batch",
    message: /over the batch: that is batch norm's backward/,
    solution: backwardBy({ axis: 0 }),
  },
  {
    name: "sums instead of means",
    message: /you subtracted sums/,
    solution: backwardBy({ average: (t, axis) => t.sum([axis], true) }),
  },
  { name: "no rstd", message: /lacks the factor rstd/, solution: backwardBy({ last: (dx) => dx }) },
  {
    name: "dγ over the features",
    message: /dGamma is summed over the features/,
    solution: backwardBy({ dGamma: (dy, xHat) => dy.mul(xHat).sum([1]) }),
  },
  {
    name: "dγ averaged",
    message: /dγ is the sum of dy·x̂, not the mean/,
    solution: backwardBy({ dGamma: (dy, xHat) => dy.mul(xHat).mean([0]) }),
  },
  {
    name: "dγ with x",
    message: /dγ needs x̂, not x/,
    solution: backwardBy({ dGamma: (dy, _xHat, x) => dy.mul(x).sum([0]) }),
  },
  {
    name: "dγ with γ",
    message: /γ is no part of its own gradient/,
    solution: (dy, x, gamma, epsilon) => ({
      ...right[0](dy, x, gamma, epsilon),
      dGamma: dy.mul(gamma).mul(standardized(x, epsilon).xHat).sum([0]),
    }),
  },
  {
    name: "dγ not summed",
    message: /dGamma is not summed yet/,
    solution: backwardBy({ dGamma: (dy, xHat) => dy.mul(xHat) }),
  },
  {
    name: "dβ averaged",
    message: /dβ is the sum of dy, not the mean/,
    solution: backwardBy({ dBeta: (dy) => dy.mean([0]) }),
  },
  {
    name: "dβ not summed",
    message: /dBeta is not summed yet/,
    solution: backwardBy({ dBeta: (dy) => dy }),
  },
  {
    name: "dβ over the features",
    message: /dBeta is summed over the features/,
    solution: backwardBy({ dBeta: (dy) => dy.sum([1]) }),
  },
  {
    name: "dβ with γ",
    message: /γ is no part of β's gradient/,
    solution: backwardBy({ dBeta: (dy, gamma) => dy.mul(gamma).sum([0]) }),
  },
  {
    name: "dx alone",
    message: /is an|no `dx`/,
    solution: ((dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number) =>
      backwardBy({})(dy, x, gamma, epsilon).dx) as never,
  },
  // Two mistakes together.
  {
    name: "γ at the end, no rstd",
    message: [/γ belongs inside the means/, /lacks the factor rstd/],
    solution: backwardBy({ first: (dy) => dy, last: (dx, gamma) => dx.mul(gamma) }),
  },
  {
    name: "over the batch, sums",
    message: [/that is batch norm\'s backward/, /you subtracted sums/],
    solution: backwardBy({ axis: 0, average: (t, axis) => t.sum([axis], true) }),
  },
  {
    name: "no variance, dγ with x",
    message: [/ignores the gradient through the variance/, /needs x̂, not x/],
    solution: backwardBy({ variance: false, dGamma: (dy, _xHat, x) => dy.mul(x).sum([0]) }),
  },
  {
    name: "dγ averaged, dβ over the features",
    message: [/dγ is the sum of dy·x̂/, /dBeta is summed over the features/],
    solution: backwardBy({ dGamma: (dy, xHat) => dy.mul(xHat).mean([0]), dBeta: (dy) => dy.sum([1]) }),
  },
];
