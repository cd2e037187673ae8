/** x · W + b along the last axis, in as few kernels as there are. */
import * as tf from "@tensorflow/tfjs";
import { denseKernel } from "./wasm/dense";

/**
 * activation(x · kernel + bias) of x […, in], kernel [in, out], bias [out], by the wasm backend's one kernel, which knows
 * "relu" and leaves every other activation to the caller; undefined where there is none, or nothing to do.
 */
export function fusedLinear(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: string,
): tf.Tensor | undefined {
  const available = tf.getKernel(denseKernel, tf.getBackend()) !== undefined;
  if (!available || x.rank < 2 || x.dtype !== "float32" || x.size === 0) return undefined;
  // Positions of sequences and pixels are rows like any others.
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, x.shape[x.rank - 1]]);
  const inputs: tf.NamedTensorMap = bias ? { x: rows, kernel, bias } : { x: rows, kernel };
  const y = tf.engine().runKernel(denseKernel, inputs, { activation }) as tf.Tensor2D;
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), y.shape[1]]);
}

/** x · kernel + bias on any backend. */
export function linear(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const fused = fusedLinear(x, kernel, bias, "linear");
    if (fused) return fused;
    const rows = tf.reshape(x, [tf.util.sizeFromShape(x.shape.slice(0, -1)), x.shape[x.rank - 1]]);
    const product = tf.matMul(rows, kernel);
    const y = bias ? tf.add(product, bias) : product;
    return tf.reshape(y, [...x.shape.slice(0, -1), kernel.shape[1]!]);
  });
}
