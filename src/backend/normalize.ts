/** The one differentiable operation under every normalization layer. */
import * as tf from "@tensorflow/tfjs";
import {
  checkBoolean,
  checkOptions,
  checkPositive,
  type OptionChecks,
  refuse,
  resolveAxes,
} from "../tensor/validate";
import { composedNormalize, composedNormalizeGradient } from "./composed/normalize";
import { normalizeGradientKernel, normalizeKernel } from "./normalizeKernel";
import type { NormalizeAttributes } from "./normalizeKernel";
import { checkTfTensor, ensureKernels } from "./operation";

export interface NormalizeOptions {
  /** The axes over which the statistics are taken; negative ones count from the end. */
  axes: number[];
  /** Default true. If false nothing is subtracted and `variance` is the mean square (RMS norm). */
  center?: boolean;
  epsilon: number;
  /** Of x's rank, 1 where it does not vary. Default 1. */
  gamma?: tf.Tensor;
  /** Of x's rank, 1 where it does not vary. Default 0. */
  beta?: tf.Tensor;
}

const normalizeOptions: OptionChecks<NormalizeOptions> = {
  axes: true,
  center: checkBoolean,
  epsilon: { required: checkPositive },
  gamma: checkTfTensor,
  beta: checkTfTensor,
};

export interface Normalized {
  y: tf.Tensor;
  /** Of x's shape without `axes`; zeros if `center` is false. */
  mean: tf.Tensor;
  /** The biased variance, or the mean square if `center` is false; of x's shape without `axes`. */
  variance: tf.Tensor;
}

/**
 * y = γ · (x − mean) / √(variance + ε) + β, with the statistics taken over `axes`
 *
 * Batch norm of [N, H, W, C] has axes [0, 1, 2], layer norm [-1] or [1, 2, 3], instance norm [1, 2];
 * group norm normalizes a reshaped [N, H, W, G, C / G] over [1, 2, 4]; RMS norm does not center.
 * The gradient goes through the statistics, and all three results can be differentiated.
 * Ioffe & Szegedy 2015, Algorithm 1; Ba et al. 2016, eq. 3.
 *
 * @throws if an axis is out of range or named twice, epsilon is not positive, or γ or β does not
 *   broadcast against x.
 */
export function normalize(x: tf.Tensor, options: NormalizeOptions): Normalized {
  checkOptions("normalize", options, normalizeOptions);
  checkTfTensor("normalize: x", x);
  const { center = true, epsilon, gamma, beta } = options;
  const axes = resolveAxes("axes", options.axes, x.rank);
  if (axes.length === 0) refuse("axes", axes, "one or more axes of x");
  checkParameter("gamma", gamma, x);
  checkParameter("beta", beta, x);
  ensureKernels({
    [normalizeKernel]: composedNormalize,
    [normalizeGradientKernel]: composedNormalizeGradient,
  });
  return tf.tidy(() => {
    const shape = gamma?.shape ?? beta?.shape ?? x.shape.map(() => 1);
    const attrs: NormalizeAttributes = { axes, center, epsilon, affine: !!gamma || !!beta };
    const [y, mean, variance] = tf
      .engine()
      .runKernel(
        normalizeKernel,
        { x, gamma: gamma ?? tf.ones(shape), beta: beta ?? tf.zeros(shape) },
        { ...attrs },
      ) as tf.Tensor[];
    return { y, mean, variance };
  });
}

function checkParameter(name: string, parameter: tf.Tensor | undefined, x: tf.Tensor): void {
  if (!parameter) return;
  const fits =
    parameter.rank === x.rank && parameter.shape.every((size, axis) => size === 1 || size === x.shape[axis]);
  if (!fits) {
    refuse(
      name,
      parameter,
      `of x's rank, with a length of 1 or x's along each axis of [${x.shape.join(", ")}]`,
    );
  }
}

tf.registerGradient({
  kernelName: normalizeKernel,
  inputsToSave: ["x", "gamma", "beta"],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [x, gamma, beta, mean, variance], attrs) => {
    const [dy, dMean, dVariance] = dys as tf.Tensor[];
    const inputs = { x, gamma, beta, mean, variance, dy, dMean, dVariance };
    const [dx, dGamma, dBeta] = tf
      .engine()
      .runKernel(normalizeGradientKernel, inputs as unknown as tf.NamedTensorMap, attrs) as tf.Tensor[];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});
