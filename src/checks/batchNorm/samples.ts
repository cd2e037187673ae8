/** Random batches, statistics and layers for the checks of batch norm, and the wrong formulas that learners try. */
import { randomNormal, randomUniform, type Tensor } from "../../tensor";
import type { Misconception } from "../diagnose";
import { type Slip, slips, standardizeBy } from "../mistakes";

/** A batch's parameters and ε, as batchNorm takes them. */
export interface BatchOptions {
  gamma: Tensor;
  beta: Tensor;
  /** Large enough to be seen beside the variances, so that a misplaced ε can't hide. */
  epsilon: number;
}

export interface Batch extends BatchOptions {
  x: Tensor;
}

/** The same without x, which goes to batchNorm beside them. */
export const optionsOf = ({ gamma, beta, epsilon }: BatchOptions): BatchOptions => ({ gamma, beta, epsilon });

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

/** Moving statistics of C channels, (C) each. */
export interface MovingStatistics {
  movingMean: Tensor;
  movingVariance: Tensor;
}

/** Moving statistics as they might be in the middle of a training: not 0 and 1. */
export const movingStatistics = (seed: number, channels: number): MovingStatistics => ({
  movingMean: randomNormal([channels], { seed: seed + 6 }),
  movingVariance: randomUniform([channels], { seed: seed + 7, min: 0.3, max: 4 }),
});

/** kernel (inputs, units), bias (units). */
export interface Dense {
  kernel: Tensor;
  bias: Tensor;
}

/** A trained batch norm; all tensors (C). */
export interface TrainedNorm extends MovingStatistics {
  gamma: Tensor;
  beta: Tensor;
  epsilon: number;
}

/** A dense layer and the norm behind or before it → the one dense layer that does the same. */
export type Fold = (layer: Dense, norm: TrainedNorm) => Dense;

/** A dense layer with a bias. */
export const denseOf = (seed: number, inputs: number, units: number): Dense => ({
  kernel: randomNormal([inputs, units], { seed: seed + 8 }),
  bias: randomNormal([units], { seed: seed + 9 }),
});

/** A batch norm as it might be after training. */
export function normOf(seed: number, channels: number): TrainedNorm {
  const { gamma, beta, epsilon } = batch(seed, [1, channels]);
  return { gamma, beta, epsilon, ...movingStatistics(seed, channels) };
}

/** γ/√(movingVariance + ε) */
export const scaleOf = ({ gamma, movingVariance, epsilon }: TrainedNorm): Tensor =>
  gamma.div(movingVariance.add(epsilon).sqrt());

/** Wrong ways to get x̂ of shape (N, C); `finish` is what follows it. */
export function wrongXHats(
  x: Tensor,
  epsilon: number,
  finish: (xHat: Tensor) => Tensor = (xHat) => xHat,
): Misconception[] {
  const by = (axes: number[], slip?: Slip) => () => finish(standardizeBy(x, axes, epsilon, slip));
  return [
    {
      message: "you divided by m − 1; inside the batch, batch norm takes the biased variance, Σ(x − μ)²/m",
      value: by([0], slips.sampleVariance),
    },
    {
      message:
        "you averaged over the wrong axis: this is layer norm, which takes each row by itself; " +
        "batch norm takes each column, over the batch",
      value: by([1]),
    },
    {
      message: "you took one mean and one variance of all elements; batch norm has one of each per column",
      value: by([0, 1]),
    },
    {
      message: "ε is missing: divide by √(σ² + ε), so that a constant column doesn't divide by 0",
      value: by([0], slips.noEpsilon),
    },
    {
      message: "ε stands outside the root: you divided by √σ² + ε instead of √(σ² + ε)",
      value: by([0], slips.epsilonOutside),
    },
    {
      message: "you divided by the variance; divide by its root, the standard deviation",
      value: by([0], slips.noRoot),
    },
    {
      message: "you only subtracted the mean; divide by √(σ² + ε), too",
      value: by([0], slips.onlyCentered),
    },
    {
      message: "you did not subtract the mean before dividing",
      value: by([0], slips.notCentered),
    },
    {
      message: "you took the mean of the squares for the variance; subtract the mean before squaring",
      value: () => finish(x.sub(x.mean([0])).div(x.square().mean([0]).add(epsilon).sqrt())),
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
    ...wrongXHats(x, epsilon, (wrong) => wrong.mul(gamma).add(beta)),
  ];
}
