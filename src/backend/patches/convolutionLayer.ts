/**
 * tfjs's conv2d layer, routed through one kernel for convolution, bias and ReLU.
 *
 * While a gradient is recorded tfjs runs the three one after the other, and refuses dilations.
 * Only `call` is replaced, and only where the wasm backend has our kernels.
 */
import * as tf from "@tensorflow/tfjs";
import { fusedConvolution } from "../wasm/convolution";
import { layerPrototype } from "./layerPrototype";
import type { LayerVariable } from "./layerPrototype";

interface Conv2D extends tf.layers.Layer {
  kernel: LayerVariable;
  bias: LayerVariable | null;
  activation: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor };
  strides: number[];
  padding: "valid" | "same";
  dataFormat: "channelsLast" | "channelsFirst";
  dilationRate: number[];
}

let patched = false;

export function patchConvolutionLayer(): void {
  if (patched) return;
  patched = true;
  const prototype = layerPrototype<Conv2D>("Conv2D");
  const stock = prototype.call;
  prototype.call = function (inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const available = tf.getKernel(fusedConvolution, tf.getBackend()) !== undefined;
    if (!available || this.dataFormat === "channelsFirst" || x.dtype !== "float32") {
      return stock.call(this, inputs, kwargs as Parameters<typeof stock>[1]);
    }
    return tf.tidy(() => {
      const activation = this.activation.getClassName();
      const kernelInputs: tf.NamedTensorMap = { x, filter: this.kernel.read() };
      if (this.bias) kernelInputs.bias = this.bias.read();
      const y = tf.engine().runKernel(fusedConvolution, kernelInputs, {
        strides: this.strides,
        pad: this.padding,
        dataFormat: "NHWC",
        dilations: this.dilationRate,
        activation,
      }) as tf.Tensor;
      return activation === "relu" || activation === "linear" ? y : this.activation.apply(y);
    });
  };
}
