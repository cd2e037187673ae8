/** `attention` and its gradient from tfjs's operations, on any backend. */
import * as tf from "@tensorflow/tfjs";
import type { AttentionAttributes } from "../attentionKernel";

type Tensors = Record<"query" | "key" | "value" | "dy", tf.Tensor3D> & {
  mask?: tf.Tensor2D;
  probabilities: tf.Tensor4D;
};

/** (N, T, heads · width) → (N, heads, T, width) */
function split(x: tf.Tensor3D, heads: number): tf.Tensor {
  const [examples, positions, width] = x.shape;
  return tf.transpose(tf.reshape(x, [examples, positions, heads, width / heads]), [0, 2, 1, 3]);
}

/** (N, heads, T, width) → (N, T, heads · width) */
function join(x: tf.Tensor): tf.Tensor {
  const [examples, heads, positions, width] = x.shape as number[];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [examples, positions, heads * width]);
}

/** Where a query sees a key, (N or 1, 1, queries or 1, keys); undefined where every query sees all. */
function seenBy(
  queries: number,
  keys: number,
  mask: tf.Tensor | undefined,
  causal: boolean,
): tf.Tensor | undefined {
  const notPadding = mask && tf.cast(tf.reshape(mask, [mask.shape[0], 1, 1, keys]), "bool");
  if (!causal) return notPadding;
  const before = tf.lessEqual(tf.range(0, keys), tf.reshape(tf.range(0, queries), [queries, 1]));
  const causally = tf.reshape(before, [1, 1, queries, keys]);
  return notPadding ? tf.logicalAnd(notPadding, causally) : causally;
}

/** (query, key, value, mask?) → [y, probabilities] */
export const composedAttention: tf.KernelFunc = ({ inputs, attrs }) => {
  const { query, key, value, mask } = inputs as unknown as Tensors;
  const { heads, causal, scale } = attrs as unknown as AttentionAttributes;
  return tf.tidy(() => {
    const [q, k, v] = [query, key, value].map((x) => split(x, heads));
    const [queries, keys] = [query.shape[1], key.shape[1]];
    if (query.shape[0] * queries * keys === 0) {
      return [
        tf.zeros([query.shape[0], queries, value.shape[2]]),
        tf.zeros([query.shape[0], heads, queries, keys]),
      ];
    }
    const scores = tf.mul(tf.matMul(q, k, false, true), scale);
    const probabilities = softmaxOver(scores, seenBy(queries, keys, mask, causal));
    return [join(tf.matMul(probabilities, v)), probabilities];
  });
};

/** Softmax along the last axis over what is seen; zeros where nothing is. */
function softmaxOver(scores: tf.Tensor, seen: tf.Tensor | undefined): tf.Tensor {
  if (!seen) return tf.softmax(scores);
  const least = -3.4e38;
  const kept = tf.where(seen, scores, tf.fill(scores.shape, least));
  const exponentials = tf.mul(tf.exp(tf.sub(kept, tf.max(kept, -1, true))), tf.cast(seen, "float32"));
  return tf.divNoNan(exponentials, tf.sum(exponentials, -1, true));
}

/** dV = Pᵀ dO, dP = dO Vᵀ, dS = scale · P ∘ (dP − Σ P ∘ dP), dQ = dS K, dK = dSᵀ Q */
export const composedAttentionGradient: tf.KernelFunc = ({ inputs, attrs }) => {
  const { query, key, value, probabilities, dy } = inputs as unknown as Tensors;
  const { heads, scale } = attrs as unknown as AttentionAttributes;
  if (probabilities.size === 0) return [query, key, value].map(({ shape }) => tf.zeros(shape));
  return tf.tidy(() => {
    const [q, k, v, dO] = [query, key, value, dy].map((x) => split(x, heads));
    const dV = tf.matMul(probabilities, dO, true, false);
    const dP = tf.matMul(dO, v, false, true);
    const mean = tf.sum(tf.mul(probabilities, dP), -1, true);
    const dS = tf.mul(tf.mul(probabilities, tf.sub(dP, mean)), scale);
    return [tf.matMul(dS, k), tf.matMul(dS, q, true, false), dV].map(join);
  });
};
