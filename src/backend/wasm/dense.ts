/** The dense layer's product, bias and ReLU as one kernel, with its gradient. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { reluBiasGradient } from "./elementwise";
import { matrixProduct } from "./matMul";
import { registerGradient, registerKernel } from "./registry";

/** (x [N, in], kernel [in, out], bias? [out]) → activation(x · kernel + bias), for "relu"; others stay linear. */
export const denseKernel = "NormlabDense";

export function registerDense(heap: Heap): void {
  const product = matrixProduct(heap);

  registerKernel<{ activation: string }>(
    denseKernel,
    ({ inputs: { x, kernel, bias }, attrs: { activation } }) =>
      product(x, kernel, bias, { transposeA: false, transposeB: false, activation }),
  );

  registerGradient({
    kernelName: denseKernel,
    inputsToSave: ["x", "kernel"],
    outputsToSave: [true],
    gradFunc: (dy, [x, kernel, y], attrs) => {
      let dSum = dy as tf.Tensor;
      let bias = () => tf.sum(dSum, 0);
      if (attrs.activation === "relu") {
        const [masked, dBias] = tf.engine().runKernel(reluBiasGradient, { y, dy: dSum }) as tf.Tensor[];
        dSum = masked;
        bias = () => dBias;
      }
      return {
        x: () => tf.matMul(dSum, kernel, false, true),
        kernel: () => tf.matMul(x, dSum, true, false),
        bias,
      };
    },
  });
}
