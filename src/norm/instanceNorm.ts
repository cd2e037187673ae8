import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { otherAxes } from "../tensor/shape";
import {
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
import { standardizeFor, standardizeGradOver } from "./standardize";

export interface InstanceNormOptions extends AffineOptions {
  /** The channel axis, kept beside the batch's axis 0. */
  axis?: number;
  epsilon?: number;
}

export const instanceNormOptions: OptionChecks<InstanceNormOptions> = {
  axis: checkInteger,
  epsilon: checkPositive,
  ...affineOptions,
};

/** What instanceNormGrad needs. */
export interface InstanceNormCache extends AffineCache {
  method: "instanceNorm";
  rstd: Tensor;
  axes: readonly number[];
}

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² of each channel of each sample over space (or time).
 *
 * x (N,H,W,C) or (N,T,C), the channels at `axis`; γ, β (C); mean, variance (N,C). Refuses x without
 * an axis beside the batch and the channels. Training and inference are the same.
 *
 * Ulyanov, Vedaldi and Lempitsky 2016, "Instance Normalization", equation 2.
 */
export function instanceNorm(
  x: TensorLike,
  options: InstanceNormOptions = {},
): { y: Tensor; mean: Tensor; variance: Tensor; cache: InstanceNormCache } {
  checkOptions("instanceNorm", options, instanceNormOptions);
  const { axis = defaults.instanceNorm.axis, epsilon = defaults.instanceNorm.epsilon } = options;
  const input = finiteTensor("instanceNorm: x", x);
  const { channel, axes } = instanceAxes(input, axis);
  const { xHat, mean, variance, rstd } = standardizeFor("instanceNorm", input, { axes, epsilon });
  const { y, cache } = affine(xHat, options, [channel]);
  return { y, mean, variance, cache: { ...cache, method: "instanceNorm", rstd, axes } };
}

/** dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) over space, with dx̂ = γ · dy; dγ = Σ dy · x̂, dβ = Σ dy. */
export function instanceNormGrad(
  dy: TensorLike,
  cache: InstanceNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  checkCache("instanceNormGrad", "instanceNorm", cache);
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("instanceNormGrad: dy", dy), cache);
  return { dx: standardizeGradOver(dXHat, cache), dGamma, dBeta };
}

/** What has a shape: a tensor here, or the input of a tfjs layer. */
export interface Shaped {
  readonly rank: number;
  readonly shape: readonly (number | null)[];
}

/** The channel axis, and the axes that are neither it nor the batch's: space, or time. */
export function instanceAxes(x: Shaped, axis: number): { channel: number; axes: number[] } {
  const channel = channelAxis(x, axis);
  const axes = otherAxes(x.rank, [0, channel]);
  if (axes.length === 0) refuse("x", x, "of rank 3 or more: (batch, space or time …, channels)");
  return { channel, axes };
}

/** The channel axis of a batch of samples, which can't be the batch's own. */
export function channelAxis(x: Shaped, axis: number): number {
  const channel = resolveAxis("axis", axis, x.rank);
  if (channel === 0) refuse("axis", axis, "another axis than 0, which is the batch's");
  return channel;
}
