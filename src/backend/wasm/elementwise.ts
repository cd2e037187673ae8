/** The gradient of ReLU, sums over leading axes (the gradient of a bias), and clones that share their values. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerGradient, registerKernel } from "./registry";

const reluGradient = "NormlabReluGradient";
/** (y, dy) → the gradient before a ReLU, and its sum over all but the last axis: what a bias before it gets. */
export const reluBiasGradient = "NormlabReluBiasGradient";

/** dy where y > 0, else 0: the gradient before a ReLU. */
export const maskByRelu = (y: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
  tf.engine().runKernel(reluGradient, { x: y, dy }) as tf.Tensor;

export function registerElementwise(heap: Heap): void {
  const mask = heap.kernel("reluGradient");
  const maskByReluAndSum = heap.kernel("reluBiasGradient");
  const sumRows = heap.kernel("sumRows");

  registerKernel(reluGradient, ({ inputs: { x, dy } }) => {
    const dx = heap.output(dy.shape);
    mask(heap.at(x), heap.at(dy), heap.at(dx), tf.util.sizeFromShape(dy.shape));
    return dx;
  });

  registerKernel(reluBiasGradient, ({ inputs: { y, dy } }) => {
    const channels = dy.shape[dy.shape.length - 1];
    const dSum = heap.output(dy.shape);
    const dBias = heap.output([channels]);
    const rows = tf.util.sizeFromShape(dy.shape) / (channels || 1);
    maskByReluAndSum(heap.at(y), heap.at(dy), heap.at(dSum), heap.at(dBias), rows, channels);
    return [dSum, dBias];
  });

  registerGradient({
    kernelName: "Relu",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({
      x: () =>
        x.dtype === "float32"
          ? maskByRelu(x, dy as tf.Tensor)
          : tf.mul(dy as tf.Tensor, tf.cast(tf.step(x), "float32")),
    }),
  });

  registerKernel<{ axis: number | number[]; keepDims: boolean }>("Sum", ({ inputs: { x }, attrs }) => {
    const rank = x.shape.length;
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
    const leading = axes.length > 0 && axes.length < rank && axes.every((axis, i) => axis === i);
    if (!allFloat32(x) || !leading || isEmpty(x)) return undefined;
    const kept = x.shape.slice(axes.length);
    const columns = tf.util.sizeFromShape(kept);
    const sums = heap.output(attrs.keepDims ? [...axes.map(() => 1), ...kept] : kept);
    sumRows(heap.at(x), heap.at(sums), tf.util.sizeFromShape(x.shape) / columns, columns);
    return sums;
  });

  // tfjs clones every tensor that a gradient will need. Its wasm kernel copies the values; they never change,
  // so counting one more user is enough.
  registerKernel("Identity", ({ inputs: { x } }) => (x.dtype === "string" ? undefined : heap.share(x)));
}
