/** Models whose steps can't be recorded, or just so: they train as without recording, and the Run says why. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { initBackend, layers, randomGenerator } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import type { TensorValues } from "../../dist/backend/recording/recordedStep";
import { TrainingSteps } from "../../dist/train/modelSteps";
import { noise } from "../backend/support";

beforeAll(() => initBackend());

/** A layer that does what its function says; `step` counts its calls. */
class Own extends tf.layers.Layer {
  static className = "Own";
  #steps = 0;
  readonly #does: (x: tf.Tensor, step: number) => tf.Tensor;

  constructor(does: (x: tf.Tensor, step: number) => tf.Tensor) {
    super({});
    this.#does = does;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return this.#does([inputs].flat()[0], this.#steps++);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

const shape = [4, 3];

function modelWith(does: (x: tf.Tensor, step: number) => tf.Tensor): tf.LayersModel {
  const dense = (units: number, seed: number) =>
    tf.layers.dense({
      units,
      inputShape: [units === 5 ? 3 : 5],
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
    });
  const model = tf.sequential({ layers: [dense(5, 1), new Own(does), dense(2, 2)] });
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: "meanSquaredError", metrics: ["accuracy"] });
  return model;
}

const batch = (step: number, size = shape[0], scale = 1): [TensorValues, TensorValues] => [
  { values: Float32Array.from(noise(size * 3, step), (value) => value * scale), shape: [size, 3] },
  { values: Float32Array.from(noise(size * 2, 50 + step)), shape: [size, 2] },
];

/** The losses of eight steps and the weights after them, of a model made by `make`; and why it was not recorded. */
async function train(
  make: () => (x: tf.Tensor, step: number) => tf.Tensor,
  mayRecord: boolean,
  batchOf: (step: number) => [TensorValues, TensorValues] = batch,
) {
  const model = modelWith(make());
  const steps = new TrainingSteps(model, mayRecord);
  const { random } = Math;
  Math.random = randomGenerator(3).uniform;
  const scalars: number[][] = [];
  try {
    for (let step = 0; step < 8; step++) scalars.push(await steps.run(batchOf(step)));
  } finally {
    Math.random = random;
  }
  const { problem, replays } = steps;
  steps.dispose();
  const weights = model.getWeights().map((tensor) => Array.from(tensor.dataSync()));
  return { trained: { scalars, weights }, problem, replays };
}

