/** Random batches, statistics and layers for the checks of batch norm. */
import { randomNormal, randomUniform, type Tensor } from "../../tensor";

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
