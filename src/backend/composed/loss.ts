/** Cross-entropy of class numbers from tfjs's operations, on any backend. */
import * as tf from "@tensorflow/tfjs";

/** The class number of a position that does not count. */
const IGNORED = -1;

/** all / counted times the values of positions that count, and 0 for the others: their mean is that of the counted. */
export function overCounted(values: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const counts = tf.reshape(tf.cast(tf.notEqual(labels, IGNORED), "float32"), values.shape);
  const weight = tf.div(labels.size, tf.maximum(tf.sum(counts), 1));
  return tf.mul(values, tf.mul(counts, weight));
}

/** wasm/loss.ts's sparseCrossEntropyKernel. A class number that is none counts as right, with loss 0. */
export function composedSparseCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const classes = logits.shape[logits.rank - 1];
    const numbers = tf.cast(tf.floor(tf.cast(tf.reshape(labels, [-1]), "float32")), "int32");
    const targets = tf.reshape(tf.cast(tf.oneHot(numbers, classes), "float32"), logits.shape);
    return overCounted(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)), labels);
  });
}
