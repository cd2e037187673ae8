/** Gradients that tfjs leaves out, on every backend. */
import * as tf from "@tensorflow/tfjs";

type Tensor5D = tf.Tensor5D;

interface Convolution3dAttributes {
  pad: "valid" | "same";
  strides: [number, number, number] | number;
}

/**
 * Of a transposed convolution in three dimensions, which `tf.layers.conv3dTranspose` computes: with y = Wᵀx and
 * g = ∂L/∂y, ∂L/∂x is the convolution W g, and ∂L/∂W that convolution's gradient by its filter, for x as its dy.
 */
const transposedConvolution3d: tf.GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc(g, [x, filter], attrs) {
    const { strides, pad } = attrs as unknown as Convolution3dAttributes;
    return {
      dy: () => tf.conv3d(g as Tensor5D, filter as Tensor5D, strides, pad),
      filter: () =>
        tf
          .engine()
          .runKernel(
            "Conv3DBackpropFilterV2",
            { x: g as tf.Tensor, dy: x },
            { strides, pad, filterShape: filter.shape },
          ) as tf.Tensor,
    };
  },
};

/** Of a comparison, which `tf.layers.thresholdedReLU` multiplies with: a step has the slope 0 nearly everywhere. */
const comparison: tf.GradConfig = {
  kernelName: "Greater",
  inputsToSave: ["a", "b"],
  gradFunc: (_g, [a, b]) => ({ a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) }),
};

export function registerMissingGradients(): void {
  for (const gradient of [transposedConvolution3d, comparison]) {
    if (tf.getGradient(gradient.kernelName) === undefined) tf.registerGradient(gradient);
  }
}
