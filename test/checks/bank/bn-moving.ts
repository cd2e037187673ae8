import { batchNorm, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Update = checks.UpdateMoving;
type Moving = checks.MovingStatistics;

/** The right solution with one step replaced. */
const except =
  (change: {
    average?: (old: Tensor, now: Tensor, momentum: number) => Tensor;
    variance?: (x: Tensor, unbiased: boolean, moving: Moving) => Tensor;
  }): Update =>
  (moving, x, { momentum, unbiased }) => {
    const squares = () =>
      x
        .sub(x.mean([0]))
        .square()
        .sum([0]);
    const variance = change.variance?.(x, unbiased, moving) ?? squares().div(x.shape[0] - (unbiased ? 1 : 0));
    const average = change.average ?? ((old, now, weight) => old.mul(weight).add(now.mul(1 - weight)));
    return {
      movingMean: average(moving.movingMean, x.mean([0]), momentum),
      movingVariance: average(moving.movingVariance, variance, momentum),
    };
  };
const sumOfSquares = (x: Tensor) =>
  x
    .sub(x.mean([0]))
    .square()
    .sum([0]);

export const right: Bank<Update>["right"] = [
  (moving, x, { momentum, unbiased }) => {
    const { movingMean, movingVariance } = batchNorm(x, { ...moving, momentum, unbiasedMoving: unbiased });
    return { movingMean, movingVariance };
  },
  // A step of 1 − momentum towards the new value.
  except({ average: (old, now, momentum) => old.add(now.sub(old).mul(1 - momentum)) }),
];

export const wrong: Bank<Update>["wrong"] = [
  {
    name: "weights swapped",
    message: /updated with the weights swapped/,
    solution: except({ average: (old, now, momentum) => old.mul(1 - momentum).add(now.mul(momentum)) }),
  },
  { name: "replaced", message: /you replaced the old value/, solution: except({ average: (_, now) => now }) },
  { name: "unchanged", message: /returned the old value unchanged/, solution: (moving) => moving },
  {
    name: "without 1 − momentum",
    message: /without the weight 1 − momentum/,
    solution: except({ average: (old, now, momentum) => old.mul(momentum).add(now) }),
  },
  {
    name: "never unbiased",
    message: /this is the biased variance; with `unbiased`/,
    solution: except({ variance: (x) => sumOfSquares(x).div(x.shape[0]) }),
  },
  {
    name: "always unbiased",
    message: /this is the unbiased variance; without `unbiased`/,
    solution: except({ variance: (x) => sumOfSquares(x).div(x.shape[0] - 1) }),
  },
  {
    name: "correction upside down",
    message: /the correction is m\/\(m − 1\), not/,
    solution: except({
      variance: (x, unbiased) => {
        const m = x.shape[0];
        return sumOfSquares(x)
          .div(m)
          .mul(unbiased ? (m - 1) / m : 1);
      },
    }),
  },
  {
    name: "standard deviations",
    message: /you averaged standard deviations/,
    solution: except({
      variance: (x, unbiased) =>
        sumOfSquares(x)
          .div(x.shape[0] - (unbiased ? 1 : 0))
          .sqrt(),
    }),
  },
  {
    name: "variance around the moving mean",
    message: [/you subtracted the moving mean before squaring/, /this is the biased variance/],
    solution: except({ variance: (x, _, { movingMean }) => x.sub(movingMean).square().mean([0]) }),
  },
  {
    name: "writes into the old tensors",
    message: /changed its input `movingMean`/,
    solution: (moving, x, options) => {
      const { movingMean, movingVariance } = except({})(moving, x, options);
      movingMean.data.forEach((value, i) => (moving.movingMean.data[i] = value));
      return { movingMean: moving.movingMean, movingVariance };
    },
  },
  // Two mistakes together.
  {
    name: "weights swapped, never unbiased",
    message: [/the weights swapped/, /this is the biased variance/],
    solution: except({
      average: (old, now, momentum) => old.mul(1 - momentum).add(now.mul(momentum)),
      variance: (x) => sumOfSquares(x).div(x.shape[0]),
    }),
  },
  {
    name: "standard deviations, always unbiased",
    message: [/you averaged standard deviations/, /this is the unbiased variance/],
    solution: except({
      variance: (x) =>
        sumOfSquares(x)
          .div(x.shape[0] - 1)
          .sqrt(),
    }),
  },
  {
    name: "no weight of the new, around the moving mean",
    message: [/without the weight 1 − momentum/, /subtracted the moving mean before squaring/],
    solution: except({
      average: (old, now, momentum) => old.mul(momentum).add(now),
      variance: (x, unbiased, { movingMean }) =>
        x
          .sub(movingMean)
          .square()
          .sum([0])
          .div(x.shape[0] - (unbiased ? 1 : 0)),
    }),
  },
  {
    name: "squares not centered, the flag upside down",
    message: [/mean of the squares for the variance/, /works the wrong way round/],
    solution: except({
      variance: (x, unbiased) =>
        x
          .square()
          .sum([0])
          .div(x.shape[0] - (unbiased ? 0 : 1)),
    }),
  },
];
