/** Attention of several heads as one differentiable operation. */
import * as tf from "@tensorflow/tfjs";
import {
  checkBoolean,
  checkFinite,
  checkOptions,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import { attentionGradientKernel, attentionKernel, type AttentionAttributes } from "./attentionKernel";
import { composedAttention, composedAttentionGradient } from "./composed/attention";
import { checkTfTensor, ensureKernels } from "./operation";

export interface AttentionOptions {
  /** How many heads lie side by side along the last axis of query, key and value. */
  heads: number;
  /** Whether a position sees only those before it, and itself. Default false. */
  causal?: boolean;
  /** (N, keys): false where a key is padding, which no query sees. Default: none is. */
  mask?: tf.Tensor;
  /** Default 1 / √(width of a head's query). */
  scale?: number;
}

const attentionOptions: OptionChecks<AttentionOptions> = {
  heads: { required: checkPositiveInteger },
  causal: checkBoolean,
  mask: checkTfTensor,
  scale: checkFinite,
};

export interface Attended {
  /** (N, queries, heads · value width) */
  y: tf.Tensor;
  /**
   * (N, heads, queries, keys): what share of each key's value a query takes; sums to 1 along the keys. To look at: no
   * gradient goes back through it.
   */
  probabilities: tf.Tensor;
}

/**
 * y = softmax(scale · Q Kᵀ) V for each example and head
 *
 * query (N, queries, heads · width), key (N, keys, heads · width), value (N, keys, heads · value width); causal lets
 * query i see the keys 0 … i. A query that sees no key gets zeros. The probabilities, N · heads · queries · keys of them,
 * are kept for the gradient. Vaswani et al. 2017, equation 1.
 *
 * @throws if the shapes do not fit, or a head's width is no whole number.
 */
export function attention(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  options: AttentionOptions,
): Attended {
  checkOptions("attention", options, attentionOptions);
  const { heads, causal = false, mask } = options;
  checkSequence("query", query, heads);
  checkSequence("key", key, heads);
  checkSequence("value", value, heads);
  const [examples, , width] = query.shape;
  const [, keys] = key.shape;
  if (key.shape[0] !== examples || key.shape[2] !== width) {
    refuse("attention: key", key, `of shape [${examples}, keys, ${width}], as query has it`);
  }
  if (value.shape[0] !== examples || value.shape[1] !== keys) {
    refuse("attention: value", value, `of shape [${examples}, ${keys}, …], as key has it`);
  }
  if (mask && (mask.rank !== 2 || mask.shape[0] !== examples || mask.shape[1] !== keys)) {
    refuse("attention: mask", mask, `of shape [${examples}, ${keys}], a value for each key`);
  }
  ensureKernels({
    [attentionKernel]: composedAttention,
    [attentionGradientKernel]: composedAttentionGradient,
  });
  const attributes: AttentionAttributes = {
    heads,
    causal,
    scale: options.scale ?? 1 / Math.sqrt(width / heads),
  };
  return tf.tidy(() => {
    const inputs: tf.NamedTensorMap = { query, key, value };
    if (mask) inputs.mask = mask.dtype === "bool" ? mask : tf.notEqual(mask, 0);
    const [y, probabilities] = tf
      .engine()
      .runKernel(attentionKernel, inputs, { ...attributes }) as tf.Tensor[];
    return { y, probabilities };
  });
}

function checkSequence(name: string, x: unknown, heads: number): asserts x is tf.Tensor3D {
  checkTfTensor(`attention: ${name}`, x);
  const width = x.rank === 3 ? (x as tf.Tensor3D).shape[2] : 0;
  if (x.dtype !== "float32" || width === 0 || width % heads !== 0) {
    const must = `float32 of shape [N, positions, heads · width], for ${heads} heads`;
    refuse(`attention: ${name}`, x.dtype === "float32" ? x : `${x.dtype}`, must);
  }
}

tf.registerGradient({
  kernelName: attentionKernel,
  // tfjs saves the inputs that there are: mask may be missing, and probabilities come last.
  inputsToSave: ["query", "key", "value"],
  outputsToSave: [false, true],
  gradFunc: (dys, [query, key, value, probabilities], attrs) => {
    const [dy] = dys as tf.Tensor[];
    const [dQuery, dKey, dValue] = tf
      .engine()
      .runKernel(attentionGradientKernel, { query, key, value, probabilities, dy }, attrs) as tf.Tensor[];
    return {
      query: () => dQuery,
      key: () => dKey,
      value: () => dValue,
      mask: () => tf.zeros(key.shape.slice(0, 2)),
    };
  },
});
