/**
 * Cross-entropy from the softmax's input, as Keras computes it on TensorFlow.
 *
 * tfjs computes "categoricalCrossentropy" from the softmax's output, clipped to 10⁻⁷ … 1 − 10⁻⁷. Beyond that the
 * gradient is 0, so a network that is sure of wrong answers never learns again: after a step that was too large it stays
 * where it is, whatever its normalization. Keras takes the softmax's input instead (`_get_logits` in its TensorFlow
 * backend), whose gradient, softmax − target, is then largest. Where nothing is clipped both are the same.
 *
 * It holds for models whose last layer is dense with the activation "softmax", and is one kernel instead of a dozen.
 */
import * as tf from "@tensorflow/tfjs";
import { softmaxCrossEntropyKernel } from "../wasm/loss";
import { logitsOf } from "./denseLayer";
import { replaceMethod } from "./patch";

type Loss = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** What tfjs's model keeps to itself. */
interface CompiledModel {
  loss: string | string[] | Record<string, string> | Loss | Loss[];
  outputNames: string[];
  lossFunctions: Loss[];
  /** What evaluation tells beside the total, and of which output; with several outputs, each one's loss. */
  metricsTensors: [Loss, number][];
  compile(args: tf.ModelCompileArgs): void;
}

export function patchCrossEntropyLoss(): void {
  const prototype = tf.LayersModel.prototype as unknown as CompiledModel;
  replaceMethod(prototype, "compile", (stock) => {
    return function (this: CompiledModel, args) {
      stock.call(this, args);
      const stockLosses = this.lossFunctions;
      this.lossFunctions = stockLosses.map((stockLoss, i) => {
        const toShares = targetShares[String(nameOfLoss(this, i))];
        return toShares ? crossEntropy(stockLoss, toShares) : stockLoss;
      });
      this.metricsTensors = this.metricsTensors.map(([metric, i]) => [
        metric === stockLosses[i] ? this.lossFunctions[i] : metric,
        i,
      ]);
    };
  });
}

/** The target as a share for each class, by the name of the loss. */
const targetShares: Record<string, (target: tf.Tensor, logits: tf.Tensor) => tf.Tensor> = {
  categoricalCrossentropy: (target) => tf.cast(target, "float32"),
  sparseCategoricalCrossentropy: (target, logits) => {
    const classes = logits.shape[logits.shape.length - 1];
    const labels = tf.cast(tf.reshape(target, [-1]), "int32") as tf.Tensor1D;
    return tf.reshape(tf.cast(tf.oneHot(labels, classes), "float32"), logits.shape);
  },
};

/** The name by which the loss of output i was asked for, if it was by name. */
function nameOfLoss({ loss, outputNames }: CompiledModel, i: number): unknown {
  if (typeof loss === "string") return loss;
  return Array.isArray(loss) ? loss[i] : (loss as Record<string, string>)[outputNames[i]];
}

function crossEntropy(stockLoss: Loss, toShares: (target: tf.Tensor, logits: tf.Tensor) => tf.Tensor): Loss {
  return (target, output) => {
    const logits = logitsOf(output);
    if (logits === undefined) return stockLoss(target, output);
    const shares = toShares(target, logits);
    if (!tf.util.arraysEqual(shares.shape, logits.shape)) return stockLoss(target, output);
    if (tf.getKernel(softmaxCrossEntropyKernel, tf.getBackend())) {
      return tf.engine().runKernel(softmaxCrossEntropyKernel, { target: shares, logits }) as tf.Tensor;
    }
    return tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(logits)), -1));
  };
}
