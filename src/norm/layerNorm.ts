import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { checkAxes, checkOptions, checkPositive, type OptionChecks, resolveAxes } from "../tensor/validate";
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

export interface LayerNormOptions extends AffineOptions {
  /** The reduced axes, those that one sample's (or token's) features lie along. */
  axes?: readonly number[];
  epsilon?: number;
}

export const layerNormOptions: OptionChecks<LayerNormOptions> = {
  axes: checkAxes,
  epsilon: checkPositive,
  ...affineOptions,
};

/** What layerNormGrad needs. */
export interface LayerNormCache extends AffineCache {
  method: "layerNorm";
  x: Tensor;
  rstd: Tensor;
  axes: readonly number[];
  epsilon: number;
}

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² of each sample over its features `axes`.
 *
 * x (N,T,C), axes [-1]: per token, over C; γ, β (C). x (N,H,W,C), axes [1,2,3]: per image; γ, β (H,W,C);
 * axes [-1]: per pixel, over C (Keras's default). γ and β have the lengths of x along `axes`, ascending.
 * mean and variance drop `axes`. Training and inference are the same.
 *
 * Ba, Kiros and Hinton 2016, "Layer Normalization", equations 3–4.
 */
export function layerNorm(
  x: TensorLike,
  options: LayerNormOptions = {},
): { y: Tensor; mean: Tensor; variance: Tensor; cache: LayerNormCache } {
  checkOptions("layerNorm", options, layerNormOptions);
  const { axes = defaults.layerNorm.axes, epsilon = defaults.layerNorm.epsilon } = options;
  const input = finiteTensor("layerNorm: x", x);
  const reduced = resolveAxes("axes", axes, input.rank);
  const { xHat, mean, variance, rstd } = standardizeFor("layerNorm", input, { axes: reduced, epsilon });
  const { y, cache } = affine(xHat, options, reduced);
  return {
    ...{ y, mean, variance },
    cache: { ...cache, method: "layerNorm", x: input, rstd, axes: reduced, epsilon },
  };
}

/** dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) over `axes`, with dx̂ = γ · dy; dγ = Σ dy · x̂, dβ = Σ dy. */
export function layerNormGrad(
  dy: TensorLike,
  cache: LayerNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  checkCache("layerNormGrad", "layerNorm", cache);
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("layerNormGrad: dy", dy), cache);
  return { dx: standardizeGradOver(dXHat, cache), dGamma, dBeta };
}
