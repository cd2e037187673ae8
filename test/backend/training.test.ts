import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { describe, expect, it } from "vitest";
import { initBackend } from "normlab";
import { noise, on, relativeError } from "./support";

type Build = (model: tf.Sequential) => void;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

/** Small models that together meet strides, padding, dilation, odd channels, depthwise and every stock norm. */
const architectures: Record<string, { input: number[]; batch?: number; build: Build }> = {
  "the course's CNN, small": {
    input: [12, 12, 1],
    build: (model) => {
      model.add(conv({ filters: 8, activation: "relu" }, 1));
      model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
      model.add(conv({ filters: 16, activation: "relu" }, 2));
    },
  },
  "batch norm": {
    input: [9, 9, 3],
    build: (model) => {
      model.add(conv({ filters: 8, activation: "relu" }, 1));
      model.add(
        tf.layers.batchNormalization({ gammaInitializer: tf.initializers.randomUniform({ seed: 4 }) }),
      );
      model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    },
  },
  "layer norm": {
    input: [9, 9, 3],
    build: (model) => {
      model.add(conv({ filters: 8, activation: "relu" }, 1));
      model.add(tf.layers.layerNormalization({}));
      model.add(tf.layers.averagePooling2d({ poolSize: 2 }));
    },
  },
  "strides, same padding, odd channels": {
    input: [11, 10, 3],
    build: (model) => {
      model.add(conv({ filters: 5, strides: 2, padding: "same", activation: "relu" }, 1));
      model.add(conv({ filters: 7, kernelSize: [2, 3], strides: [1, 2], padding: "same" }, 2));
    },
  },
  "batch of one": {
    input: [8, 8, 2],
    batch: 1,
    build: (model) => model.add(conv({ filters: 4, padding: "same", activation: "tanh" }, 1)),
  },
  depthwise: {
    input: [8, 8, 3],
    build: (model) => {
      model.add(
        tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, depthwiseInitializer: seeded(1) }),
      );
      model.add(tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }));
    },
  },
};

function conv(config: object, seed: number): tf.layers.Layer {
  return tf.layers.conv2d({ filters: 8, kernelSize: 3, kernelInitializer: seeded(seed), ...config });
}

function trainTenSteps(name: string): tf.Tensor[] {
  const { input, build, batch = 4 } = architectures[name];
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: input }));
  build(model);
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 6, activation: "relu", kernelInitializer: seeded(8) }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(9) }));
  const size = tf.util.sizeFromShape([batch, ...input]);
  const x = tf.tensor(noise(size), [batch, ...input]);
  const labels = tf.oneHot(
    Array.from({ length: batch }, (_, i) => i % 3),
    3,
  );
  const optimizer = tf.train.momentum(0.02, 0.9);
  const loss = () =>
    tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
  const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
  const { value, grads } = tf.variableGrads(loss, variables);
  for (let step = 0; step < 10; step++) optimizer.minimize(loss, false, variables);
  const weights = model.getWeights().map((weight) => weight.clone());
  const gradients = variables.map((variable) => grads[variable.name]);
  tf.dispose([x, labels, value]);
  optimizer.dispose();
  model.dispose();
  return [...gradients, ...weights];
}

