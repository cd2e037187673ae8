/** `normalize` and its gradient from broadcasting tfjs operations: any axes, any backend. */
import * as tf from "@tensorflow/tfjs";
import { dropAxes, keepDims } from "../../tensor/shape";
import type { NormalizeAttributes } from "../normalizeKernel";

/** (x, γ, β) → [y, mean, variance]; the statistics of nothing are 0. */
export const composedNormalize: tf.KernelFunc = ({ inputs, attrs }) => {
  const { x, gamma, beta } = inputs as unknown as Record<string, tf.Tensor>;
  const { axes, center, epsilon } = attrs as unknown as NormalizeAttributes;
  if (x.size === 0)
    return [x.shape, ...Array(2).fill(dropAxes(x.shape, axes))].map((shape) => tf.zeros(shape));
  return tf.tidy(() => {
    const rough = center ? tf.mean(x, axes, true) : tf.zeros(keepDims(x.shape, axes));
    const { centered, error } = center ? recentered(x, rough, axes) : { centered: x, error: rough };
    const mean = tf.add(rough, error);
    const variance = tf.mean(tf.square(centered), axes, true);
    const xHat = tf.mul(centered, tf.rsqrt(tf.add(variance, epsilon)));
    return [tf.add(tf.mul(xHat, gamma), beta), tf.squeeze(mean, axes), tf.squeeze(variance, axes)];
  });
};

/**
 * dx = rstd · (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) with dx̂ = γ · dy, and the two terms of the statistics'
 * own gradients: + dMean / m + 2 (x − mean) · dVariance / m. Without centering no term of the mean remains.
 */
export const composedNormalizeGradient: tf.KernelFunc = ({ inputs, attrs }) => {
  const { x, gamma, beta, mean, variance, dy, dMean, dVariance } = inputs as unknown as Record<
    string,
    tf.Tensor
  >;
  const { axes, center, epsilon } = attrs as unknown as NormalizeAttributes;
  if (x.size === 0) return [x, gamma, beta].map(({ shape }) => tf.zeros(shape));
  return tf.tidy(() => {
    const kept = keepDims(x.shape, axes);
    const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
    const over = (statistic: tf.Tensor) => tf.reshape(statistic, kept);
    const rstd = tf.rsqrt(tf.add(over(variance), epsilon));
    const centered = center ? recentered(x, over(mean), axes).centered : x;
    const xHat = tf.mul(centered, rstd);
    const dxHat = tf.mul(dy, gamma);
    const slope = tf.sub(
      tf.mul(over(dVariance), 2 / count),
      tf.mul(tf.square(rstd), tf.mean(tf.mul(dxHat, xHat), axes, true)),
    );
    // slope holds rstd² · mean(dx̂ · x̂) so that one product with x − mean serves both terms.
    let dx = tf.add(tf.mul(rstd, dxHat), tf.mul(centered, slope));
    if (center) {
      const shift = tf.sub(tf.div(over(dMean), count), tf.mul(rstd, tf.mean(dxHat, axes, true)));
      dx = tf.add(dx, shift);
    }
    return [dx, sumTo(tf.mul(dy, xHat), gamma.shape), sumTo(dy, beta.shape)];
  });
};

/**
 * x − mean, less what the mean was rounded by: `error`, the mean of what is left. At mean 1e4 and σ 0.01 the
 * rounding of a float32 mean alone is a twentieth of σ.
 */
function recentered(
  x: tf.Tensor,
  mean: tf.Tensor,
  axes: number[],
): { centered: tf.Tensor; error: tf.Tensor } {
  const rough = tf.sub(x, mean);
  const error = tf.mean(rough, axes, true);
  return { centered: tf.sub(rough, error), error };
}

/** The sum of `x` over the axes along which a parameter of `shape` was broadcast. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = shape.flatMap((size, axis) => (size === 1 && x.shape[axis] !== 1 ? [axis] : []));
  return axes.length === 0 ? tf.clone(x) : tf.sum(x, axes, true);
}
