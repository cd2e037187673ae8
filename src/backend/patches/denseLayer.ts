/**
 * tfjs's dense layer, with product, bias and ReLU as one kernel also while a gradient is recorded, where tfjs
 * runs them one after the other. That only where the wasm backend has our kernels.
 *
 * On every backend it remembers what went into a softmax: crossEntropyLoss.ts computes the loss from that.
 */
import * as tf from "@tensorflow/tfjs";
import { fusedLinear } from "../linear";
import { isFused } from "../wasm/fusion";
import { layerPrototype, replaceMethod, singleInput } from "./patch";
import type { Call } from "./patch";

interface Dense extends tf.layers.Layer {
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  activation: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null;
}

const remembered = new WeakMap<tf.Tensor, tf.Tensor>();

/** The input of the softmax whose output this is, if a dense layer computed it and the input is still there. */
export function logitsOf(output: tf.Tensor): tf.Tensor | undefined {
  const logits = remembered.get(output);
  return logits?.isDisposed ? undefined : logits;
}

export function patchDenseLayer(): void {
  replaceMethod(layerPrototype<Dense>("Dense"), "call", (stock) => rememberingLogits(fused(stock)));
}

/** Product, bias and activation in as few kernels as there are. */
function fused(stock: Call): Call {
  return function (this: Dense, inputs, kwargs) {
    return tf.tidy(() => {
      const activation = this.activation?.getClassName() ?? "linear";
      const y = fusedLinear(singleInput(inputs), this.kernel.read(), this.bias?.read(), activation);
      if (y === undefined) return stock.call(this, inputs, kwargs);
      return isFused(activation) ? y : this.activation!.apply(y);
    });
  };
}

/** The layer without its softmax first, then the softmax, so that both are at hand. */
function rememberingLogits(call: Call): Call {
  const linear = { getClassName: () => "linear", apply: (x: tf.Tensor) => x };
  return function (this: Dense, inputs, kwargs) {
    // The scope around a training or evaluation step disposes of the logits; outside of one nobody would.
    const isScoped = tf.engine().state.activeScope != null;
    if (this.activation?.getClassName() !== "softmax" || !isScoped) return call.call(this, inputs, kwargs);
    const withoutSoftmax = Object.create(this, { activation: { value: linear } }) as Dense;
    const logits = call.call(withoutSoftmax, inputs, kwargs) as tf.Tensor;
    const output = tf.softmax(logits);
    remembered.set(output, logits);
    return output;
  };
}
