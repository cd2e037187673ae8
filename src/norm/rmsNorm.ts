import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { checkAxes, checkOptions, checkPositive, type OptionChecks, resolveAxes } from "../tensor/validate";
import { affine, type AffineCache, affineGrad, checkCache } from "./affine";
import { defaults } from "./defaults";
import { standardizeFor, standardizeGradOver } from "./standardize";

export interface RmsNormOptions {
  /** Scale, 1 if left out. */
  gamma?: TensorLike;
  /** The reduced axes, those that one sample's (or token's) features lie along. */
  axes?: readonly number[];
  epsilon?: number;
}

export const rmsNormOptions: OptionChecks<RmsNormOptions> = {
  axes: checkAxes,
  epsilon: checkPositive,
  gamma: finiteTensor,
};

/** What rmsNormGrad needs. */
export interface RmsNormCache extends AffineCache {
  method: "rmsNorm";
  rstd: Tensor;
  axes: readonly number[];
  center: false;
}

/**
 * y = γ · x / √(mean(x²) + ε): layer norm without the mean and without β.
 *
 * x of any shape; γ has the lengths of x along `axes`, ascending; meanSquare drops `axes`.
 * ε stands inside the root, as in LLaMA, Keras and PyTorch (the paper has none). Training and inference
 * are the same.
 *
 * Zhang and Sennrich 2019, "Root Mean Square Layer Normalization", equation 4.
 */
export function rmsNorm(
  x: TensorLike,
  options: RmsNormOptions = {},
): { y: Tensor; meanSquare: Tensor; cache: RmsNormCache } {
  checkOptions("rmsNorm", options, rmsNormOptions);
  const { axes = defaults.rmsNorm.axes, epsilon = defaults.rmsNorm.epsilon } = options;
  const input = finiteTensor("rmsNorm: x", x);
  const reduced = resolveAxes("axes", axes, input.rank);
  const over = { axes: reduced, center: false, epsilon };
  const { xHat, variance, rstd } = standardizeFor("rmsNorm", input, over);
  const { y, cache } = affine(xHat, options, reduced);
  return {
    ...{ y, meanSquare: variance },
    cache: { ...cache, method: "rmsNorm", rstd, axes: reduced, center: false },
  };
}

/** dx = rstd · (dx̂ − x̂ · mean(dx̂ · x̂)) over `axes`, with dx̂ = γ · dy; dγ = Σ dy · x̂. */
export function rmsNormGrad(dy: TensorLike, cache: RmsNormCache): { dx: Tensor; dGamma: Tensor } {
  checkCache("rmsNormGrad", "rmsNorm", cache);
  const { dXHat, dGamma } = affineGrad(finiteTensor("rmsNormGrad: dy", dy), cache);
  return { dx: standardizeGradOver(dXHat, cache), dGamma };
}