describe("a layer that", () => {
  it.each<[string, string, () => (x: tf.Tensor, step: number) => tf.Tensor]>([
    [
      "branches on its data",
      "reads the values of a tensor",
      () => (x) => (tf.mean(x).dataSync()[0] > 0 ? tf.relu(x) : tf.tanh(x)),
    ],
    [
      "computes something else in every other step",
      "does other operations from step to step",
      () => (x, step) => (step % 2 ? tf.tanh(x) : tf.sigmoid(x)),
    ],
    [
      "computes with a number that grows",
      "computes with numbers of JavaScript that change from step to step",
      () => (x, step) => tf.mul(x, 1 + step / 10),
    ],
    [
      "hands a growing number to a kernel",
      "does other operations from step to step",
      () => (x, step) => tf.leakyRelu(x, step / 10),
    ],
    [
      "takes other intermediate values in every other step",
      "takes other memory from step to step",
      () => (x, step) => {
        const [double, triple] = [tf.mul(x, 2), tf.mul(x, 3)];
        return step % 2 ? tf.sub(double, triple) : tf.sub(triple, double);
      },
    ],
    [
      "needs an intermediate value for longer from the third step on",
      "takes other memory from step to step",
      () => (x, step) => {
        const inner = tf.neg(x);
        const before = tf.neg(inner);
        if (step < 2) inner.dispose();
        return tf.add(tf.tanh(before), before);
      },
    ],
    [
      "needs more room each time",
      "takes other memory from step to step",
      () => (x, step) => tf.add(x, tf.sum(tf.zeros([step + 1]))),
    ],
    [
      "draws its own random numbers",
      "draws random numbers of its own",
      () => (x) => tf.add(x, tf.randomNormal(x.shape, 0, 0.1)),
    ],
    [
      "remembers its last output",
      "keeps tensors from step to step",
      () => {
        let last: tf.Tensor | undefined;
        return (x) => {
          const y = last ? tf.add(x, tf.mul(last, 0.1)) : tf.clone(x);
          last?.dispose();
          last = tf.keep(tf.clone(y));
          return y;
        };
      },
    ],
    [
      "collects its outputs",
      "keeps tensors from step to step",
      () => {
        const collected: tf.Tensor[] = [];
        return (x) => {
          collected.push(tf.keep(tf.clone(x)));
          return tf.tanh(x);
        };
      },
    ],
    [
      "changes a variable that is nobody's weight",
      "keeps tensors from step to step",
      () => {
        const moving = tf.variable(tf.scalar(0), false);
        return (x) => {
          moving.assign(tf.add(tf.mul(moving, 0.9), tf.mul(tf.mean(x), 0.1)) as tf.Scalar);
          return tf.sub(x, moving);
        };
      },
    ],
  ])("%s trains as without recording, which says so", async (_, problem, make) => {
    const expected = await train(make, false);
    const actual = await train(make, true);
    expect(actual).toEqual({ ...expected, problem, replays: 0 });
  });

  it.each<[string, () => (x: tf.Tensor) => tf.Tensor, (step: number) => [TensorValues, TensorValues]]>([
    ["numbers beyond float32", () => (x) => tf.exp(tf.mul(x, 40)), (step) => batch(step, 4, 100)],
    ["no number", () => (x) => tf.log(x), batch],
    ["batches without examples", () => (x) => tf.tanh(x), (step) => batch(step, step % 3 ? 4 : 0)],
    ["a batch of another size each time", () => (x) => tf.tanh(x), (step) => batch(step, 1 + (step % 3))],
    ["the inputs themselves", () => (x) => x, batch],
    [
      "what another layer shares",
      () => (x) => tf.concat([tf.slice(x, [0, 2], [-1, 3]), tf.reverse(tf.slice(x, [0, 0], [-1, 2]), 1)], 1),
      batch,
    ],
  ])("answers %s: recorded, to the last bit the same", async (_, make, batchOf) => {
    const expected = await train(make, false, batchOf);
    const actual = await train(make, true, batchOf);
    expect(actual.trained).toEqual(expected.trained);
    expect(actual.problem).toBeUndefined();
  });
});

it.each<[string, number, number, RegExp]>([
  ["a token beyond the vocabulary", 7, 0, /gather: an index is 7/],
  ["a label beyond the classes", 0, 9, /a label is 9/],
])("%s is named in a recorded step, too", async (_, token, label, message) => {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 5, outputDim: 3, inputLength: 2 }),
      tf.layers.dense({ units: 4, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const steps = new TrainingSteps(model, true);
  const words = (wrong: number, target: number): [TensorValues, TensorValues] => [
    { values: Int32Array.of(1, wrong, 2, 4), shape: [2, 2] },
    { values: Float32Array.of(0, target, 3, -1), shape: [2, 2, 1] },
  ];
  for (let step = 0; step < 5; step++) await steps.run(words(0, 0));
  expect(steps.replays).toBeGreaterThan(0);
  await expect(steps.run(words(token, label))).rejects.toThrow(message);
  steps.dispose();
});

it("batches of more sizes than are recorded train the same", async () => {
  const losses = async (mayRecord: boolean) => {
    const steps = new TrainingSteps(modelWith(tf.tanh), mayRecord);
    const all: number[] = [];
    for (let round = 0; round < 4; round++) {
      for (let size = 1; size <= 12; size++) all.push(...(await steps.run(batch(size + round, size))));
    }
    const { replays } = steps;
    steps.dispose();
    return { all, replays };
  };
  const [plain, recorded] = [await losses(false), await losses(true)];
  expect(recorded.all).toEqual(plain.all);
  // The first step of all is tfjs's; of the sizes 2 to 9 the first two are watched and recorded, the rest done again.
  expect(recorded.replays).toBe(8 * 2);
});

