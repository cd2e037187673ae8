import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { otherAxes } from "../tensor/shape";
import { checkPositiveInteger, refuse } from "../tensor/validate";
import { affine, type AffineCache, affineGrad, type AffineOptions } from "./affine";
import { defaults } from "./defaults";
import { channelAxis } from "./instanceNorm";
import { standardize, standardizeGrad } from "./standardize";

export interface GroupNormOptions extends AffineOptions {
  /** Number of groups; it must divide the number of channels. */
  groups: number;
  /** The channel axis. */
  axis?: number;
  epsilon?: number;
}

/** What groupNormGrad needs. */
export interface GroupNormCache extends AffineCache {
  rstd: Tensor;
  /** x's shape with the channels split into (groups, C / groups), and the axes reduced there. */
  groupedShape: readonly number[];
  axes: readonly number[];
}

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² of each group of channels of each sample, and space.
 *
 * x (N,H,W,C), (N,T,C) or (N,C), the channels at `axis`; it is read as (N,H,W,groups,C/groups) and
 * standardized over all but N and groups. γ, β (C); mean, variance (N,groups).
 * Refuses groups that don't divide C. Training and inference are the same.
 *
 * Wu and He 2018, "Group Normalization", equations 2, 3 and 7.
 */
export function groupNorm(
  x: TensorLike,
  {
    groups,
    gamma,
    beta,
    axis = defaults.groupNorm.axis,
    epsilon = defaults.groupNorm.epsilon,
  }: GroupNormOptions,
): { y: Tensor; mean: Tensor; variance: Tensor; cache: GroupNormCache } {
  const input = asTensor("x", x);
  const channel = channelAxis(input, axis);
  const channels = input.shape[channel];
  if (channels % checkPositiveInteger("groups", groups) !== 0) {
    refuse("groups", groups, `a divisor of the ${channels} channels`);
  }
  const groupedShape = input.shape.flatMap((length, i) =>
    i === channel ? [groups, length / groups] : [length],
  );
  const axes = otherAxes(groupedShape.length, [0, channel]);
  const { xHat, mean, variance, rstd } = standardize(input.reshape(groupedShape), { axes, epsilon });
  const { y, cache } = affine(xHat.reshape(input.shape), { gamma, beta }, [channel]);
  return { y, mean, variance, cache: { ...cache, rstd, groupedShape, axes } };
}

/** dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) over each group, with dx̂ = γ · dy; dγ = Σ dy · x̂, dβ = Σ dy. */
export function groupNormGrad(
  dy: TensorLike,
  cache: GroupNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const { xHat, rstd, axes, groupedShape } = cache;
  const { dXHat, dGamma, dBeta } = affineGrad(dy, cache);
  const grouped = { xHat: xHat.reshape(groupedShape), rstd, axes };
  return { dx: standardizeGrad(dXHat.reshape(groupedShape), grouped).reshape(xHat.shape), dGamma, dBeta };
}
