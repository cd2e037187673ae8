import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { otherAxes } from "../tensor/shape";
import {
  checkInteger,
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
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
import { channelAxis } from "./instanceNorm";
import { standardizeFor, standardizeGradOver } from "./standardize";

export interface GroupNormOptions extends AffineOptions {
  /** Number of groups; it must divide the number of channels. */
  groups: number;
  /** The channel axis. */
  axis?: number;
  epsilon?: number;
}

export const groupNormOptions: OptionChecks<GroupNormOptions> = {
  groups: checkPositiveInteger,
  axis: checkInteger,
  epsilon: checkPositive,
  ...affineOptions,
};

/** What groupNormGrad needs. */
export interface GroupNormCache extends AffineCache {
  method: "groupNorm";
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
  options: GroupNormOptions,
): { y: Tensor; mean: Tensor; variance: Tensor; cache: GroupNormCache } {
  checkOptions("groupNorm", options, groupNormOptions);
  const { groups, axis = defaults.groupNorm.axis, epsilon = defaults.groupNorm.epsilon } = options;
  const input = finiteTensor("groupNorm: x", x);
  const channel = channelAxis(input, axis);
  const channels = input.shape[channel];
  if (channels % checkPositiveInteger("groupNorm: groups", groups) !== 0) {
    refuse("groups", groups, `a divisor of the ${channels} channels`);
  }
  const groupedShape = input.shape.flatMap((length, i) =>
    i === channel ? [groups, length / groups] : [length],
  );
  const axes = otherAxes(groupedShape.length, [0, channel]);
  const grouped = input.reshape(groupedShape);
  const { xHat, mean, variance, rstd } = standardizeFor("groupNorm", grouped, { axes, epsilon });
  const { y, cache } = affine(xHat.reshape(input.shape), options, [channel]);
  return { y, mean, variance, cache: { ...cache, method: "groupNorm", rstd, groupedShape, axes } };
}

/** dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) over each group, with dx̂ = γ · dy; dγ = Σ dy · x̂, dβ = Σ dy. */
export function groupNormGrad(
  dy: TensorLike,
  cache: GroupNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  checkCache("groupNormGrad", "groupNorm", cache);
  const { xHat, rstd, axes, groupedShape } = cache;
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("groupNormGrad: dy", dy), cache);
  const grouped = { xHat: xHat.reshape(groupedShape), rstd, axes };
  const dx = standardizeGradOver(dXHat.reshape(groupedShape), grouped).reshape(xHat.shape);
  return { dx, dGamma, dBeta };
}
