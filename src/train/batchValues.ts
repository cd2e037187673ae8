import type * as tf from "@tensorflow/tfjs";
import type { TensorValues } from "../backend/recording/recordedStep";
import { type Batch, oneHot } from "../data";
import { classesOf } from "./settings";

/** A batch as its model takes it: inputs, then targets. */
export type BatchValues = readonly [TensorValues, TensorValues];

/**
 * Turns a batch into what the model and its loss expect. Labels of shape [batch, …] become class numbers
 * [batch, …, 1] for "sparseCategoricalCrossentropy" and for yes-or-no outputs, else one-hot rows [batch, …, classes].
 */
export function batchValues(model: tf.LayersModel): (batch: Batch) => BatchValues {
  const classes = classesOf(model);
  const asNumbers = classes === 1 || model.loss === "sparseCategoricalCrossentropy";
  return ({ images, shape, labels, labelShape }) => [
    { values: images, shape },
    asNumbers
      ? { values: Float32Array.from(labels), shape: [...labelShape, 1] }
      : { values: oneHot(labels, classes), shape: [...labelShape, classes] },
  ];
}
