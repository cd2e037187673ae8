/** The masks of sequences on their way through a model. */
import * as tf from "@tensorflow/tfjs";
import { layerPrototype, replaceMethod } from "./patch";

/**
 * The mask of what tf.layers.add, multiply, average, maximum and minimum answer: a step counts where it counts in all
 * inputs that have a mask. tfjs's has one axis too many, so that a recurrent layer after it throws or computes something
 * else, and it leaves out the last input's mask.
 */
export function patchMergeMasks(): void {
  const merge = Object.getPrototypeOf(layerPrototype("Add")) as tf.layers.Layer;
  replaceMethod(merge, "computeMask", () => (_inputs, mask) => {
    const masks = [mask].flat().filter((each) => each != null);
    // tfjs's type leaves out that there may be none.
    if (masks.length === 0) return null as unknown as tf.Tensor;
    return tf.tidy(() => masks.reduce((all, each) => tf.logicalAnd(all, each)));
  });
}

/**
 * A mask is for the layers that its sequence goes to. tfjs's models hand all their layers the same arguments, and so
 * each layer without a mask the last one that there was: that of the words to the decoder of an encoder and decoder.
 */
export function patchForgottenMasks(): void {
  // Those of recurrent layers call the first with their inputs unpacked.
  for (const prototype of [tf.layers.Layer.prototype, tf.RNN.prototype, layerPrototype("Bidirectional")]) {
    replaceMethod(prototype, "apply", (stock) => {
      return function (this: tf.layers.Layer, inputs, kwargs) {
        const outputs = stock.call(this, inputs, kwargs);
        // A model calls with a list, and with arguments of its own; what a program calls with is its own to keep.
        if (Array.isArray(inputs) && inputs[0] instanceof tf.Tensor) delete kwargs?.mask;
        return outputs;
      };
    });
  }
}
