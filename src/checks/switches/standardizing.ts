/** Standardizing, (x − μ) / √(σ² + ε), with the mistakes that everyone makes once: for every forward pass. */
import type { Tensor } from "../../tensor";
import { keepDims, sizeOf } from "../../tensor/shape";
import { resolveAxes } from "../../tensor/validate";
import type { On } from "../formula";

const own = "you took an ε of your own: use the `epsilon` that is handed in";
type OwnEpsilon = `epsilonIs1e${3 | 5 | 6 | 7 | 8}`;
const ownEpsilons: Record<OwnEpsilon, string> = {
  epsilonIs1e3: own,
  epsilonIs1e5: own,
  epsilonIs1e6: own,
  epsilonIs1e7: own,
  epsilonIs1e8: own,
};

const misplacedEpsilon = {
  noEpsilon:
    "ε is missing (or a tiny one of your own): it is added under the root, so that a constant input doesn't divide by 0",
  epsilonOutside: "ε stands outside the root: it is added under it, √(σ² + ε), not √σ² + ε",
  epsilonTwice: "ε is added twice; once is enough, under the root",
  epsilonSquared: "you squared ε: it is added under the root as it is",
  epsilonSubtracted: "you subtracted ε: it is added under the root",
} as const;

/** Mistakes with ε, wherever something is divided by a root. */
export const epsilonSwitches: typeof misplacedEpsilon & typeof ownEpsilons = {
  ...misplacedEpsilon,
  ...ownEpsilons,
};

/** The power of ten in the switch's name. */
const ownEpsilon = (on: On<OwnEpsilon>): number | undefined => {
  const id = (Object.keys(ownEpsilons) as OwnEpsilon[]).find((each) => on(each));
  return id && Number(`1e-${id.slice("epsilonIs1e".length)}`);
};

/** Mistakes with the root and the division. */
export const rootSwitches = {
  noRoot: "you divided by the variance (the mean square); divide by its root",
  rootTwice: "you took the root twice; once is enough",
  varianceSquared: "you squared the variance, which is a square already",
  multiplied: "you multiplied by the standard deviation; divide by it",
} as const;

export type RootSwitch = keyof typeof epsilonSwitches | keyof typeof rootSwitches;

/** What to divide by for a variance: √(σ² + ε). */
export function rootOf(variance: Tensor, epsilon: number, on: On<RootSwitch>): Tensor {
  const handedIn = ownEpsilon(on) ?? epsilon;
  const eps = (on("epsilonSubtracted") ? -1 : 1) * (on("epsilonSquared") ? handedIn ** 2 : handedIn);
  const v = on("varianceSquared") ? variance.square() : variance;
  const root = (t: Tensor) => (on("noRoot") ? t : on("rootTwice") ? t.sqrt().sqrt() : t.sqrt());
  const divisor = on("noEpsilon")
    ? root(v)
    : on("epsilonOutside")
      ? root(v).add(eps)
      : root(v.add(on("epsilonTwice") ? 2 * eps : eps));
  return on("multiplied") ? divisor.map((value) => 1 / value) : divisor;
}

/** Mistakes with the mean and the variance. */
export const statisticsSwitches = {
  sampleVariance: "you divided by m − 1: the variance inside a normalization is the biased one, Σ(x − μ)²/m",
  sumOfSquares: "the sum of squares must be divided by m, the number of values, to be a variance",
  uncentredVariance:
    "you took the mean of the squares for the variance; subtract the mean before squaring: σ² is mean((x − μ)²)",
  absoluteDeviation: "you averaged absolute deviations; the variance is the mean of squared ones",
  absoluteUnderRoot: "you averaged absolute deviations; the variance is the mean of squared ones",
  otherCount:
    "you divided by the length of another axis; divide by the number of values that are taken together",
  squareOfMean: "you squared the mean (of the deviations) where the mean of the squares is asked for",
  deviationForVariance: "you took the standard deviation for the variance, which is its square",
  sumForMean: "you took the sum for the mean: divide it by m, the number of values",
  median: "you took the median for the mean",
} as const;

/** Mistakes in what is divided. */
export const numeratorSwitches = {
  notCentred: "you did not subtract the mean before dividing",
  rms: "you never subtracted the mean, nor in the variance: this is RMSNorm",
  meanAdded: "you added the mean; subtract it",
  onlyCentred: "you only subtracted the mean; divide by √(σ² + ε), too",
  minMax: "you scaled by the smallest and the largest value; divide what is left of the mean by √(σ² + ε)",
} as const;

