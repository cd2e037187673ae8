import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import {
  checkInteger,
  checkOptions,
  checkPositive,
  checkSameShape,
  type OptionChecks,
} from "../tensor/validate";
import { checkCache, parameter } from "./affine";
import { defaults } from "./defaults";
import { instanceAxes } from "./instanceNorm";
import { varianceParameter } from "./moving";
import { standardizeFor, standardizeGradOver, withAxes } from "./standardize";

export interface AdaINOptions {
  /** Mean of each channel of each style sample, (N,C), or (C) for one style. */
  styleMean: TensorLike;
  /** Variance of the same, of the same shape. */
  styleVariance: TensorLike;
  /** The channel axis. */
  axis?: number;
  epsilon?: number;
}

const adaINOptions: OptionChecks<AdaINOptions> = {
  styleMean: { required: finiteTensor },
  styleVariance: { required: finiteTensor },
  axis: checkInteger,
  epsilon: checkPositive,
};

/** What adaINGrad needs. */
export interface AdaINCache {
  method: "adaIN";
  xHat: Tensor;
  rstd: Tensor;
  /** √(styleVariance + ε), of styleVariance's shape */
  styleDeviation: Tensor;
  axes: readonly number[];
}

/**
 * y = √(σ_s² + ε) · (x − μ) / √(σ² + ε) + μ_s: the content's statistics exchanged for the style's.
 *
 * x (N,H,W,C), with μ, σ² as in instance norm; μ_s, σ_s² (N,C), or (C) for all samples alike.
 * ε under both roots, so that a style equal to x's own statistics gives x back.
 *
 * Huang and Belongie 2017, "Arbitrary Style Transfer in Real-time with Adaptive Instance
 * Normalization", equation 8.
 */
export function adaIN(x: TensorLike, options: AdaINOptions): { y: Tensor; cache: AdaINCache } {
  checkOptions("adaIN", options, adaINOptions);
  const { axis = defaults.adaIN.axis, epsilon = defaults.adaIN.epsilon } = options;
  const input = finiteTensor("adaIN: x", x);
  const { channel, axes } = instanceAxes(input, axis);
  const { xHat, rstd, mean } = standardizeFor("adaIN", input, { axes, epsilon });
  const given = asTensor("styleMean", options.styleMean);
  const shape = given.rank === 1 ? [input.shape[channel]] : mean.shape;
  const target = parameter("styleMean", given, shape);
  const styleDeviation = varianceParameter("styleVariance", options.styleVariance, shape).map((v) =>
    Math.sqrt(v + epsilon),
  );
  const cache: AdaINCache = { method: "adaIN", xHat, rstd, styleDeviation, axes };
  return { y: xHat.mul(spreadStyle(styleDeviation, cache)).add(spreadStyle(target, cache)), cache };
}

/**
 * dx as in instance norm with dx̂ = √(σ_s² + ε) · dy;  dμ_s = Σ dy,  dσ_s² = Σ dy · x̂ / (2√(σ_s² + ε)).
 */
export function adaINGrad(
  dy: TensorLike,
  cache: AdaINCache,
): { dx: Tensor; dStyleMean: Tensor; dStyleVariance: Tensor } {
  checkCache("adaINGrad", "adaIN", cache);
  const { xHat, axes, styleDeviation } = cache;
  const upstream = finiteTensor("adaINGrad: dy", dy);
  checkSameShape("dy", upstream, xHat.shape, "the shape of y");
  const summed = styleDeviation.rank === 1 ? [0, ...axes] : axes;
  return {
    dx: standardizeGradOver(upstream.mul(spreadStyle(styleDeviation, cache)), cache),
    dStyleMean: upstream.sum(summed),
    dStyleVariance: upstream.mul(xHat).sum(summed).div(styleDeviation.mul(2)),
  };
}

/** (N,C) or (C) as a tensor that broadcasts against x. */
function spreadStyle(style: Tensor, { xHat, axes }: AdaINCache): Tensor {
  return withAxes(style, xHat, style.rank === 1 ? [0, ...axes] : axes);
}
