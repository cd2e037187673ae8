/** The mistakes that everyone makes once when standardizing, as formulas, so that a check can recognize them. */
import type { Tensor } from "../tensor";
import { keepDims, sizeOf } from "../tensor/shape";
import { resolveAxes } from "../tensor/validate";
import type { Misconception } from "./diagnose";

/** The parts of x̂ = (x − μ) / √(Σ(x − μ)²/m + ε) that a mistake may replace. */
export interface Slip {
  center?: boolean;
  /** What the sum of squares is divided by, for m values. */
  divisor?: (m: number) => number;
  /** What the centred value is divided by. */
  denominator?: (variance: number, epsilon: number) => number;
}

/** The usual ones. What a learner is told of each is for the exercise to say. */
export const slips: Readonly<
  Record<
    | "sampleVariance"
    | "sumOfSquares"
    | "epsilonOutside"
    | "noEpsilon"
    | "noRoot"
    | "notCentered"
    | "onlyCentered",
    Slip
  >
> = {
  sampleVariance: { divisor: (m) => m - 1 },
  sumOfSquares: { divisor: () => 1 },
  epsilonOutside: { denominator: (variance, epsilon) => Math.sqrt(variance) + epsilon },
  noEpsilon: { denominator: (variance) => Math.sqrt(variance) },
  noRoot: { denominator: (variance, epsilon) => variance + epsilon },
  notCentered: { center: false },
  onlyCentered: { denominator: () => 1 },
};

/** x standardized over `axes`, with one part of the formula replaced. */
export function standardizeBy(
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
  {
    center = true,
    divisor = (m) => m,
    denominator = (variance, eps) => Math.sqrt(variance + eps),
  }: Slip = {},
): Tensor {
  const reduced = resolveAxes("axes", axes, x.rank);
  const m = x.size / sizeOf(keepDims(x.shape, reduced));
  const centered = x.sub(x.mean(reduced, true));
  const variance = centered.square().sum(reduced, true).div(divisor(m));
  return (center ? centered : x).div(variance.map((value) => denominator(value, epsilon)));
}

/** What a mistake may leave out of dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)), or replace. */
export interface GradSlip {
  throughMean?: boolean;
  throughVariance?: boolean;
  /** Sums in the place of the two means. */
  sums?: boolean;
}

/** dx of standardizing over `axes`, with one part of the formula replaced; rstd must broadcast against x̂. */
export function standardizeGradBy(
  dXHat: Tensor,
  { xHat, rstd }: { xHat: Tensor; rstd: Tensor },
  axes: readonly number[],
  { throughMean = true, throughVariance = true, sums = false }: GradSlip = {},
): Tensor {
  const mean = (t: Tensor) => (sums ? t.sum(axes, true) : t.mean(axes, true));
  return dXHat
    .sub(throughMean ? mean(dXHat) : 0)
    .sub(throughVariance ? xHat.mul(mean(dXHat.mul(xHat))) : 0)
    .mul(rstd);
}

/**
 * What x̂ = (x − μ) / √(σ² + ε) becomes by the usual slips; `finish` is what follows it (γ · x̂ + β).
 * ε must be large enough to be seen (0.1), and every reduction must have at least three values.
 */
export function standardizingMistakes(
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
  finish: (xHat: Tensor) => Tensor = (xHat) => xHat,
): Misconception[] {
  const by = (slip: Slip) => () => finish(standardizeBy(x, axes, epsilon, slip));
  return [
    {
      message:
        "you divided by m − 1: the variance inside a normalization is the mean of the squares, divided by m",
      value: by(slips.sampleVariance),
    },
    {
      message: "you added ε outside the root: it is √(σ² + ε), not √σ² + ε",
      value: by(slips.epsilonOutside),
    },
    { message: "you left out ε: divide by √(σ² + ε)", value: by(slips.noEpsilon) },
    {
      message: "you divided by the variance: divide by its root, the standard deviation √(σ² + ε)",
      value: by(slips.noRoot),
    },
    { message: "you did not subtract the mean before dividing", value: by(slips.notCentered) },
    {
      message: "you subtracted the mean but did not divide by √(σ² + ε)",
      value: by(slips.onlyCentered),
    },
    {
      message: "the sum of squares must be divided by m, the number of values, to be a variance",
      value: by(slips.sumOfSquares),
    },
  ];
}
