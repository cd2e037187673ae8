/** Models with an answer at each position of a sequence, trained like any other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { type Dataset, initBackend, padded, train, windows } from "normlab";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { weightsOf, withoutTimes } from "./tiny";

beforeAll(async () => {
  await initBackend();
});

const letters = [..."\n the quickbrownfxjmpsvlazydg"];
const text = "the quick brown fox jumps over the lazy dog\n".repeat(30);
const tokens = Array.from(text, (letter) => letters.indexOf(letter));
const sentences = (): Dataset => ({ train: windows(tokens, { length: 8, stride: 5 }) });

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
/** Embedding, a recurrent layer or none, and a softmax at each of `length` positions (null: any). */
function characterModel({
  length = 8,
  recurrent = false,
  loss = "sparseCategoricalCrossentropy",
}: { length?: number | null; recurrent?: boolean; loss?: tf.ModelCompileArgs["loss"] } = {}): tf.Sequential {
  const model = tf.sequential();
  model.add(
    tf.layers.embedding({
      inputDim: letters.length,
      outputDim: 12,
      embeddingsInitializer: seeded(1),
      batchInputShape: [null, length],
    }),
  );
  if (recurrent) {
    model.add(
      tf.layers.simpleRNN({
        units: 16,
        returnSequences: true,
        kernelInitializer: seeded(2),
        recurrentInitializer: seeded(3),
      }),
    );
  }
  model.add(tf.layers.dense({ units: letters.length, activation: "softmax", kernelInitializer: seeded(4) }));
  model.compile({ optimizer: tf.train.adam(0.02), loss });
  return model;
}

