/** The one core: every normalization here is a choice of the axes over which to standardize. */
import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { finiteTensor, firstNotFinite } from "../tensor/finite";
import { keepDims, sizeOf } from "../tensor/shape";
import {
  checkAxes,
  checkBoolean,
  checkOptions,
  checkPositive,
  checkSameShape,
  type OptionChecks,
  refuse,
  resolveAxes,
} from "../tensor/validate";

export interface StandardizeOptions {
  /** The reduced axes: those over which mean and variance are taken. Negative ones count from the end. */
  axes: readonly number[];
  /** false: the mean is taken to be 0, and the variance is the mean square (RMSNorm). */
  center?: boolean;
  /** Added to the variance, inside the root. */
  epsilon: number;
}

const standardizeOptions: OptionChecks<StandardizeOptions> = {
  axes: checkAxes,
  center: checkBoolean,
  epsilon: { required: checkPositive },
};

export interface Standardized {
  /** (x − mean) · rstd, of x's shape */
  xHat: Tensor;
  /** Σx / m over `axes`, which are dropped from the shape; 0 without centring */
  mean: Tensor;
  /** Σ(x − mean)² / m over `axes` (biased: divided by m, not by m − 1) */
  variance: Tensor;
  /** 1 / √(variance + ε) */
  rstd: Tensor;
}

/**
 * x̂ = (x − μ) / √(σ² + ε),  μ = Σx / m,  σ² = Σ(x − μ)² / m,  m elements over `axes`.
 *
 * x has any shape; x̂ has it too; μ, σ² and rstd = 1/√(σ² + ε) have x's shape without `axes`.
 * Refuses empty axes, axes out of range or twice, a reduction of no elements, ε ≤ 0, NaN and infinity in x, and
 * numbers so large that their squares overflow.
 *
 *     standardize([[3, 1, 2], [4, 5, 6]], { axes: [0], epsilon: 1e-3 })   // batch norm: per column
 *     standardize([[3, 1, 2], [4, 5, 6]], { axes: [1], epsilon: 1e-3 })   // layer norm: per row
 */
export function standardize(x: TensorLike, options: StandardizeOptions): Standardized {
  checkOptions("standardize", options, standardizeOptions);
  return standardizeFor("standardize", finiteTensor("standardize: x", x), options);
}

/** The same for the method named `of`, which has looked at x and at the options. */
export function standardizeFor(of: string, x: Tensor, options: StandardizeOptions): Standardized {
  const result = standardizeOver(x, options);
  checkVariance(of, result.variance);
  return result;
}

/**
 * The same without looking at the numbers: in a training that diverges NaN and infinity must be seen, not refused.
 */
export function standardizeOver(
  x: Tensor,
  { axes, center = true, epsilon }: StandardizeOptions,
): Standardized {
  const { mean, variance, centered } = moments(x, axes, center);
  const rstd = reciprocalRoot(variance, epsilon);
  const xHat = centered.mul(withAxes(rstd, x, axes));
  return { xHat, mean, variance, rstd };
}

/** Refuses the variance of finite numbers that is not finite: x̂ would be 0 without a word. */
export function checkVariance(of: string, variance: Tensor): void {
  const wrong = firstNotFinite(variance.data);
  if (wrong < 0) return;
  const must = "finite: the squares of numbers beyond 10¹⁵⁴ are more than a float64 can hold";
  refuse(`${of}: a variance of x`, variance.data[wrong], must);
}

/**
 * dx = rstd · (dx̂ − [mean(dx̂)] − x̂ · mean(dx̂ · x̂)), the means over `axes`;
 * the one in brackets only with centring. The last two terms are what flows through μ and σ².
 */
export function standardizeGrad(
  dXHat: TensorLike,
  forward: { xHat: Tensor; rstd: Tensor; axes: readonly number[]; center?: boolean },
): Tensor {
  if (typeof forward !== "object" || forward === null) {
    refuse("standardizeGrad: forward", forward, "{ xHat, rstd, axes }, as standardize gave them");
  }
  for (const name of ["xHat", "rstd"] as const) asTensor(`standardizeGrad: ${name}`, forward[name]);
  return standardizeGradOver(finiteTensor("standardizeGrad: dXHat", dXHat), forward);
}

/** The same without looking at the numbers, as with {@link standardizeOver}. */
export function standardizeGradOver(
  upstream: Tensor,
  {
    xHat,
    rstd,
    axes,
    center = true,
  }: { xHat: Tensor; rstd: Tensor; axes: readonly number[]; center?: boolean },
): Tensor {
  checkSameShape("dXHat", upstream, xHat.shape, "the shape of xHat");
  const throughVariance = xHat.mul(upstream.mul(xHat).mean(axes, true));
  const throughMean = center ? upstream.mean(axes, true) : 0;
  return upstream
    .sub(throughMean)
    .sub(throughVariance)
    .mul(withAxes(rstd, xHat, axes));
}

/**
 * Mean and biased variance over `axes`, and x − mean, in two passes.
 *
 * The mean of many large numbers is itself rounded; the mean of what is left after subtracting it
 * says by how much, and is subtracted too. So the digits stay right at mean 10⁴, σ 0.01,
 * where E[x²] − E[x]² loses them all.
 */
export function moments(
  x: Tensor,
  axes: readonly number[],
  center = true,
): { mean: Tensor; variance: Tensor; centered: Tensor } {
  const reduced = checkReduction(x, axes);
  const first = center ? x.mean(reduced, true) : x.mean(reduced, true).mul(0);
  const rough = x.sub(first);
  const correction = center ? rough.mean(reduced, true) : first;
  const centered = rough.sub(correction);
  const variance = centered.square().mean(reduced);
  return { mean: first.add(correction).reshape(variance.shape), variance, centered };
}

/** 1 / √(variance + ε) */
export function reciprocalRoot(variance: Tensor, epsilon: number): Tensor {
  return variance.map((value) => 1 / Math.sqrt(value + epsilon));
}

/** A statistic that has lost `axes`, with these as axes of length 1: it broadcasts against x again. */
export function withAxes(statistic: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  return statistic.reshape(keepDims(x.shape, resolveAxes("axes", axes, x.rank)));
}

/** The axes to reduce: at least one, with at least one element to take a mean of. */
function checkReduction(x: Tensor, axes: readonly number[]): number[] {
  const reduced = resolveAxes("axes", axes, x.rank);
  if (reduced.length === 0) refuse("axes", axes, "a list of at least one axis to reduce");
  if (sizeOf(reduced.map((axis) => x.shape[axis])) === 0) {
    refuse("x", x, "of a shape with at least one element along the reduced axes");
  }
  return reduced;
}
