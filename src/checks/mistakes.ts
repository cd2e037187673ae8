/** The mistakes that everyone makes once when standardizing, as formulas, so that a check can recognize them. */
import { type Tensor } from "../tensor";
import { keepDims } from "../tensor/shape";
import { resolveAxes } from "../tensor/validate";
import { type Misconception } from "./diagnose";

interface Variant {
  center?: boolean;
  /** What the sum of squares is divided by, for m values. */
  divisor?: (m: number) => number;
  /** What the centred value is divided by. */
  denominator?: (variance: number, epsilon: number) => number;
}

/** x standardized over `axes`, with one part of the formula replaced. */
export function standardizeBy(
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
  {
    center = true,
    divisor = (m) => m,
    denominator = (variance, eps) => Math.sqrt(variance + eps),
  }: Variant = {},
): Tensor {
  const reduced = resolveAxes("axes", axes, x.rank);
  const m = x.size / keepDims(x.shape, reduced).reduce((a, b) => a * b, 1);
  const centered = x.sub(x.mean(reduced, true));
  const variance = centered.square().sum(reduced, true).div(divisor(m));
  return (center ? centered : x).div(variance.map((value) => denominator(value, epsilon)));
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
  const wrong = (message: string, variant: Variant): Misconception => ({
    message,
    value: () => finish(standardizeBy(x, axes, epsilon, variant)),
  });
  return [
    wrong(
      "you divided by n − 1: the variance inside a normalization is the mean of the squares, divided by n",
      {
        divisor: (m) => m - 1,
      },
    ),
    wrong("you added ε outside the root: it is √(σ² + ε), not √σ² + ε", {
      denominator: (variance, eps) => Math.sqrt(variance) + eps,
    }),
    wrong("you left out ε: divide by √(σ² + ε)", { denominator: (variance) => Math.sqrt(variance) }),
    wrong("you divided by the variance: divide by its root, the standard deviation √(σ² + ε)", {
      denominator: (variance, eps) => variance + eps,
    }),
    wrong("you did not subtract the mean before dividing", { center: false }),
    wrong("you subtracted the mean but did not divide by √(σ² + ε)", { denominator: () => 1 }),
    wrong("the sum of squares must be divided by n, the number of values, to be a variance", {
      divisor: () => 1,
    }),
  ];
}
