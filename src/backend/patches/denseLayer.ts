/**
 * tfjs's dense layer, with product, bias and ReLU as one kernel also while a gradient is recorded, where tfjs
 * runs them one after the other. Only `call` is replaced, and only where the wasm backend has our kernels.
 */
import * as tf from "@tensorflow/tfjs";
import { denseKernel } from "../wasm/dense";
import { layerPrototype } from "./layerPrototype";
import type { LayerVariable } from "./layerPrototype";

interface Dense extends tf.layers.Layer {
  kernel: LayerVariable;
  bias: LayerVariable | null;
  activation: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null;
}

let patched = false;

export function patchDenseLayer(): void {
  if (patched) return;
  patched = true;
  const prototype = layerPrototype<Dense>("Dense");
  const stock = prototype.call;
  prototype.call = function (inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const available = tf.getKernel(denseKernel, tf.getBackend()) !== undefined;
    if (!available || x.rank !== 2 || x.dtype !== "float32" || x.size === 0) {
      return stock.call(this, inputs, kwargs as Parameters<typeof stock>[1]);
    }
    return tf.tidy(() => {
      const activation = this.activation?.getClassName() ?? "linear";
      const kernelInputs: tf.NamedTensorMap = { x, kernel: this.kernel.read() };
      if (this.bias) kernelInputs.bias = this.bias.read();
      const y = tf.engine().runKernel(denseKernel, kernelInputs, { activation }) as tf.Tensor;
      return activation === "relu" || activation === "linear" ? y : this.activation!.apply(y);
    });
  };
}
