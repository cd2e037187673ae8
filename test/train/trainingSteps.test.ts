/**
 * Steps that are recorded against the same steps as tfjs does them, to the last bit: architectures drawn at random,
 * with every optimizer, losses, metrics, odd last batches, and layers that draw random numbers.
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { initBackend, layers, randomGenerator } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import type { TensorValues } from "../../dist/backend/recording/recordedStep";
import { EvaluationSteps, TrainingSteps } from "../../dist/train/modelSteps";
import { optimizerVariables } from "../../dist/train/optimizerState";
import { type Architecture, architecture, build } from "../backend/architectures";
import { noise } from "../backend/support";

const numRuns = Number(process.env.NORMLAB_ARCHITECTURES ?? 40);

beforeAll(() => initBackend());

const optimizers: (() => tf.Optimizer)[] = [
  () => tf.train.adam(0.01),
  () => tf.train.sgd(0.05),
  () => tf.train.momentum(0.05, 0.9),
  () => tf.train.momentum(0.05, 0.9, true),
  () => tf.train.rmsprop(0.01),
  () => tf.train.rmsprop(0.01, 0.9, 0.1, undefined, true),
  () => tf.train.adagrad(0.05),
  () => tf.train.adadelta(0.5),
  () => tf.train.adamax(0.01),
];
const losses = ["meanSquaredError", "categoricalCrossentropy", "sparseCategoricalCrossentropy", "logcosh"];
const classes = 3;

/** Batches of four and, at the end of each epoch of three steps, of two. */
const sizes = [4, 4, 2, 4, 4, 2, 4, 4, 2, 4];

type Batch = [TensorValues, TensorValues];

/**
 * What ten steps leave behind: losses and metrics, of evaluations in between, too, weights, the optimizer's variables, and
 * its count.
 */
async function train(
  model: tf.LayersModel,
  batches: Batch[],
  mayRecord: boolean,
): Promise<{ trained: unknown; problem: string | undefined; recorded: boolean }> {
  const steps = new TrainingSteps(model, mayRecord);
  const { random } = Math;
  Math.random = randomGenerator(7).uniform;
  const evaluation = new EvaluationSteps(model, mayRecord);
  const evaluated = (batch: Batch): number[] => {
    if (mayRecord) return evaluation.run(batch);
    const [x, y] = batch.map(({ values, shape }) => tf.tensor(values, shape));
    const outcome = model.evaluate(x, y, { batchSize: x.shape[0] }) as tf.Scalar[];
    const values = outcome.map((scalar) => scalar.dataSync()[0]);
    tf.dispose([x, y, outcome]);
    return values;
  };
  const scalars: number[][] = [];
  try {
    for (const [i, batch] of batches.entries()) {
      scalars.push(await steps.run(batch));
      if (i % 2 === 0) for (const other of batches.slice(0, 4)) scalars.push(evaluated(other));
    }
  } finally {
    Math.random = random;
  }
  const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
  const trained = {
    scalars,
    weights: model.getWeights().map(values),
    optimizer: optimizerVariables(model.optimizer).map(values),
    iterations: model.optimizer.iterations,
  };
  const recorded = steps.replays > 0;
  const { problem } = steps;
  steps.dispose();
  evaluation.dispose();
  return { trained, problem, recorded };
}

/** Twice the same model, with the same weights; `build` makes one. */
async function both(build: () => tf.LayersModel, batches: Batch[]): ReturnType<typeof train> {
  const [plain, recorded] = [build(), build()];
  recorded.setWeights(plain.getWeights());
  const { numTensors } = tf.memory();
  const expected = await train(plain, batches, false);
  const slots = tf.memory().numTensors - numTensors;
  const actual = await train(recorded, batches, true);
  expect(actual.trained).toEqual(expected.trained);
  expect(tf.memory().numTensors - numTensors, "tensors left over").toBe(2 * slots);
  tf.dispose([plain.getWeights(), recorded.getWeights()]);
  return actual;
}

function batchesFor(shape: number[], words: number | undefined, loss: string): Batch[] {
  return sizes.map((size, step) => {
    const input = [size, ...shape];
    const x = noise(tf.util.sizeFromShape(input), step);
    const word = (value: number) => Math.floor(Math.abs(value) * 10) % words!;
    const labels = noise(size, 100 + step).map((value) => Math.floor(Math.abs(value) * 10) % classes);
    const oneHot = new Float32Array(size * classes);
    labels.forEach((label, row) => (oneHot[row * classes + label] = 1));
    return [
      { values: words === undefined ? Float32Array.from(x) : Float32Array.from(x, word), shape: input },
      loss === "sparseCategoricalCrossentropy"
        ? { values: Float32Array.from(labels), shape: [size, 1] }
        : { values: oneHot, shape: [size, classes] },
    ];
  });
}

it("architectures, optimizers and losses drawn at random", { timeout: 60_000 + numRuns * 2000 }, async () => {
  let [recorded, all] = [0, 0];
  const problems = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      architecture,
      fc.constantFrom(...optimizers),
      fc.constantFrom(...losses),
      async (drawn: Architecture, optimizer, loss) => {
        let [input, words] = [[] as number[], undefined as number | undefined];
        const make = () => {
          const body = build(drawn);
          [input, words] = [body.shape.slice(1), body.words];
          let y = body.model.outputs[0];
          if (y.rank > 2) y = tf.layers.flatten().apply(y) as tf.SymbolicTensor;
          const activation = loss === "meanSquaredError" || loss === "logcosh" ? "linear" : "softmax";
          const head = tf.layers.dense({ units: classes, activation, kernelRegularizer: "l1l2" });
          const model = tf.model({ inputs: body.model.inputs, outputs: head.apply(y) as tf.SymbolicTensor });
          model.compile({ optimizer: optimizer(), loss, metrics: ["accuracy"] });
          return model;
        };
        make();
        const result = await both(make, batchesFor(input, words, loss));
        all++;
        if (result.recorded) recorded++;
        else problems.add(result.problem ?? "?");
      },
    ),
    { seed: 20_161_121, numRuns },
  );
  expect([...problems]).toEqual([]);
  expect(recorded).toBe(all);
});

describe("layers that draw random numbers", () => {
  it.each<[string, () => tf.layers.Layer]>([
    ["dropout", () => tf.layers.dropout({ rate: 0.4 })],
    ["dropout of whole rows", () => tf.layers.dropout({ rate: 0.4, noiseShape: [null, 1] as number[] })],
    ["dropout with a seed", () => tf.layers.dropout({ rate: 0.4, seed: 3 })],
    ["Gaussian noise", () => tf.layers.gaussianNoise({ stddev: 0.3 })],
    ["Gaussian dropout", () => tf.layers.gaussianDropout({ rate: 0.3 })],
    ["alpha dropout", () => tf.layers.alphaDropout({ rate: 0.3 })],
  ])("%s", async (_, noisy) => {
    const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
    const make = () => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 6, inputShape: [5], kernelInitializer: seeded(1) }),
          noisy(),
          layers.batchNorm(),
          noisy(),
          tf.layers.dense({ units: classes, activation: "softmax", kernelInitializer: seeded(2) }),
        ],
      });
      model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
      return model;
    };
    const { problem, recorded } = await both(make, batchesFor([5], undefined, "categoricalCrossentropy"));
    expect(problem).toBeUndefined();
    expect(recorded).toBe(true);
  });
});
