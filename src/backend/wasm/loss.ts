/** The gradient of softmax, and the loss of models compiled with `categoricalCrossentropy`, as one kernel each. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { registerGradient, registerKernel } from "./registry";

export const crossEntropyKernel = "NormlabCrossEntropy";
const softmaxGradient = "NormlabSoftmaxGradient";
const crossEntropyGradient = "NormlabCrossEntropyGradient";

const sum = (values: Float32Array, from: number, to: number): number => {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i];
  return total;
};
const clip = (share: number, epsilon: number): number => Math.min(Math.max(share, epsilon), 1 - epsilon);

/**
 * As tfjs layers define it: p = output / Σ output, loss = −Σ target · log(clip(p, ε, 1 − ε)), one loss a row.
 * Computed by JavaScript in float64: a batch has some hundred values, and WebAssembly has no logarithm.
 */
export function registerLoss(heap: Heap): void {
  registerKernel<{ epsilon: number }>(
    crossEntropyKernel,
    ({ inputs: { target, output }, attrs: { epsilon } }) => {
      const losses = heap.output(output.shape.slice(0, -1));
      const [t, o, loss] = [target, output, losses].map((tensor) => heap.values(tensor));
      const classes = output.shape[output.shape.length - 1];
      for (let row = 0; row < loss.length; row++) {
        const [from, to] = [row * classes, (row + 1) * classes];
        const total = sum(o, from, to);
        let value = 0;
        for (let i = from; i < to; i++) {
          if (t[i] !== 0) value -= t[i] * Math.log(clip(o[i] / total, epsilon));
        }
        loss[row] = value;
      }
      return losses;
    },
  );

  // With g = −dLoss · target / p where p was not clipped, else 0:  dOutput = (g − Σ g · p) / Σ output
  registerKernel<{ epsilon: number }>(crossEntropyGradient, ({ inputs, attrs: { epsilon } }) => {
    const { target, output, dLoss } = inputs;
    const dOutput = heap.output(output.shape);
    const [t, o, dl, d] = [target, output, dLoss, dOutput].map((tensor) => heap.values(tensor));
    const classes = output.shape[output.shape.length - 1];
    for (let row = 0; row < dl.length; row++) {
      const [from, to] = [row * classes, (row + 1) * classes];
      const total = sum(o, from, to);
      let weighted = 0;
      for (let i = from; i < to; i++) {
        const share = o[i] / total;
        const inside = share >= epsilon && share <= 1 - epsilon;
        d[i] = inside ? (-dl[row] * t[i]) / share : 0;
        weighted += d[i] * share;
      }
      for (let i = from; i < to; i++) d[i] = (d[i] - weighted) / total;
    }
    return dOutput;
  });

  registerGradient({
    kernelName: crossEntropyKernel,
    inputsToSave: ["target", "output"],
    gradFunc: (dLoss, [target, output], attrs) => ({
      output: () =>
        tf
          .engine()
          .runKernel(crossEntropyGradient, { target, output, dLoss: dLoss as tf.Tensor }, attrs) as tf.Tensor,
      target: () => {
        const { epsilon } = attrs as { epsilon: number };
        const shares = tf.div(output, tf.sum(output, -1, true));
        const information = tf.neg(tf.log(tf.clipByValue(shares, epsilon, 1 - epsilon)));
        return tf.mul(information, tf.expandDims(dLoss as tf.Tensor, -1));
      },
    }),
  });

  // dLogits = y · (dy − Σ y · dy)
  registerKernel(softmaxGradient, ({ inputs: { y, dy } }) => {
    const dLogits = heap.output(y.shape);
    const [p, dp, d] = [y, dy, dLogits].map((tensor) => heap.values(tensor));
    const classes = y.shape[y.shape.length - 1];
    for (let from = 0; from < p.length; from += classes) {
      let weighted = 0;
      for (let i = from; i < from + classes; i++) weighted += p[i] * dp[i];
      for (let i = from; i < from + classes; i++) d[i] = p[i] * (dp[i] - weighted);
    }
    return dLogits;
  });

  registerGradient({
    kernelName: "Softmax",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      logits: () => tf.engine().runKernel(softmaxGradient, { y, dy: dy as tf.Tensor }) as tf.Tensor,
    }),
  });
}
