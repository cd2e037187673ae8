import { asTensor, tensor, type Tensor, type TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { checkOptions, type OptionChecks, refuse } from "../tensor/validate";
import {
  affine,
  type AffineCache,
  affineGrad,
  type AffineOptions,
  affineOptions,
  checkCache,
} from "./affine";
import { defaults } from "./defaults";

export interface DytOptions extends AffineOptions {
  /** Slope of the tanh at 0, one number for the whole layer: a number or a tensor of one element. */
  alpha?: TensorLike;
}

const dytOptions: OptionChecks<DytOptions> = { alpha: finiteTensor, ...affineOptions };

/** What dytGrad needs; here xHat is tanh(αx). */
export interface DytCache extends AffineCache {
  method: "dyt";
  x: Tensor;
  alpha: number;
}

/**
 * y = γ · tanh(α · x) + β: squashes like a normalization, but takes no statistics.
 *
 * x (…, C); γ, β (C); α is one learned number. Training and inference are the same.
 *
 * Zhu, Chen, He, LeCun and Liu 2025, "Transformers without Normalization", equation 5 (DyT).
 */
export function dyt(x: TensorLike, options: DytOptions = {}): { y: Tensor; cache: DytCache } {
  checkOptions("dyt", options, dytOptions);
  const input = finiteTensor("dyt: x", x);
  if (input.rank === 0) refuse("x", input, "of rank 1 or more: (…, channels)");
  const slope = asTensor("alpha", options.alpha ?? defaults.dyt.alpha);
  if (slope.size !== 1) refuse("alpha", slope, "one number");
  const alpha = slope.data[0];
  const { y, cache } = affine(input.mul(alpha).tanh(), options, [input.rank - 1]);
  return { y, cache: { ...cache, method: "dyt", x: input, alpha } };
}

/**
 * With t = tanh(αx) and dt = γ · dy · (1 − t²):  dx = α · dt,  dα = Σ dt · x,  dγ = Σ dy · t,  dβ = Σ dy.
 * dAlpha has one element, shape (1).
 */
export function dytGrad(
  dy: TensorLike,
  cache: DytCache,
): { dx: Tensor; dAlpha: Tensor; dGamma: Tensor; dBeta: Tensor } {
  checkCache("dytGrad", "dyt", cache);
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("dytGrad: dy", dy), cache);
  const dt = dXHat.mul(cache.xHat.map((t) => 1 - t * t));
  return { dx: dt.mul(cache.alpha), dAlpha: tensor([dt.mul(cache.x).sum().at()]), dGamma, dBeta };
}
