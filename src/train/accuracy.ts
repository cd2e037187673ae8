/** The share of right answers, where some labels don't count. */
import * as tf from "@tensorflow/tfjs";

/** What a model is compiled with, so that it answers [loss, accuracy]. */
export function accuracyOf(model: tf.LayersModel, loss: unknown): tf.ModelCompileArgs["metrics"] {
  const isSequence = model.outputs[0].shape.length > 2;
  // tfjs's types know names of metrics only; it takes functions, too.
  return isSequence && loss === "sparseCategoricalCrossentropy"
    ? [countedAccuracy as unknown as string]
    : ["accuracy"];
}

/**
 * accuracy = Σ [target ≥ 0 and argmax(output) = target] / Σ [target ≥ 0], a scalar; 0 where no label counts.
 *
 * target: class numbers [batch, T, 1], −1 where there is none; output: [batch, T, classes]. tfjs's own
 * "sparseCategoricalAccuracy" takes −1 for a wrong answer.
 */
export function countedAccuracy(target: tf.Tensor, output: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const labels = tf.reshape(target, output.shape.slice(0, -1));
    const right = tf.equal(labels, tf.cast(tf.argMax(output, -1), labels.dtype));
    const counted = tf.sum(tf.cast(tf.greaterEqual(labels, 0), "float32"));
    return tf.div(tf.sum(tf.cast(right, "float32")), tf.maximum(counted, 1));
  });
}
