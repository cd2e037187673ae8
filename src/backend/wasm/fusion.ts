/** What products and convolutions do on the way out: add a bias, then take max(0, ·) or nothing. */
import * as tf from "@tensorflow/tfjs";

/** The mode in which a kernel takes max(0, ·), as in assembly/matMul.ts; 0 is the plain one. */
const RELU = 2;

/** The kernels' mode for an activation. What is not fused stays linear. */
export function modeOf(activation: string | undefined): number {
  return activation === "relu" ? RELU : 0;
}

/** Whether the kernels compute this activation themselves. */
export function isFused(activation: string | undefined): boolean {
  return !activation || activation === "linear" || activation === "relu";
}

/** Whether a bias is what the kernels add: none, or one value for each channel along the last axis. */
export function isPerChannel(bias: tf.TensorInfo | undefined, channels: number): boolean {
  return !bias || (tf.util.sizeFromShape(bias.shape) === channels && bias.shape.at(-1) === channels);
}
