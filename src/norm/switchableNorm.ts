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
} from "../tensor/validate";
import {
  affine,
  type AffineCache,
  affineGrad,
  type AffineOptions,
  affineOptions,
  checkCache,
  parameter,
} from "./affine";
import { defaults } from "./defaults";
import { instanceAxes } from "./instanceNorm";
import {
  movingAverage,
  type MovingOptions,
  movingOptions,
  startingStatistics,
  withoutResult,
} from "./moving";
import { checkVariance, moments, reciprocalRoot, withAxes } from "./standardize";

export interface SwitchableNormOptions extends AffineOptions, MovingOptions {
  /** Three numbers whose softmax weighs the means of instance, layer and batch norm, in this order. */
  meanLogits: TensorLike;
  /** The same for the variances. */
  varianceLogits: TensorLike;
  /** Weight of the old value in the moving statistics of the batch's part. */
  momentum?: number;
  epsilon?: number;
  /** The channel axis. */
  axis?: number;
  training?: boolean;
}

const switchableNormOptions: OptionChecks<SwitchableNormOptions> = {
  meanLogits: { required: finiteTensor },
  varianceLogits: { required: finiteTensor },
  axis: checkInteger,
  epsilon: checkPositive,
  momentum: checkFraction,
  training: checkBoolean,
  ...affineOptions,
  ...movingOptions,
};

/** One of the three kinds of statistics, broadcastable against x. */
interface Statistics {
  mean: Tensor;
  variance: Tensor;
  axes: readonly number[];
  /** Inference's moving statistics: no gradient flows into x through them. */
  constant: boolean;
}

/** What switchableNormGrad needs. */
export interface SwitchableNormCache extends AffineCache {
  method: "switchableNorm";
  x: Tensor;
  /** 1 / √(σ² + ε) of the mixed variance, (N,C) with space as axes of length 1 */
  rstd: Tensor;
  statistics: readonly Statistics[];
  meanWeights: Tensor;
  varianceWeights: Tensor;
  axes: readonly number[];
}

export interface SwitchableNormResult {
  y: Tensor;
  /** The mixed statistics, (N,C). */
  mean: Tensor;
  variance: Tensor;
  /** Softmax of the logits: how much of instance, layer and batch norm. */
  meanWeights: Tensor;
  varianceWeights: Tensor;
  /** The updated moving statistics of the batch's part, (C); unchanged in inference. */
  movingMean: Tensor;
  movingVariance: Tensor;
  cache: SwitchableNormCache;
}

/**
 * y = γ · (x − Σ_k w_k μ_k) / √(Σ_k w'_k σ_k² + ε) + β,  k ∈ {instance, layer, batch},
 * with w and w' the softmax of three logits each.
 *
 * x (N,H,W,C) or (N,T,C), the channels at `axis`; γ, β (C); the mixed mean and variance (N,C).
 * Only the batch's part has moving statistics; inference needs them.
 *
 * Luo, Ren and Peng 2018, "Differentiable Learning-to-Normalize via Switchable Normalization", equations 2–5.
 */
export function switchableNorm(x: TensorLike, options: SwitchableNormOptions): SwitchableNormResult {
  const result = ["y", "mean", "variance", "meanWeights", "varianceWeights", "cache"];
  checkOptions("switchableNorm", withoutResult(options, result), switchableNormOptions);
  const {
    momentum = defaults.switchableNorm.momentum,
    epsilon = defaults.switchableNorm.epsilon,
    axis = defaults.switchableNorm.axis,
    training = true,
  } = options;
  const input = finiteTensor("switchableNorm: x", x);
  const { channel, axes } = instanceAxes(input, axis);
  const start = startingStatistics(options, [input.shape[channel]], training);
  const meanWeights = softmax(parameter("meanLogits", options.meanLogits, [3]));
  const varianceWeights = softmax(parameter("varianceLogits", options.varianceLogits, [3]));

  const overBatch = otherAxes(input.rank, [channel]);
  const batch = training
    ? statisticsOf(input, overBatch)
    : {
        mean: withAxes(start.movingMean, input, overBatch),
        variance: withAxes(start.movingVariance, input, overBatch),
        axes: overBatch,
        constant: true,
      };
  const statistics = [statisticsOf(input, axes), statisticsOf(input, otherAxes(input.rank, [0])), batch];
  const mean = mix(
    meanWeights,
    statistics.map((s) => s.mean),
  );
  const variance = mix(
    varianceWeights,
    statistics.map((s) => s.variance),
  );
  checkVariance("switchableNorm", variance);
  const rstd = reciprocalRoot(variance, epsilon);
  const { y, cache } = affine(input.sub(mean).mul(rstd), options, [channel]);

  const perChannel = [input.shape[channel]];
  const perSample = [input.shape[0], input.shape[channel]];
  return {
    y,
    mean: mean.reshape(perSample),
    variance: variance.reshape(perSample),
    meanWeights,
    varianceWeights,
    ...(training
      ? {
          movingMean: movingAverage(start.movingMean, batch.mean.reshape(perChannel), momentum),
          movingVariance: movingAverage(start.movingVariance, batch.variance.reshape(perChannel), momentum),
        }
      : start),
    cache: {
      ...{ ...cache, method: "switchableNorm", x: input },
      ...{ rstd, statistics, meanWeights, varianceWeights, axes },
    },
  };
}

