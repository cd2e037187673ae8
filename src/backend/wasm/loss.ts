/** Cross-entropy of a softmax, from the softmax's input: loss and gradient as one kernel each. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { registerGradient, registerKernel } from "./registry";

/** (target […, C], logits […, C]) → […] */
export const softmaxCrossEntropyKernel = "NormlabSoftmaxCrossEntropy";
const gradientKernel = "NormlabSoftmaxCrossEntropyGradient";

/**
 * loss = Σ target · (log Σ exp(logits) − logits), one loss a row.
 * Computed by JavaScript in float64: a batch has some hundred values, and WebAssembly has no logarithm.
 */
export function registerLoss(heap: Heap): void {
  /** The row's largest value, and log Σ exp of the row after that was taken off. */
  const logSum = (z: Float32Array, from: number, to: number): { top: number; log: number } => {
    let top = -Infinity;
    for (let i = from; i < to; i++) top = Math.max(top, z[i]);
    let total = 0;
    for (let i = from; i < to; i++) total += Math.exp(z[i] - top);
    return { top, log: Math.log(total) };
  };

  registerKernel(softmaxCrossEntropyKernel, ({ inputs: { target, logits } }) => {
    const losses = heap.output(logits.shape.slice(0, -1));
    const [t, z, loss] = [target, logits, losses].map((tensor) => heap.values(tensor));
    const classes = logits.shape[logits.shape.length - 1];
    for (let row = 0; row < loss.length; row++) {
      const [from, to] = [row * classes, (row + 1) * classes];
      const { top, log } = logSum(z, from, to);
      let value = 0;
      for (let i = from; i < to; i++) {
        if (t[i] !== 0) value += t[i] * (log - (z[i] - top));
      }
      loss[row] = value;
    }
    return losses;
  });

  // dLogits = dLoss · (softmax(logits) · Σ target − target)
  registerKernel(gradientKernel, ({ inputs: { target, logits, dLoss } }) => {
    const dLogits = heap.output(logits.shape);
    const [t, z, dl, d] = [target, logits, dLoss, dLogits].map((tensor) => heap.values(tensor));
    const classes = logits.shape[logits.shape.length - 1];
    for (let row = 0; row < dl.length; row++) {
      const [from, to] = [row * classes, (row + 1) * classes];
      const { top, log } = logSum(z, from, to);
      let mass = 0;
      for (let i = from; i < to; i++) mass += t[i];
      for (let i = from; i < to; i++) d[i] = dl[row] * (Math.exp(z[i] - top - log) * mass - t[i]);
    }
    return dLogits;
  });

  registerGradient({
    kernelName: softmaxCrossEntropyKernel,
    inputsToSave: ["target", "logits"],
    gradFunc: (dLoss, [target, logits]) => ({
      logits: () =>
        tf.engine().runKernel(gradientKernel, { target, logits, dLoss: dLoss as tf.Tensor }) as tf.Tensor,
      target: () => tf.mul(tf.neg(tf.logSoftmax(logits)), tf.expandDims(dLoss as tf.Tensor, -1)),
    }),
  });
}
