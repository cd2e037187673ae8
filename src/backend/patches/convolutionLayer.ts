/**
 * tfjs's conv2d layer, routed through one kernel for convolution, bias and ReLU.
 *
 * While a gradient is recorded tfjs runs the three one after the other, and refuses dilations.
 * Only where the wasm backend has our kernels.
 */
import * as tf from "@tensorflow/tfjs";
import { fusedConvolution } from "../wasm/convolution";
import { isFused } from "../wasm/fusion";
import { layerPrototype, replaceMethod, singleInput } from "./patch";
import type { Call } from "./patch";

interface Conv2D extends tf.layers.Layer {
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  activation: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor };
  strides: number[];
  padding: "valid" | "same";
  dataFormat: "channelsLast" | "channelsFirst";
  dilationRate: number[];
}

export function patchConvolutionLayer(): void {
  replaceMethod(layerPrototype<Conv2D>("Conv2D"), "call", fused);
}

/** Convolution, bias and activation in as few kernels as there are. */
function fused(stock: Call): Call {
  return function (this: Conv2D, inputs, kwargs) {
    const x = singleInput(inputs);
    const available = tf.getKernel(fusedConvolution, tf.getBackend()) !== undefined;
    if (!available || x.dtype !== "float32") return stock.call(this, inputs, kwargs);
    const channelsFirst = this.dataFormat === "channelsFirst";
    return tf.tidy(() => {
      const activation = this.activation.getClassName();
      const kernelInputs: tf.NamedTensorMap = {
        x: channelsFirst ? tf.transpose(x, [0, 2, 3, 1]) : x,
        filter: this.kernel.read(),
      };
      if (this.bias) kernelInputs.bias = this.bias.read();
      const y = tf.engine().runKernel(fusedConvolution, kernelInputs, {
        strides: this.strides,
        pad: this.padding,
        dataFormat: "NHWC",
        dilations: this.dilationRate,
        activation,
      }) as tf.Tensor;
      const placed = channelsFirst ? tf.transpose(y, [0, 3, 1, 2]) : y;
      return isFused(activation) ? placed : this.activation.apply(placed);
    });
  };
}
