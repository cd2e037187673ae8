import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { resolveAxes } from "../tensor/validate";
import { affine, type AffineCache, affineGrad } from "./affine";
import { defaults } from "./defaults";
import { standardize, standardizeGrad } from "./standardize";

export interface RmsNormOptions {
  /** Scale, 1 if left out. */
  gamma?: TensorLike;
  /** The reduced axes, those that one sample's (or token's) features lie along. */
  axes?: readonly number[];
  epsilon?: number;
}

/** What rmsNormGrad needs. */
export interface RmsNormCache extends AffineCache {
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
  { gamma, axes = defaults.rmsNorm.axes, epsilon = defaults.rmsNorm.epsilon }: RmsNormOptions = {},
): { y: Tensor; meanSquare: Tensor; cache: RmsNormCache } {
  const input = asTensor("x", x);
  const reduced = resolveAxes("axes", axes, input.rank);
  const { xHat, variance, rstd } = standardize(input, { axes: reduced, center: false, epsilon });
  const { y, cache } = affine(xHat, { gamma }, reduced);
  return { y, meanSquare: variance, cache: { ...cache, rstd, axes: reduced, center: false } };
}

/** dx = rstd · (dx̂ − x̂ · mean(dx̂ · x̂)) over `axes`, with dx̂ = γ · dy; dγ = Σ dy · x̂. */
export function rmsNormGrad(dy: TensorLike, cache: RmsNormCache): { dx: Tensor; dGamma: Tensor } {
  const { dXHat, dGamma } = affineGrad(dy, cache);
  return { dx: standardizeGrad(dXHat, cache), dGamma };
}
