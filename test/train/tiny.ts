import * as tf from "@tensorflow/tfjs";
import { type Dataset, loadMnist, type Run } from "normlab";

/** A model small enough that an epoch takes a moment; `extra` layers come before the last one. */
export function tinyModel({
  extra = [],
  units = 16,
  optimizer = "adam",
  loss = "categoricalCrossentropy",
}: {
  extra?: tf.layers.Layer[];
  units?: number;
  optimizer?: string | tf.Optimizer;
  loss?: tf.ModelCompileArgs["loss"];
} = {}): tf.Sequential {
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(tf.layers.dense({ units, activation: "relu", kernelInitializer: initializer(1) }));
  for (const layer of extra) model.add(layer);
  model.add(tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: initializer(2) }));
  model.compile({ optimizer, loss, metrics: ["accuracy"] });
  return model;
}

export const someDigits = (limit = 400): Dataset => {
  const { train, test } = loadMnist({ limit });
  return { train, test };
};

/** The numbers of all weights, one array a tensor. */
export const weightsOf = (model: tf.LayersModel): number[][] =>
  model.getWeights().map((tensor) => Array.from(tensor.dataSync()));

/** A Run without its times: what must be the same twice. */
export const withoutTimes = ({ timings: _, ...run }: Run): Omit<Run, "timings"> => run;

/** The loss and accuracy that tfjs itself finds for the examples from `start` to `end`. */
export function evaluate(
  model: tf.LayersModel,
  { images, labels, shape }: Dataset["train"],
  start: number,
  end: number,
): [number, number] {
  return tf.tidy(() => {
    const x = tf
      .tensor(Float32Array.from(images), shape)
      .div(255)
      .slice([start], [end - start]);
    const y = tf.oneHot(tf.tensor1d(Int32Array.from(labels), "int32"), 10).slice([start], [end - start]);
    const [loss, accuracy] = model.evaluate(x, y, { batchSize: end - start }) as tf.Scalar[];
    return [loss.dataSync()[0], accuracy.dataSync()[0]];
  });
}