describe("training", () => {
  it.each(Object.keys(architectures))("gradients and ten steps agree with tfjs's cpu: %s", async (name) => {
    const expected = await on("cpu", () => trainTenSteps(name));
    const got = await on("wasm", () => trainTenSteps(name));
    expect(got).toHaveLength(expected.length);
    got.forEach((values, i) => expect(relativeError(values, expected[i]), `tensor ${i}`).toBeLessThan(1e-4));
  });

  it("gives the same bits twice", async () => {
    const first = await on("wasm", () => trainTenSteps("batch norm"));
    const second = await on("wasm", () => trainTenSteps("batch norm"));
    first.forEach((values, i) => expect(Array.from(values)).toEqual(Array.from(second[i])));
  });

  it("keeps tensors and heap flat over 2,000 steps", async () => {
    await initBackend();
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [8, 8, 1] }));
    model.add(conv({ activation: "relu" }, 1));
    model.add(tf.layers.batchNormalization({}));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
    model.compile({
      optimizer: tf.train.adam(0.001),
      loss: "categoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const x = tf.tensor(noise(8 * 64), [8, 8, 8, 1]);
    const y = tf.oneHot([0, 1, 2, 0, 1, 2, 0, 1], 3);
    const step = () => model.trainOnBatch(x, y);
    for (let i = 0; i < 3; i++) await step();
    const { numTensors, numBytes } = tf.memory();
    const heapSize = () =>
      ((tf.backend() as BackendWasm).wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8.length;
    const before = heapSize();
    for (let i = 0; i < 2000; i++) await step();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(heapSize()).toBe(before);
  });
});

describe("stock normalization layers", () => {
  it.each([
    { center: false, scale: true },
    { center: true, scale: false },
    { center: false, scale: false },
  ])("train and infer without some parameters: %o", async (config) => {
    await initBackend();
    for (const layer of [tf.layers.batchNormalization(config), tf.layers.layerNormalization(config)]) {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 5, inputShape: [4], kernelInitializer: seeded(3) }), layer],
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.tensor(noise(32), [8, 4]);
      const y = tf.tensor(noise(40, 2), [8, 5]);
      const before = Number(await model.trainOnBatch(x, y));
      for (let i = 0; i < 30; i++) await model.trainOnBatch(x, y);
      expect(Number(await model.trainOnBatch(x, y))).toBeLessThan(before);
      const predicted = model.predict(x) as tf.Tensor;
      expect(predicted.shape).toEqual([8, 5]);
      expect(Array.from(predicted.dataSync()).every(Number.isFinite)).toBe(true);
    }
  });

  it("moves the statistics of batch norm and uses them in inference", async () => {
    await initBackend();
    const layer = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-3 });
    const x = tf.tensor(noise(60), [20, 3]);
    layer.apply(x, { training: true });
    const { mean, variance } = tf.moments(x, 0);
    const [, , movingMean, movingVariance] = layer.getWeights();
    expect(relativeError(movingMean.dataSync(), tf.mul(mean, 0.1).dataSync())).toBeLessThan(1e-5);
    expect(
      relativeError(movingVariance.dataSync(), tf.add(tf.mul(variance, 0.1), 0.9).dataSync()),
    ).toBeLessThan(1e-5);
    const y = layer.apply(x) as tf.Tensor;
    const expected = tf.div(tf.sub(x, movingMean), tf.sqrt(tf.add(movingVariance, 1e-3)));
    expect(relativeError(y.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
  });
});

