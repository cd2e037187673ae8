/**
 * Cross-entropy from the softmax's input, as Keras computes it on TensorFlow.
 *
 * tfjs computes "categoricalCrossentropy" from the softmax's output, clipped to 10⁻⁷ … 1 − 10⁻⁷. Beyond that the
 * gradient is 0, so a network that is sure of wrong answers never learns again: after a step that was too large it stays
 * where it is, whatever its normalization. Keras takes the softmax's input instead (`_get_logits` in its TensorFlow
 * backend), whose gradient, softmax − target, is then largest. Where nothing is clipped both are the same.
 *
 * It holds for models whose last layer is dense with the activation "softmax", and is one kernel instead of a dozen.
 *
 * "sparseCategoricalCrossentropy" takes class numbers: [N] or [N, 1] for outputs [N, C], [N, T] or [N, T, 1] for
 * [N, T, C]. A position with the number −1 does not count, neither in the loss nor in the accuracy: both are means over
 * the others (wasm/loss.ts has the formula, from Keras 3's masks; Keras 3 calls it `ignore_class: -1`).
 */
import * as tf from "@tensorflow/tfjs";
import { composedSparseCrossEntropy, overCounted } from "../composed/loss";
import { softmaxCrossEntropyKernel, sparseCrossEntropyKernel } from "../wasm/loss";
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
  outputs: tf.SymbolicTensor[];
  standardizeUserDataXY(x: unknown, y: Targets, ...more: unknown[]): [tf.Tensor[], tf.Tensor[]];
}

type Targets = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor> | null;

export function patchCrossEntropyLoss(): void {
  const prototype = tf.LayersModel.prototype as unknown as CompiledModel;
  replaceMethod(prototype, "compile", (stock) => {
    return function (this: CompiledModel, args) {
      stock.call(this, args);
      const stockLosses = this.lossFunctions;
      const ours = stockLosses.map((_, i) => crossEntropies[String(nameOfLoss(this, i))]);
      const isSparse = (i: number) => ours[i] === sparseCategoricalCrossentropy;
      this.lossFunctions = stockLosses.map((stockLoss, i) => {
        const otherwise = isSparse(i) ? countingOnly(stockLoss) : stockLoss;
        return ours[i] ? fromLogits(otherwise, ours[i]) : otherwise;
      });
      this.metricsTensors = this.metricsTensors.map(([metric, i]) => {
        if (metric === stockLosses[i]) return [this.lossFunctions[i], i];
        return [isSparse(i) ? countingOnly(metric) : metric, i];
      });
    };
  });
  // tfjs asks for [N, T, 1] where Keras takes [N, T].
  replaceMethod(prototype, "standardizeUserDataXY", (stock) => {
    return function (this: CompiledModel, x, y, ...more) {
      return stock.call(this, x, withLastAxis(this, y), ...more);
    };
  });
}

/** Class numbers of shape [N, T], for an output [N, T, C], as [N, T, 1]. */
function withLastAxis(model: CompiledModel, y: Targets): Targets {
  const { outputs, outputNames } = model;
  if (y == null) return y;
  const each = (i: number, target: tf.Tensor): tf.Tensor => {
    const isSparse = nameOfLoss(model, i) === "sparseCategoricalCrossentropy";
    const lacksAxis = target instanceof tf.Tensor && target.rank > 1 && target.rank === outputs[i]?.rank - 1;
    return isSparse && lacksAxis ? tf.expandDims(target, -1) : target;
  };
  if (y instanceof tf.Tensor) return each(0, y);
  if (Array.isArray(y)) return y.map((target, i) => each(i, target));
  return Object.fromEntries(
    Object.entries(y).map(([name, target]) => [name, each(outputNames.indexOf(name), target)]),
  );
}

/** Of (target, logits), one loss a row; undefined where the target's shape does not fit. */
type FromLogits = (target: tf.Tensor, logits: tf.Tensor) => tf.Tensor | undefined;

const available = (kernelName: string): boolean => tf.getKernel(kernelName, tf.getBackend()) !== undefined;

const categoricalCrossentropy: FromLogits = (target, logits) => {
  if (!tf.util.arraysEqual(target.shape, logits.shape)) return undefined;
  const shares = tf.cast(target, "float32");
  if (available(softmaxCrossEntropyKernel)) {
    return tf.engine().runKernel(softmaxCrossEntropyKernel, { target: shares, logits }) as tf.Tensor;
  }
  return tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(logits)), -1));
};

const sparseCategoricalCrossentropy: FromLogits = (labels, logits) => {
  if (labels.size * logits.shape[logits.rank - 1] !== logits.size) return undefined;
  const hasKernel = available(sparseCrossEntropyKernel) && logits.size > 0;
  if (!hasKernel || (labels.dtype !== "float32" && labels.dtype !== "int32")) {
    return composedSparseCrossEntropy(labels, logits);
  }
  return tf.engine().runKernel(sparseCrossEntropyKernel, { labels, logits }) as tf.Tensor;
};

/** By the name of the loss. */
const crossEntropies: Record<string, FromLogits | undefined> = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
};

/** The name by which the loss of output i was asked for, if it was by name. */
function nameOfLoss({ loss, outputNames }: CompiledModel, i: number): unknown {
  if (typeof loss === "string") return loss;
  return Array.isArray(loss) ? loss[i] : (loss as Record<string, string>)[outputNames[i]];
}

function fromLogits(stockLoss: Loss, crossEntropy: FromLogits): Loss {
  return (target, output) => {
    const logits = logitsOf(output);
    return (logits && crossEntropy(target, logits)) ?? stockLoss(target, output);
  };
}

/** A loss or metric of class numbers, a value a position, over the positions that count. */
function countingOnly(metric: Loss): Loss {
  return (labels, output) =>
    tf.tidy(() => {
      const shape = output.shape.slice(0, -1);
      if (tf.util.sizeFromShape(shape) !== labels.size) return metric(labels, output);
      // [N, T] and [N, T, 1] alike, and whole numbers of either type: tfjs looks at the rank, and takes floats.
      const values = metric(tf.cast(tf.reshape(labels, [...shape, 1]), "float32"), output);
      return tf.util.arraysEqual(values.shape, shape) ? overCounted(values, labels) : values;
    });
}
