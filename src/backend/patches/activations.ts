/**
 * tfjs's activations that are no operation of tfjs's (swish, gelu, gelu_new, logSoftmax), as one kernel each instead of up
 * to nine operations, and their gradients. Only where the wasm backend has our kernels.
 */
import * as tf from "@tensorflow/tfjs";
import { activationKernel, type ActivationAttributes } from "../wasm/activations";
import { prototypeOf, replaceMethod } from "./patch";

interface Activation extends tf.serialization.Serializable {
  /** `parameter` is swish's α, or softmax's axis. */
  apply(x: tf.Tensor, parameter?: number): tf.Tensor;
}

export function patchActivations(): void {
  for (const f of ["swish", "gelu", "gelu_new"] as const) {
    replaceMethod(prototypeOf<Activation>("activation", f), "apply", (stock) => {
      return function (this: Activation, x, alpha = 1) {
        const available = tf.getKernel(activationKernel, tf.getBackend()) !== undefined;
        if (!available || x.dtype !== "float32") return stock.call(this, x, alpha);
        const attributes: ActivationAttributes = { f, alpha };
        return tf.engine().runKernel(activationKernel, { x }, { ...attributes }) as tf.Tensor;
      };
    });
  }
  replaceMethod(prototypeOf<Activation>("activation", "logSoftmax"), "apply", (stock) => {
    return function (this: Activation, logits, axis = -1) {
      const available = tf.getKernel("LogSoftmax", tf.getBackend()) !== undefined;
      const isLast = axis === -1 || axis === logits.rank - 1;
      if (!available || !isLast || logits.dtype !== "float32") return stock.call(this, logits, axis);
      return tf.engine().runKernel("LogSoftmax", { logits }, { axis }) as tf.Tensor;
    };
  });
}
