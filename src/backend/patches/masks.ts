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

const masks = new WeakMap<tf.Tensor, tf.Tensor>();

/** The mask of what a layer answered in a model, which tfjs tells the next layer of its first input only. */
export const maskOf = (output: tf.Tensor): tf.Tensor | undefined => masks.get(output);

/**
 * A mask is for the layers that its sequence goes to. tfjs's models hand all their layers the same arguments, and so
 * each layer without a mask the last one that there was: that of the words to the decoder of an encoder and decoder.
 *
 * On the way each output's mask is remembered, for layers that take several sequences.
 */
export function patchForgottenMasks(): void {
  // Those of recurrent layers call the first with their inputs unpacked.
  for (const prototype of [tf.layers.Layer.prototype, tf.RNN.prototype, layerPrototype("Bidirectional")]) {
    replaceMethod(prototype, "apply", (stock) => {
      return function (this: tf.layers.Layer, inputs, kwargs) {
        const outputs = stock.call(this, inputs, kwargs);
        const mask = (kwargs as { mask?: tf.Tensor | tf.Tensor[] } | undefined)?.mask;
        // A model calls with a list of inputs and the first one's mask; what a program calls with is its own to keep.
        if (Array.isArray(inputs) && inputs[0] instanceof tf.Tensor && !Array.isArray(mask)) {
          remember(this, inputs as tf.Tensor[], mask, outputs);
          delete kwargs?.mask;
        }
        return outputs;
      };
    });
  }
}

interface Masked {
  kerasMask?: tf.Tensor | null;
}

/** Of a layer with one output: the mask that it makes itself, or of those of its inputs. */
function remember(
  layer: tf.layers.Layer,
  inputs: tf.Tensor[],
  firstMask: tf.Tensor | undefined,
  output: unknown,
): void {
  // Outside of a scope, as that of a model's step, nobody would dispose of the masks.
  const isScoped = tf.engine().state.activeScope != null;
  if (!layer.supportsMasking || !isScoped || !(output instanceof tf.Tensor)) return;
  const own = (output as Masked).kerasMask;
  // It would go with the output, which prediction gives back once it is used, though later layers have the same mask.
  delete (output as Masked).kerasMask;
  const given = inputs.map((input, i) => masks.get(input) ?? (i === 0 ? firstMask : undefined));
  if (own == null && given.every((mask) => mask == null)) return;
  const mask = own ?? [layer.computeMask(inputs, given as tf.Tensor[])].flat()[0];
  if (mask != null) masks.set(output, mask);
}
