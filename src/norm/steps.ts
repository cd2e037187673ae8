/**
 * The backward of standardizing once more, one step of the computational graph at a time, with every
 * intermediate gradient by its name:
 *
 *     x ─┬──────────────▶ centered = x − mean ─┬───────────────────────────▶ xHat = centered · rstd ─▶ y = γ · xHat + β
 *        └─▶ mean = Σx/m ─┘                     └─▶ squared ─▶ variance ─▶ std ─▶ rstd ─┘
 */
import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { affineGrad, type AffineCache, checkCache } from "./affine";
import type { BatchNormCache } from "./batchNorm";
import type { LayerNormCache } from "./layerNorm";
import { moments, withAxes } from "./standardize";
import { refuse } from "../tensor/validate";

/** Every value on the way from x to x̂; statistics with the reduced axes dropped. */
export interface ForwardSteps {
  /** Σx / m */
  mean: Tensor;
  /** x − mean */
  centered: Tensor;
  /** centered² */
  squared: Tensor;
  /** Σ squared / m */
  variance: Tensor;
  /** √(variance + ε) */
  std: Tensor;
  /** 1 / std */
  rstd: Tensor;
  /** centered · rstd */
  xHat: Tensor;
}

/** The gradient of the loss with respect to every value on the way, in the order of computing. */
export interface GradSteps {
  /** Σ dy over all axes without parameters */
  dBeta: Tensor;
  /** Σ dy · xHat over the same */
  dGamma: Tensor;
  /** dy · γ */
  dXHat: Tensor;
  /** Σ dXHat · centered over the reduced axes */
  dRstd: Tensor;
  /** −dRstd / std² */
  dStd: Tensor;
  /** dStd / (2 · std) */
  dVariance: Tensor;
  /** dVariance / m, the same for every element of the sum */
  dSquared: Tensor;
  /** 2 · centered · dSquared: what reaches `centered` through the variance */
  dCenteredThroughVariance: Tensor;
  /** dXHat · rstd + dCenteredThroughVariance: both branches together */
  dCentered: Tensor;
  /** −Σ dCentered over the reduced axes */
  dMean: Tensor;
  /** dMean / m, what reaches x through the mean */
  dxThroughMean: Tensor;
  /** dCentered + dxThroughMean */
  dx: Tensor;
}

type Cache = AffineCache & { x: Tensor; axes: readonly number[]; epsilon: number };

/** batchNormGrad (in training mode), step by step: dx, dGamma and dBeta are the same to rounding. */
export function batchNormGradSteps(dy: TensorLike, cache: BatchNormCache): ForwardSteps & GradSteps {
  checkCache("batchNormGradSteps", "batchNorm", cache);
  if (!cache.training)
    refuse("cache.training", false, "true: in inference dx = γ · dy · rstd is the only step");
  return gradSteps(finiteTensor("batchNormGradSteps: dy", dy), cache);
}

/** layerNormGrad, step by step: dx, dGamma and dBeta are the same to rounding. */
export function layerNormGradSteps(dy: TensorLike, cache: LayerNormCache): ForwardSteps & GradSteps {
  checkCache("layerNormGradSteps", "layerNorm", cache);
  return gradSteps(finiteTensor("layerNormGradSteps: dy", dy), cache);
}

function gradSteps(dy: Tensor, cache: Cache): ForwardSteps & GradSteps {
  const { x, axes } = cache;
  const forward = forwardSteps(cache);
  const { centered, std, rstd } = forward;
  const m = x.size / std.size;
  const keep = (statistic: Tensor) => withAxes(statistic, x, axes);

  const { dXHat, dGamma, dBeta } = affineGrad(dy, cache);
  const dRstd = dXHat.mul(centered).sum(axes);
  const dStd = dRstd.div(std.square()).neg();
  const dVariance = dStd.div(std.mul(2));
  const dSquared = x.mul(0).add(keep(dVariance.div(m)));
  const dCenteredThroughVariance = centered.mul(2).mul(dSquared);
  const dCentered = dXHat.mul(keep(rstd)).add(dCenteredThroughVariance);
  const dMean = dCentered.sum(axes).neg();
  const dxThroughMean = x.mul(0).add(keep(dMean.div(m)));
  const dx = dCentered.add(dxThroughMean);
  return {
    ...forward,
    ...{ dBeta, dGamma, dXHat, dRstd, dStd, dVariance, dSquared },
    ...{ dCenteredThroughVariance, dCentered, dMean, dxThroughMean, dx },
  };
}

function forwardSteps({ x, axes, epsilon }: Cache): ForwardSteps {
  const { mean, variance, centered } = moments(x, axes);
  const std = variance.add(epsilon).sqrt();
  const rstd = std.map((value) => 1 / value);
  const xHat = centered.mul(withAxes(rstd, x, axes));
  return { mean, centered, squared: centered.square(), variance, std, rstd, xHat };
}