export const standardizingSwitches: typeof statisticsSwitches &
  typeof epsilonSwitches &
  typeof rootSwitches &
  typeof numeratorSwitches = {
  ...statisticsSwitches,
  ...epsilonSwitches,
  ...rootSwitches,
  ...numeratorSwitches,
};
export type StandardizingSwitch = keyof typeof standardizingSwitches;

/** The axes, where mean and variance are not taken over the same ones, each by itself. */
export type Axes = readonly number[] | { mean: readonly number[]; variance: readonly number[] };

/** x standardized over `axes`; mean and variance with the reduced axes kept. */
export function standardizeWith(
  x: Tensor,
  axes: Axes,
  epsilon: number,
  on: On<StandardizingSwitch>,
): { xHat: Tensor; mean: Tensor; variance: Tensor; root: Tensor } {
  const over = "mean" in axes ? axes : { mean: axes, variance: axes };
  const mean = meanWith(x, over.mean, on);
  const around = over.mean === over.variance ? mean : meanWith(x, over.variance, on);
  const ofSquares: On<StatisticsSwitch> = (id) => on(id) || (id === "uncentredVariance" && on("rms"));
  const variance = varianceWith(x, around, over.variance, ofSquares);
  // Who averages absolute deviations takes no root, and so has no inside for ε.
  const root = on("absoluteDeviation")
    ? variance.add(on("noEpsilon") ? 0 : epsilon)
    : rootOf(variance, epsilon, on);
  if (on("minMax")) {
    const low = extreme(x, over.mean, Math.min);
    return {
      xHat: x.sub(low).div(extreme(x, over.mean, Math.max).sub(low).add(epsilon)),
      mean,
      variance,
      root,
    };
  }
  const isRaw = on("notCentred") || on("rms");
  const numerator = isRaw ? x : on("meanAdded") ? x.add(mean) : x.sub(mean);
  return { xHat: on("onlyCentred") ? numerator : numerator.div(root), mean, variance, root };
}

type StatisticsSwitch = keyof typeof statisticsSwitches;

export function meanWith(x: Tensor, axes: readonly number[], on: On<StatisticsSwitch>): Tensor {
  if (on("median")) return extreme(x, axes, middle);
  return x.sum(axes, true).div(on("sumForMean") ? 1 : countWith(x, axes, on));
}

/** The variance around a mean that has its reduced axes kept. */
export function varianceWith(
  x: Tensor,
  mean: Tensor,
  axes: readonly number[],
  on: On<StatisticsSwitch>,
): Tensor {
  const deviation = on("uncentredVariance") ? x : x.sub(mean);
  if (on("squareOfMean")) return deviation.mean(axes, true).square();
  const squares = on("absoluteDeviation") || on("absoluteUnderRoot") ? deviation.abs() : deviation.square();
  const m = countWith(x, axes, on);
  const variance = squares.sum(axes, true).div(on("sumOfSquares") ? 1 : on("sampleVariance") ? m - 1 : m);
  return on("deviationForVariance") ? variance.sqrt() : variance;
}

function countWith(x: Tensor, axes: readonly number[], on: On<StatisticsSwitch>): number {
  const count = countOf(x, axes);
  return on("otherCount") ? x.size / count : count;
}

/** How many values a reduction over `axes` takes together. */
export const countOf = (x: Tensor, axes: readonly number[]): number =>
  x.size / sizeOf(keepDims(x.shape, resolveAxes("axes", axes, x.rank)));

function middle(...values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** f of all values that are taken together, with the reduced axes kept. */
function extreme(x: Tensor, axes: readonly number[], f: (...values: number[]) => number): Tensor {
  const shape = keepDims(x.shape, resolveAxes("axes", axes, x.rank));
  const groups = Array.from({ length: sizeOf(shape) }, (): number[] => []);
  // The number of the group that a place belongs to: its place among those kept.
  const numbers = x.map((_, i) => groupNumber(i, x.shape, shape));
  x.data.forEach((value, i) => groups[numbers.data[i]].push(value));
  return x.sum(axes, true).map((_, i) => f(...groups[i]));
}

function groupNumber(offset: number, shape: readonly number[], kept: readonly number[]): number {
  let [rest, stride, number] = [offset, 1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const place = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
    if (kept[axis] !== 1) number += place * stride;
    stride *= kept[axis];
  }
  return number;
}