it("a step that throws while it is recorded leaves the weights of the step before", async () => {
  let fails = false;
  const model = modelWith((x) => {
    if (fails) throw new Error("the layer gave up");
    return tf.tanh(x);
  });
  const steps = new TrainingSteps(model, true);
  for (const step of [0, 1]) await steps.run(batch(step));
  const before = model.getWeights().map((tensor) => tensor.arraySync());
  fails = true;
  await expect(steps.run(batch(2))).rejects.toThrow("the layer gave up");
  expect(model.getWeights().map((tensor) => tensor.arraySync())).toEqual(before);
  fails = false;
  const [loss] = await steps.run(batch(3));
  expect(loss).toBeGreaterThan(0);
  steps.dispose();
});

it("weights that are set between steps count", async () => {
  const outcomes = [false, true].map(async (mayRecord) => {
    const model = modelWith((x) => tf.tanh(x));
    const steps = new TrainingSteps(model, mayRecord);
    for (let step = 0; step < 5; step++) await steps.run(batch(step));
    model.setWeights(model.getWeights().map((tensor) => tf.mul(tensor, 0.5)));
    const scalars = [await steps.run(batch(5)), await steps.run(batch(6))];
    steps.dispose();
    return scalars;
  });
  const [plain, recorded] = await Promise.all(outcomes);
  expect(recorded).toEqual(plain);
});

it("five thousand steps take no more memory than fifty", async () => {
  // The largest along an axis in the middle: a kernel of tfjs's, which frees what it transposes.
  const model = modelWith((x) => tf.add(tf.tanh(x), tf.max(x, 0, true)));
  const steps = new TrainingSteps(model, true);
  const sizes = () => {
    const { dataIdMap, wasm } = tf.backend() as BackendWasm;
    const heap = (wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8.length;
    return { tensors: tf.memory().numTensors, data: dataIdMap.numDataIds(), heap };
  };
  for (let step = 0; step < 50; step++) await steps.run(batch(step, 4 - (step % 2)));
  const before = sizes();
  for (let step = 0; step < 5000; step++) await steps.run(batch(step % 7, 4 - (step % 2)));
  expect(sizes()).toEqual(before);
  expect(steps.replays).toBeGreaterThan(5000);
  steps.dispose();
});

it("a recorded step works in room of its own, which other kernels don't give back", async () => {
  const product = (x: tf.Tensor) => tf.matMul(tf.matMul(x, x, false, true), x) as tf.Tensor;
  const losses = async (mayRecord: boolean) => {
    const steps = new TrainingSteps(modelWith(product), mayRecord);
    for (let step = 0; step < 5; step++) await steps.run(batch(step));
    // More room than any kernel has had here: what there was is given back, and taken by the tensors.
    const size = mayRecord ? 700 : 650;
    tf.tidy(() => tf.matMul(tf.ones([size, size]), tf.ones([size, size])));
    const others = Array.from({ length: 100 }, (_, i) => tf.fill([500 * (1 + (i % 20))], 7));
    const scalars = [];
    for (let step = 5; step < 8; step++) scalars.push(await steps.run(batch(step)));
    expect(others.every((tensor) => tensor.dataSync().every((value) => value === 7))).toBe(true);
    tf.dispose(others);
    steps.dispose();
    return scalars;
  };
  expect(await losses(true)).toEqual(await losses(false));
});

it("gives back all that it took, and so does the model when it is disposed of", async () => {
  const sizes = () => ({
    tensors: tf.memory().numTensors,
    data: (tf.backend() as BackendWasm).dataIdMap.numDataIds(),
  });
  const empty = sizes();
  // Over an axis in the middle layer norm is composed of tfjs's operations, γ and β among their inputs.
  const optimizer = tf.train.adam(0.01);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, inputShape: [3] }),
      tf.layers.reshape({ targetShape: [3, 2] }),
      layers.layerNorm({ axis: 1 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.compile({ optimizer, loss: "meanSquaredError", metrics: ["accuracy"] });
  const plain = new TrainingSteps(model, false);
  await plain.run(batch(0));
  const before = sizes();
  const steps = new TrainingSteps(model, true);
  for (let step = 0; step < 8; step++) await steps.run(batch(step, 4 - (step % 2)));
  expect(steps.replays).toBeGreaterThan(0);
  steps.dispose();
  expect(sizes()).toEqual(before);
  await plain.run(batch(1));
  expect(sizes()).toEqual(before);
  model.dispose();
  optimizer.dispose();
  expect(sizes()).toEqual(empty);
});
