import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { otherAxes } from "../tensor/shape";
import {
  checkBoolean,
  checkFraction,
  checkInteger,
  checkOptions,
  checkPositive,
  type OptionChecks,
  refuse,
  resolveAxis,
} from "../tensor/validate";
import {
  affine,
  type AffineCache,
  affineGrad,
  type AffineOptions,
  affineOptions,
  checkCache,
} from "./affine";
import { defaults } from "./defaults";
import {
  movingAverage,
  type MovingOptions,
  movingOptions,
  startingStatistics,
  withoutResult,
} from "./moving";
import {
  reciprocalRoot,
  type Standardized,
  standardizeFor,
  standardizeGradOver,
  withAxes,
} from "./standardize";

export interface BatchNormOptions extends AffineOptions, MovingOptions {
  /** Weight of the old value in the moving statistics (PyTorch's momentum is 1 − this one). */
  momentum?: number;
  epsilon?: number;
  /** The channel axis, the one that is kept; 1 for PyTorch's (N,C,H,W). */
  axis?: number;
  /** true: use the batch's statistics and update the moving ones; false: use the moving ones. */
  training?: boolean;
  /** Multiply the variance by m/(m − 1) before it enters the moving one, as PyTorch does. */
  unbiasedMoving?: boolean;
}

export const batchNormOptions: OptionChecks<BatchNormOptions> = {
  axis: checkInteger,
  epsilon: checkPositive,
  momentum: checkFraction,
  training: checkBoolean,
  unbiasedMoving: checkBoolean,
  ...affineOptions,
  ...movingOptions,
};

/** What batchNormGrad needs. */
export interface BatchNormCache extends AffineCache {
  method: "batchNorm";
  x: Tensor;
  /** 1 / √(σ² + ε) of the statistics that were used, (C) */
  rstd: Tensor;
  axes: readonly number[];
  epsilon: number;
  training: boolean;
}

export interface BatchNormResult {
  y: Tensor;
  /** The statistics that x was normalized with, (C): the batch's in training, else the moving ones. */
  mean: Tensor;
  variance: Tensor;
  /** The updated moving statistics, (C); unchanged in inference. */
  movingMean: Tensor;
  movingVariance: Tensor;
  cache: BatchNormCache;
}

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² of each channel over the batch (and space, or time).
 *
 * x (N,C), (N,T,C) or (N,H,W,C), in general any rank with the channels at `axis`; all else has shape (C).
 * Training: movingMean ← momentum · movingMean + (1 − momentum) · μ, likewise the variance (biased, unless
 * `unbiasedMoving`). Inference: μ and σ² are the moving ones, and it is an error to leave them out.
 *
 * Ioffe and Szegedy 2015, "Batch Normalization", algorithms 1 and 2.
 */
export function batchNorm(x: TensorLike, options: BatchNormOptions = {}): BatchNormResult {
  const given = withoutResult(options, ["y", "mean", "variance", "cache"]);
  checkOptions("batchNorm", given, batchNormOptions);
  const {
    momentum = defaults.batchNorm.momentum,
    epsilon = defaults.batchNorm.epsilon,
    axis = defaults.batchNorm.axis,
    training = true,
    unbiasedMoving = false,
  } = options;
  const input = finiteTensor("batchNorm: x", x);
  const channel = resolveAxis("axis", axis, input.rank);
  const axes = otherAxes(input.rank, [channel]);
  const start = startingStatistics(options, [input.shape[channel]], training);

  const { xHat, mean, variance, rstd } = training
    ? standardizeFor("batchNorm", input, { axes, epsilon })
    : standardizeBy(start.movingMean, start.movingVariance, input, axes, epsilon);
  const { y, cache: affineCache } = affine(xHat, options, [channel]);
  const cache: BatchNormCache = {
    ...{ ...affineCache, method: "batchNorm", x: input },
    ...{ rstd, axes, epsilon, training },
  };
  const result = { y, mean, variance, cache };
  if (!training) return { ...result, ...start };

  const m = input.size / mean.size;
  if (unbiasedMoving && m < 2) refuse("x", input, "of at least two values a channel for unbiasedMoving");
  const entering = unbiasedMoving ? variance.mul(m / (m - 1)) : variance;
  return {
    ...result,
    movingMean: movingAverage(start.movingMean, mean, momentum),
    movingVariance: movingAverage(start.movingVariance, entering, momentum),
  };
}

/**
 * Training: dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) over all axes but the channels', dx̂ = γ · dy.
 * Inference: dx = dx̂ · rstd, since the moving statistics are constants. dγ = Σ dy · x̂, dβ = Σ dy.
 */
export function batchNormGrad(
  dy: TensorLike,
  cache: BatchNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  checkCache("batchNormGrad", "batchNorm", cache);
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("batchNormGrad: dy", dy), cache);
  const dx = cache.training
    ? standardizeGradOver(dXHat, cache)
    : dXHat.mul(withAxes(cache.rstd, cache.x, cache.axes));
  return { dx, dGamma, dBeta };
}

/** x̂ = (x − mean) / √(variance + ε) with statistics that were measured before. */
export function standardizeBy(
  mean: Tensor,
  variance: Tensor,
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
): Standardized {
  const rstd = reciprocalRoot(variance, epsilon);
  const xHat = x.sub(withAxes(mean, x, axes)).mul(withAxes(rstd, x, axes));
  return { xHat, mean, variance, rstd };
}