/**
 * With dμ = −rstd · Σ dx̂ and dσ² = −½ rstd² · Σ dx̂ · x̂ over space, dx̂ = γ · dy:
 * dx = rstd · dx̂ + Σ_k (w_k · dμ + w'_k · dσ² · 2(x − μ_k)) / m_k, both summed over the axes of k first;
 * ∂w_k = Σ dμ · μ_k, ∂w'_k = Σ dσ² · σ_k², and both go through the softmax to the logits.
 */
export function switchableNormGrad(
  dy: TensorLike,
  cache: SwitchableNormCache,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor; dMeanLogits: Tensor; dVarianceLogits: Tensor } {
  checkCache("switchableNormGrad", "switchableNorm", cache);
  const { x, xHat, rstd, statistics, meanWeights, varianceWeights, axes } = cache;
  const { dXHat, dGamma, dBeta } = affineGrad(finiteTensor("switchableNormGrad: dy", dy), cache);
  const dMean = dXHat.sum(axes, true).mul(rstd).neg();
  const dVariance = dXHat.mul(xHat).sum(axes, true).mul(rstd.square()).mul(-0.5);

  const through = statistics.map(({ mean, axes: own, constant }, k) => {
    if (constant) return x.mul(0);
    const m = x.size / mean.size;
    const dOwnMean = dMean.sum(own, true).mul(meanWeights.data[k] / m);
    const dOwnVariance = dVariance.sum(own, true).mul((2 * varianceWeights.data[k]) / m);
    return x.sub(mean).mul(dOwnVariance).add(dOwnMean);
  });
  return {
    dx: through.reduce((sum, term) => sum.add(term), dXHat.mul(rstd)),
    dGamma,
    dBeta,
    dMeanLogits: softmaxGrad(
      meanWeights,
      statistics.map((s) => s.mean.mul(dMean)),
    ),
    dVarianceLogits: softmaxGrad(
      varianceWeights,
      statistics.map((s) => s.variance.mul(dVariance)),
    ),
  };
}

function statisticsOf(x: Tensor, axes: readonly number[]): Statistics {
  const { mean, variance } = moments(x, axes);
  return { mean: withAxes(mean, x, axes), variance: withAxes(variance, x, axes), axes, constant: false };
}

/** Σ_k w_k · s_k */
function mix(weights: Tensor, statistics: readonly Tensor[]): Tensor {
  return statistics.map((s, k) => s.mul(weights.data[k])).reduce((sum, term) => sum.add(term));
}

/** w_k = e^(l_k) / Σ e^l, shifted by the largest logit so that nothing overflows. */
function softmax(logits: Tensor): Tensor {
  const powers = logits.sub(Math.max(...logits.data)).exp();
  return powers.div(powers.sum());
}

/** dl_k = w_k · (dw_k − Σ_j w_j · dw_j), where dw_k is the sum of the k-th tensor. */
function softmaxGrad(weights: Tensor, terms: readonly Tensor[]): Tensor {
  const dWeights = weights.map((_, k) => terms[k].sum().at());
  return weights.mul(dWeights.sub(weights.mul(dWeights).sum()));
}
