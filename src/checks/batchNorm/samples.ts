/** Random batches for the checks of the batch-norm lesson, and the wrong formulas that learners try. */
import { randomNormal, randomUniform, type Tensor } from "../../tensor";
import type { Misconception } from "../diagnose";

export interface Batch {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
  /** Large enough to be seen beside the variances, so that a misplaced ε can't hide. */
  epsilon: number;
}

/** x of the given shape with channels last, each with a mean and scale of its own; γ ≠ 1, β ≠ 0. */
export function batch(seed: number, shape: readonly number[]): Batch {
  const channels = [shape[shape.length - 1]];
  const scale = randomUniform(channels, { seed: seed + 1, min: 0.4, max: 1.5 });
  const shift = randomNormal(channels, { seed: seed + 2, standardDeviation: 2 });
  return {
    x: randomNormal(shape, { seed }).mul(scale).add(shift),
    gamma: randomUniform(channels, { seed: seed + 3, min: 0.5, max: 2.5 }),
    beta: randomNormal(channels, { seed: seed + 4 }),
    epsilon: 0.05,
  };
}

/** A gradient that comes from above, not all ones: with those dx is 0 and checks nothing. */
export const upstream = (seed: number, shape: readonly number[]): Tensor =>
  randomNormal(shape, { seed: seed + 5 });

/** (x − mean) / divisor(variance), with the statistics over `axes` and the variance over m − `less`. */
export function standardizedBy(
  x: Tensor,
  axes: readonly number[],
  divisor: (variance: Tensor) => Tensor,
  less = 0,
): Tensor {
  const mean = x.mean(axes, true);
  const centered = x.sub(mean);
  const m = x.size / mean.size;
  return centered.div(
    divisor(
      centered
        .square()
        .sum(axes, true)
        .div(m - less),
    ),
  );
}

/** 1/√(v + ε) of a variance. */
export const reciprocal = (variance: Tensor, epsilon: number): Tensor =>
  variance.map((v) => 1 / Math.sqrt(v + epsilon));

/** Wrong ways to get x̂ of shape (N, C). */
export function wrongXHats(x: Tensor, epsilon: number): Misconception[] {
  const columns = [0];
  return [
    {
      message: "you divided by n − 1; inside the batch, batch norm takes the biased variance, Σ(x − μ)²/n",
      value: () => standardizedBy(x, columns, (v) => v.add(epsilon).sqrt(), 1),
    },
    {
      message:
        "you averaged over the wrong axis: this is layer norm, which takes each row by itself; " +
        "batch norm takes each column, over the batch",
      value: () => standardizedBy(x, [1], (v) => v.add(epsilon).sqrt()),
    },
    {
      message: "you took one mean and one variance of all elements; batch norm has one of each per column",
      value: () => standardizedBy(x, [0, 1], (v) => v.add(epsilon).sqrt()),
    },
    {
      message: "ε is missing: divide by √(σ² + ε), so that a constant column doesn't divide by 0",
      value: () => standardizedBy(x, columns, (v) => v.sqrt()),
    },
    {
      message: "ε stands outside the root: you divided by √σ² + ε instead of √(σ² + ε)",
      value: () => standardizedBy(x, columns, (v) => v.sqrt().add(epsilon)),
    },
    {
      message: "you divided by the variance; divide by its root, the standard deviation",
      value: () => standardizedBy(x, columns, (v) => v.add(epsilon)),
    },
    {
      message: "you only subtracted the mean; divide by √(σ² + ε), too",
      value: () => x.sub(x.mean(columns, true)),
    },
    {
      message: "you did not subtract the mean before dividing",
      value: () => x.mul(reciprocal(x.sub(x.mean(columns, true)).square().mean(columns, true), epsilon)),
    },
    {
      message: "you took the mean of the squares for the variance; subtract the mean before squaring",
      value: () => x.sub(x.mean(columns, true)).mul(reciprocal(x.square().mean(columns, true), epsilon)),
    },
  ];
}

/** Wrong ways to get y of the right x̂, and right ways to get it of a wrong x̂. */
export function wrongYs(xHat: Tensor, { x, gamma, beta, epsilon }: Batch): Misconception[] {
  return [
    { message: "γ is missing: y = γ·x̂ + β", value: () => xHat.add(beta) },
    { message: "β is missing: y = γ·x̂ + β", value: () => xHat.mul(gamma) },
    { message: "γ and β are missing: y = γ·x̂ + β", value: xHat },
    { message: "γ and β are swapped: y = γ·x̂ + β", value: () => xHat.mul(beta).add(gamma) },
    { message: "you added β before multiplying: y = γ·x̂ + β", value: () => xHat.add(beta).mul(gamma) },
    {
      message: "you scaled x itself; y = γ·x̂ + β takes the normalized x̂",
      value: () => x.mul(gamma).add(beta),
    },
    ...wrongXHats(x, epsilon).map(({ message, value }) => ({
      message,
      value: () => (value as () => Tensor)().mul(gamma).add(beta),
    })),
  ];
}