describe("train with a label at each position", () => {
  it.each([false, true])("learns the next letter in its worker (recurrent: %s)", async (recurrent) => {
    const model = characterModel({ recurrent });
    const data = sentences();
    const run = await train(model, { ...data, test: data.train }, { epochs: 8, batchSize: 16 });
    expect(run.notes).toEqual([]);
    expect(run.steps.loss[0]).toBeCloseTo(Math.log(letters.length), 0);
    expect(run.epochs[7].loss).toBeLessThan(recurrent ? 1 : 1.6);
    expect(run.epochs[7].accuracy).toBeGreaterThan(recurrent ? 0.75 : 0.55);
    // What tfjs itself finds for all of them at once.
    const { images, labels, shape } = data.train;
    const [loss, accuracy] = tf.tidy(() => {
      const output = model.predict(tf.tensor(images, shape)) as tf.Tensor;
      const flat = tf.reshape(output, [-1, letters.length]);
      const target = tf.oneHot(tf.tensor1d(labels as Int32Array, "int32"), letters.length);
      const right = tf.equal(tf.argMax(flat, -1), tf.argMax(target, -1));
      return [
        tf.neg(tf.mean(tf.sum(tf.mul(target, tf.log(flat)), -1))).dataSync()[0],
        tf.mean(tf.cast(right, "float32")).dataSync()[0],
      ];
    });
    expect(run.test!.loss).toBeCloseTo(loss, 4);
    expect(run.test!.accuracy).toBeCloseTo(accuracy, 6);
  });

  it("weighs batches of different sizes alike in an epoch's means", async () => {
    // With a learning rate of 0 all steps see the same weights, so an epoch's mean is the test's.
    const model = characterModel();
    model.compile({ optimizer: tf.train.sgd(0), loss: "sparseCategoricalCrossentropy" });
    const data = sentences();
    const options = { epochs: 1, batchSize: 50, validationSplit: 0 };
    const run = await train(model, { ...data, test: data.train }, options);
    expect(data.train.shape[0] % 50).toBeGreaterThan(0);
    expect(run.epochs[0].loss).toBeCloseTo(run.test!.loss, 5);
    expect(run.epochs[0].accuracy).toBeCloseTo(run.test!.accuracy, 6);
  });

  it("gives the same on the notebook's thread, and with one-hot targets", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const options = { name: "same", epochs: 2, batchSize: 16 };
    const here = await train(
      characterModel({ loss: (a, b) => tf.metrics.categoricalCrossentropy(a, b) }),
      sentences(),
      options,
    );
    warn.mockRestore();
    const sparse = await train(characterModel(), sentences(), options);
    const oneHot = await train(characterModel({ loss: "categoricalCrossentropy" }), sentences(), options);
    for (const run of [here, oneHot]) {
      run.steps.loss.forEach((loss, step) => expect(loss).toBeCloseTo(sparse.steps.loss[step], 4));
      run.steps.accuracy.forEach((share, step) => expect(share).toBeCloseTo(sparse.steps.accuracy[step], 6));
    }
  });

  it("is interrupted within a step, and goes on from a checkpoint as if it had trained at once", async () => {
    const controller = new AbortController();
    const stopped = await train(characterModel(), sentences(), {
      epochs: 1000,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(stopped.ended.how).toBe("interrupted");
    expect(stopped.steps.loss.length).toBeGreaterThan(0);

    const folder = mkdtempSync(join(tmpdir(), "normlab-sequences-"));
    try {
      const [atOnce, inTwo, goneOn] = [1, 2, 3].map(() => characterModel());
      const whole = await train(atOnce, sentences(), { name: "kept", epochs: 3 });
      await train(inTwo, sentences(), { name: "kept", epochs: 2, checkpoint: folder });
      const run = await train(goneOn, sentences(), { name: "kept", epochs: 3, checkpoint: folder });
      expect(run.timings.resumedAfterEpochs).toEqual([2]);
      expect(withoutTimes(run)).toEqual(withoutTimes(whole));
      expect(weightsOf(goneOn)).toEqual(weightsOf(atOnce));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes a model of any length, and one answer a sequence as before", async () => {
    const anyLength = await train(characterModel({ length: null }), sentences(), { epochs: 1 });
    const of8 = await train(characterModel(), sentences(), { epochs: 1 });
    expect(anyLength.steps).toEqual(of8.steps);

    const model = tf.sequential();
    model.add(tf.layers.embedding({ inputDim: letters.length, outputDim: 12, inputLength: 8 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: letters.length, activation: "softmax" }));
    model.compile({ optimizer: tf.train.adam(0.02), loss: "sparseCategoricalCrossentropy" });
    const data = { train: windows(tokens, { length: 8, stride: 4, predict: "last" as const }) };
    const { epochs } = await train(model, data, { epochs: 8 });
    expect(epochs[7].accuracy).toBeGreaterThan(0.8);
  });

  it("leaves labels of −1 out of loss and accuracy, also in the means of an epoch", async () => {
    const sequences = Array.from({ length: 60 }, (_, n) => tokens.slice(n, n + 3 + (n % 6)));
    const model = characterModel({ length: 7 });
    model.compile({ optimizer: tf.train.sgd(0), loss: "sparseCategoricalCrossentropy" });
    const examples = padded(sequences, { padToken: 0 });
    const options = { epochs: 1, validationSplit: 0, batchSize: 7 };
    const run = await train(model, { train: examples, test: examples }, options);
    const [shares, guesses] = tf.tidy(() => {
      const output = model.predict(tf.tensor(examples.images, examples.shape)) as tf.Tensor;
      return [output.dataSync(), tf.argMax(output, -1).dataSync()];
    });
    const counted = [...examples.labels.keys()].filter((i) => examples.mask[i] === 1);
    const right = counted.filter((i) => guesses[i] === examples.labels[i]);
    const losses = counted.map((i) => -Math.log(shares[i * letters.length + examples.labels[i]]));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / counted.length;
    expect([right.length > 0, counted.length < examples.labels.length]).toEqual([true, true]);
    for (const { loss, accuracy } of [run.test!, run.epochs[0]]) {
      expect(loss).toBeCloseTo(mean, 4);
      expect(accuracy).toBeCloseTo(right.length / counted.length, 6);
    }
  });

  it.each<[string, (data: Dataset["train"]) => Dataset["train"], string]>([
    [
      "another number of positions",
      () => windows(tokens, { length: 9 }),
      "it must be of shape [N, 9, classes], one row for each label of data.train.labelShape [146, 9].",
    ],
    [
      "one label a sequence",
      () => windows(tokens, { length: 8, predict: "last" }),
      "of shape [N, 8, 29]; it must be of shape [N, classes], one row an example (layers.flatten() makes rows).",
    ],
    [
      "tokens that the model has no output for",
      (examples) => ({ ...examples, labels: examples.labels.map((label, i) => (i === 5 ? 29 : label)) }),
      "data.train.labels[5] is 29; it must be a class from 0 to 28, for which the model",
    ],
    [
      "labels below −1",
      (examples) => ({ ...examples, labels: examples.labels.map((label, i) => (i === 5 ? -2 : label)) }),
      "data.train.labels[5] is -2; it must be a class from 0 to 28, for which the model",
    ],
    [
      "no label that counts",
      (examples) => ({ ...examples, labels: examples.labels.map(() => -1) }),
      "the number of labels of data.train other than −1 is 0; it must be 1 or more.",
    ],
    [
      "no label that counts among those kept for validation",
      (examples) => {
        const half = Math.floor(examples.labels.length / 2);
        return { ...examples, labels: examples.labels.map((label, i) => (i < half ? label : -1)) };
      },
      "the number of labels other than −1 of the validation part of data.train is 0; it must be 1 or more.",
    ],
  ])("refuses %s", async (_, change, message) => {
    const model = characterModel();
    await expect(train(model, { train: change(sentences().train) })).rejects.toThrow(message);
  });

  it("refuses −1 where the loss would count it", async () => {
    const examples = sentences().train;
    examples.labels[3] = -1;
    const model = characterModel({ loss: "categoricalCrossentropy" });
    await expect(train(model, { train: examples })).rejects.toThrow(
      "data.train.labels[3] is -1; it must be a class from 0 to 28, for which the model",
    );
  });
});
