import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { otherAxes } from "../tensor/shape";
import { checkBoolean, checkFraction, checkPositive, refuse, resolveAxis } from "../tensor/validate";
import { affine, type AffineCache, affineGrad, type AffineOptions } from "./affine";
import { defaults } from "./defaults";
import { movingAverage, type MovingOptions, startingStatistics } from "./moving";
import { reciprocalRoot, standardize, standardizeGrad, withAxes } from "./standardize";

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

/** What batchNormGrad needs. */
export interface BatchNormCache extends AffineCache {
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
export function batchNorm(
  x: TensorLike,
  {
    gamma,
    beta,
    movingMean,
    movingVariance,
    momentum = defaults.batchNorm.momentum,
    epsilon = defaults.batchNorm.epsilon,
    axis = defaults.batchNorm.axis,
    training = true,
    unbiasedMoving = false,
  }: BatchNormOptions = {},
): BatchNormResult {
  const input = asTensor("x", x);
  const channel = resolveAxis("axis", axis, input.rank);
  const axes = otherAxes(input.rank, [channel]);
  checkFraction("momentum", momentum);
  checkPositive("epsilon", epsilon);
  checkBoolean("unbiasedMoving", unbiasedMoving);
  checkBoolean("training", training);
  const start = startingStatistics({ movingMean, movingVariance }, [input.shape[channel]], training);

  const { xHat, mean, variance, rstd } = training
    ? standardize(input, { axes, epsilon })
    : standardizeBy(start.movingMean, start.movingVariance, input, axes, epsilon);
  const { y, cache } = affine(xHat, { gamma, beta }, [channel]);
  const result = { y, mean, variance, cache: { ...cache, x: input, rstd, axes, epsilon, training } };
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
  const { dXHat, dGamma, dBeta } = affineGrad(dy, cache);
  const dx = cache.training
    ? standardizeGrad(dXHat, cache)
    : dXHat.mul(withAxes(cache.rstd, cache.x, cache.axes));
  return { dx, dGamma, dBeta };
}

/** x̂ = (x − mean) / √(variance + ε) with statistics that were measured before. */
function standardizeBy(mean: Tensor, variance: Tensor, x: Tensor, axes: readonly number[], epsilon: number) {
  const rstd = reciprocalRoot(variance, epsilon);
  const xHat = x.sub(withAxes(mean, x, axes)).mul(withAxes(rstd, x, axes));
  return { xHat, mean, variance, rstd };
}
