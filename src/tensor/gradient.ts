/** Derivatives by finite differences: slow, simple, and the judge of every backward here. */
import { indexOf } from "./shape";
import { asTensor, Tensor, type TensorLike } from "./tensor";
import { checkOptions, checkPositive, checkSameShape, refuse } from "./validate";

export interface NumericalGradientOptions {
  /** Step in units of max(1, |x|); default 1e-3, which balances truncation and rounding. */
  step?: number;
}

/**
 * ∂f/∂xᵢ ≈ (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h, for every element xᵢ.
 *
 * The five-point formula: its error is h⁴·|f⁽⁵⁾|/30 where the two-point one's is h²·|f⁽³⁾|/6,
 * so about 12 digits are right instead of 9.
 */
export function numericalGradient(
  f: (x: Tensor) => number,
  x: TensorLike,
  options: NumericalGradientOptions = {},
): Tensor {
  checkOptions<NumericalGradientOptions>("numericalGradient", options, { step: checkPositive });
  const { step = 1e-3 } = options;
  const point = asTensor("x", x);
  return point.map((value, i) => {
    const h = step * Math.max(1, Math.abs(value));
    const at = (moved: number): number => {
      const data = point.data.slice();
      data[i] = moved;
      const result = f(new Tensor(point.shape, data));
      if (typeof result !== "number") refuse("the result of f", result, "a number");
      return result;
    };
    return (8 * (at(value + h) - at(value - h)) - (at(value + 2 * h) - at(value - 2 * h))) / (12 * h);
  });
}

export interface GradientCheck {
  /** error ≤ tolerance */
  passed: boolean;
  /** max |analytic − numerical| / max(|analytic|, |numerical|), the maxima taken over all elements */
  error: number;
  /** Where the difference is largest, and the two values there. */
  index: number[];
  analytic: number;
  numerical: number;
  /** The whole numerical gradient. */
  gradient: Tensor;
}

/**
 * Compares a gradient with the numerical one.
 *
 *     const f = (x) => batchNorm(x, { gamma, beta }).y.mul(dy).sum().at();
 *     gradientCheck(f, x, batchNormGrad(dy, batchNorm(x, { gamma, beta }).cache).dx)
 */
export function gradientCheck(
  f: (x: Tensor) => number,
  x: TensorLike,
  gradient: TensorLike,
  options: NumericalGradientOptions & { tolerance?: number } = {},
): GradientCheck {
  checkOptions<typeof options>("gradientCheck", options, { tolerance: checkPositive, step: checkPositive });
  const { tolerance = 1e-7, step } = options;
  const point = asTensor("x", x);
  const analytic = asTensor("gradient", gradient);
  checkSameShape("gradient", analytic, point.shape, "the shape of x");
  const numerical = numericalGradient(f, point, { step });

  let worst = 0;
  let difference = -1;
  let scale = 0;
  for (let i = 0; i < numerical.size; i++) {
    const [a, n] = [analytic.data[i], numerical.data[i]];
    // A NaN is the largest difference there is.
    const d = Number.isNaN(a - n) ? Infinity : Math.abs(a - n);
    if (d > difference) [worst, difference] = [i, d];
    scale = Math.max(scale, Math.abs(a) || 0, Math.abs(n) || 0);
  }
  const error = difference <= 0 ? 0 : difference / scale;
  return {
    passed: error <= tolerance,
    error,
    index: indexOf(worst, point.shape),
    analytic: analytic.data[worst],
    numerical: numerical.data[worst],
    gradient: numerical,
  };
}
