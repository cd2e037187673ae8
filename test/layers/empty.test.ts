/** An empty batch, as a filter of the data may leave one: nothing is normalized, nothing is learned. */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { methods } from "./methods";

beforeAll(async () => {
  await initBackend();
});

const stock: [string, () => tf.layers.Layer][] = [
  ["tf.layers.batchNormalization", () => tf.layers.batchNormalization({})],
  ["tf.layers.layerNormalization", () => tf.layers.layerNormalization({})],
];
const ours = methods.map(([name, make, config]): [string, () => tf.layers.Layer] => [
  name,
  () => make(config),
]);

describe.each([...ours, ...stock])("an empty batch in %s", (_name, make) => {
  it.each([true, false])("stays empty and leaves every weight as it is, training %s", async (training) => {
    // Numbers where the next tensors will be: what a kernel leaves unwritten is seen.
    tf.dispose(Array.from({ length: 40 }, (_, i) => tf.fill([i + 1], 7)));
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [3, 3, 2], filters: 4, kernelSize: 1 }),
        make(),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 2 }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const weights = () => model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const before = weights();
    const [x, y] = [tf.zeros([0, 3, 3, 2]), tf.zeros([0, 2])];
    if (training) {
      const loss = () => tf.sum(model.apply(x, { training }) as tf.Tensor) as tf.Scalar;
      expect(tf.train.sgd(1).minimize(loss, true)!.dataSync()[0]).toBe(0);
      expect(Number(await model.trainOnBatch(x, y))).toBeNaN(); // a mean over nothing
    } else {
      expect((model.apply(x) as tf.Tensor).shape).toEqual([0, 2]);
    }
    expect(weights()).toEqual(before);
  });
});
