/** `normalize` and its gradient from broadcasting tfjs operations: any axes, any backend. */
import * as tf from "@tensorflow/tfjs";
import type { NormalizeAttributes } from "../normalize";

/** (x, γ, β) → [y, mean, variance] */
export const composedNormalize: tf.KernelFunc = ({ inputs, attrs }) => {
  const { x, gamma, beta } = inputs as unknown as Record<string, tf.Tensor>;
  const { axes, center, epsilon } = attrs as unknown as NormalizeAttributes;
  return tf.tidy(() => {
    const mean = center
      ? tf.mean(x, axes, true)
      : tf.zeros(x.shape.map((d, a) => (axes.includes(a) ? 1 : d)));
    const centered = center ? tf.sub(x, mean) : x;
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
  return tf.tidy(() => {
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
    const over = (statistic: tf.Tensor) => tf.reshape(statistic, kept);
    const rstd = tf.rsqrt(tf.add(over(variance), epsilon));
    const centered = center ? tf.sub(x, over(mean)) : x;
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

/** The sum of `x` over the axes along which a parameter of `shape` was broadcast. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = shape.flatMap((size, axis) => (size === 1 && x.shape[axis] !== 1 ? [axis] : []));
  return axes.length === 0 ? tf.clone(x) : tf.sum(x, axes, true);
}
