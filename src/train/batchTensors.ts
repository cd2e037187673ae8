import * as tf from "@tensorflow/tfjs";
import { type Batch, oneHot } from "../data";
import { classesOf } from "./settings";

/**
 * Turns a batch into the tensors that the model and its loss expect. Labels of shape [batch, …] become class numbers
 * [batch, …, 1] for "sparseCategoricalCrossentropy" and for yes-or-no outputs, else one-hot rows [batch, …, classes].
 */
export function batchTensors(model: tf.LayersModel): (batch: Batch) => [tf.Tensor, tf.Tensor] {
  const classes = classesOf(model);
  const asNumbers = classes === 1 || model.loss === "sparseCategoricalCrossentropy";
  return ({ images, shape, labels, labelShape }) => [
    tf.tensor(images, shape),
    asNumbers
      ? tf.tensor(Float32Array.from(labels), [...labelShape, 1])
      : tf.tensor(oneHot(labels, classes), [...labelShape, classes]),
  ];
}