// Keras on TensorFlow takes the softmax's input, so that a network which is sure of a wrong answer learns still.
describe("cross-entropy of a softmax", () => {
  const logits = [
    [1, 2, 3],
    [90, -90, 0],
    [-500, 400, 0],
  ];
  const classes = [0, 1, 2];
  const shares = (row: number[]) =>
    row.map((z) => 1 / row.reduce((sum, other) => sum + Math.exp(other - z), 0));
  const expectedLoss =
    logits.reduce((sum, row, i) => {
      const top = Math.max(...row);
      return sum + top + Math.log(row.reduce((all, z) => all + Math.exp(z - top), 0)) - row[classes[i]];
    }, 0) / 3;

  /** Biases of 0 and an identity as kernel make the examples the logits, and the step of SGD shows the gradient. */
  async function lossAndGradient(
    loss: string,
  ): Promise<{ loss: number; evaluated: number; gradient: number[] }> {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [3], activation: "softmax", kernelInitializer: "identity" }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss });
    const x = tf.tensor(logits);
    const y = loss.startsWith("sparse") ? tf.tensor(classes, [3, 1]) : tf.oneHot(classes, 3);
    const evaluated = ((await model.evaluate(x, y)) as tf.Scalar).dataSync()[0];
    const trained = Number(await model.trainOnBatch(x, y));
    return { loss: trained, evaluated, gradient: Array.from(model.getWeights()[1].dataSync(), (b) => -b) };
  }

  it.each(["wasm", "cpu"] as const)("is computed from the softmax's input on %s", async (backend) => {
    await initBackend();
    const gradient = [0, 1, 2].map(
      (k) => logits.reduce((sum, row, i) => sum + shares(row)[k] - (classes[i] === k ? 1 : 0), 0) / 3,
    );
    await tf.setBackend(backend);
    for (const loss of ["categoricalCrossentropy", "sparseCategoricalCrossentropy"]) {
      const got = await lossAndGradient(loss);
      expect(got.loss).toBeCloseTo(expectedLoss, 4);
      expect(got.evaluated).toBeCloseTo(expectedLoss, 4);
      got.gradient.forEach((value, k) => expect(value).toBeCloseTo(gradient[k], 5));
    }
    await tf.setBackend("wasm");
  });

  it("takes labels as whole numbers, too", async () => {
    await initBackend();
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [3], activation: "softmax", kernelInitializer: "identity" }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    const labels = tf.tensor(classes, [3, 1], "int32");
    expect(Number(await model.trainOnBatch(tf.tensor(logits), labels))).toBeCloseTo(expectedLoss, 4);
  });

  it("is what evaluation tells of each of several outputs", async () => {
    await initBackend();
    const inputs = tf.input({ shape: [3] });
    const head = () => tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: "identity" });
    const model = tf.model({
      inputs,
      outputs: [head(), head()].map((layer) => layer.apply(inputs)) as never,
    });
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
    const y = tf.oneHot(classes, 3);
    const told = (model.evaluate(tf.tensor(logits), [y, y]) as tf.Scalar[]).map(
      (scalar) => scalar.dataSync()[0],
    );
    told.slice(-2).forEach((loss) => expect(loss).toBeCloseTo(expectedLoss, 4));
  });

  it("leaves nothing behind", async () => {
    await initBackend();
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [3], activation: "softmax" })],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss: "categoricalCrossentropy" });
    const x = tf.tensor(logits);
    const y = tf.oneHot(classes, 3);
    const use = async () => {
      await model.trainOnBatch(x, y);
      tf.dispose([model.evaluate(x, y), model.predict(x), model.layers[0].apply(x) as tf.Tensor]);
    };
    await use();
    const before = tf.memory().numTensors;
    await use();
    expect(tf.memory().numTensors).toBe(before);
  });
});

interface Compiled {
  lossFunctions: ((target: tf.Tensor, output: tf.Tensor) => tf.Tensor)[];
}

describe("a compiled model", () => {
  it("has tfjs's loss, and the weights that follow from it", async () => {
    const train = (): tf.Tensor[] => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 7, inputShape: [5], activation: "relu", kernelInitializer: seeded(1) }),
          tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(2) }),
        ],
      });
      model.compile({ optimizer: tf.train.sgd(0.3), loss: "categoricalCrossentropy" });
      const x = tf.tensor(noise(45), [9, 5]);
      // Not all rows are one-hot, nor do they sum to 1.
      const y = tf.tensor(
        noise(27, 4).map((value) => Math.max(0, value)),
        [9, 3],
      );
      const losses = Array.from({ length: 10 }, () => {
        const variables = model.trainableWeights.map(
          (weight) => (weight as unknown as { val: tf.Variable }).val,
        );
        const [loss] = (model as unknown as { model: Compiled }).model.lossFunctions;
        const mean = () => tf.mean(loss(y, model.apply(x) as tf.Tensor)) as tf.Scalar;
        return (model.optimizer as tf.Optimizer).minimize(mean, true, variables)!;
      });
      return [...losses, ...model.getWeights().map((weight) => weight.clone())];
    };
    const expected = await on("cpu", train);
    const got = await on("wasm", train);
    got.forEach((values, i) => expect(relativeError(values, expected[i]), `tensor ${i}`).toBeLessThan(1e-5));
  });
});
