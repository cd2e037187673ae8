/** Cross-entropy of a softmax, from the softmax's input: loss and gradient as one kernel each. */
import * as tf from "@tensorflow/tfjs";
import { refuse } from "../../tensor/validate";
import type { Heap } from "./heap";
import { registerGradient, registerKernel } from "./registry";

/** (target […, C], logits […, C]) → […] */
export const softmaxCrossEntropyKernel = "NormlabSoftmaxCrossEntropy";
const gradientKernel = "NormlabSoftmaxCrossEntropyGradient";
/** (labels of as many positions as logits has rows, float32 or int32; logits […, C]) → […] */
export const sparseCrossEntropyKernel = "NormlabSparseCrossEntropy";
const sparseGradientKernel = "NormlabSparseCrossEntropyGradient";

/**
 * loss = Σ target · (log Σ exp(logits) − logits), one loss a row.
 *
 * The sparse one has a class number a row in the place of shares, and leaves out the rows whose number is −1: these have
 * loss 0, the others rows / counted times theirs, so that the mean of all is the mean of those that count. That is what
 * Keras 3 does with a mask (`apply_mask` in keras/src/losses/loss.py). Where no row counts all are 0.
 */
export function registerLoss(heap: Heap): void {
  const sparseCrossEntropy = heap.checkingKernel("sparseCrossEntropy");
  const sparseCrossEntropyGradient = heap.kernel("sparseCrossEntropyGradient");

  const sizesOf = ({ shape }: tf.TensorInfo): [rows: number, classes: number] => [
    tf.util.sizeFromShape(shape.slice(0, -1)),
    shape[shape.length - 1],
  ];

  // By JavaScript in float64: of class shares there are some hundred values a batch.
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

  registerKernel(sparseCrossEntropyKernel, ({ inputs: { labels, logits } }) => {
    const losses = heap.output(logits.shape.slice(0, -1));
    const isInteger = labels.dtype === "int32" ? 1 : 0;
    const [rows, classes] = sizesOf(logits);
    const [at, zAt, lossesAt] = [labels, logits, losses].map((tensor) => heap.at(tensor));
    const wrong = sparseCrossEntropy(at, isInteger, zAt, lossesAt, rows, classes);
    if (wrong < 0) return losses;
    tf.backend().disposeData(losses.dataId);
    refuseLabel(tf.backend().readSync(labels.dataId)[wrong] as number, classes);
  });

  registerKernel(sparseGradientKernel, ({ inputs: { labels, logits, dLoss } }) => {
    const dLogits = heap.output(logits.shape);
    const isInteger = labels.dtype === "int32" ? 1 : 0;
    const addresses = [logits, dLoss, dLogits].map((tensor) => heap.at(tensor));
    sparseCrossEntropyGradient(heap.at(labels), isInteger, ...addresses, ...sizesOf(logits));
    return dLogits;
  });

  registerGradient({
    kernelName: sparseCrossEntropyKernel,
    inputsToSave: ["labels", "logits"],
    gradFunc: (dLoss, [labels, logits]) => {
      const inputs = { labels, logits, dLoss: dLoss as tf.Tensor };
      return {
        logits: () => tf.engine().runKernel(sparseGradientKernel, inputs) as tf.Tensor,
        labels: () => tf.zeros(labels.shape),
      };
    },
  });
}

/** Says which class numbers there are. */
export function refuseLabel(label: number, classes: number): never {
  refuse(
    "sparseCategoricalCrossentropy: a label",
    label,
    `a class number from 0 to ${classes - 1}, or −1 where the position does not count`,
  );
}

/** The row's largest value, and log Σ exp of the row after that was taken off. */
function logSum(z: Float32Array, from: number, to: number): { top: number; log: number } {
  let top = -Infinity;
  for (let i = from; i < to; i++) top = Math.max(top, z[i]);
  let total = 0;
  for (let i = from; i < to; i++) total += Math.exp(z[i] - top);
  return { top, log: Math.log(total) };
}
