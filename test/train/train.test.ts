import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { batches, type Dataset, initBackend, layers, oneHot, type Progress, train } from "normlab";
import { evaluate, someDigits, tinyModel, weightsOf, withoutTimes } from "./tiny";

let digits: Dataset;
beforeAll(async () => {
  await initBackend();
  digits = someDigits();
});

describe("train", () => {
  it("answers a Run in plain JSON and leaves the trained weights in the model", async () => {
    const model = tinyModel();
    const before = weightsOf(model);
    const run = await train(model, digits, { name: "tiny", epochs: 3, seed: 5 });
    expect(JSON.parse(JSON.stringify(run))).toEqual(run);
    expect(run).toMatchObject({
      format: "normlab-run/1",
      name: "tiny",
      seed: 5,
      configuration: {
        loss: "categoricalCrossentropy",
        optimizer: { className: "Adam", config: { learningRate: 0.001 } },
        epochs: 3,
        batchSize: 32,
        validationSplit: 0.1,
        parameters: 785 * 16 + 17 * 10,
        examples: { train: 360, validation: 40, test: 400 },
      },
      versions: { tfjs: tf.version.tfjs, node: process.versions.node, backend: "wasm" },
      ended: { how: "completed", epoch: 3, step: 12 },
      notes: [],
    });
    expect(run.dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(run.steps.loss).toHaveLength(36);
    expect(run.steps.accuracy).toHaveLength(36);
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(run.epochs[2].loss).toBeLessThan(run.epochs[0].loss);
    expect(run.timings.secondsPerEpoch).toHaveLength(3);
    expect(run.timings.totalSeconds).toBeGreaterThan(0);

    expect(weightsOf(model)).not.toEqual(before);
    const [loss, accuracy] = evaluate(model, digits.test!, 0, 400);
    expect(run.test!.loss).toBeCloseTo(loss, 5);
    expect(run.test!.accuracy).toBeCloseTo(accuracy, 6);
    expect(accuracy).toBeGreaterThan(0.4);
    const [validationLoss] = evaluate(model, digits.train, 360, 400);
    expect(run.epochs[2].validationLoss).toBeCloseTo(validationLoss, 5);
  });

  it("says where steps were not recorded, and why", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [28, 28], batchInputShape: [20, 28, 28, 1] }),
        tf.layers.simpleRNN({ units: 3, stateful: true }),
        tf.layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const options = { epochs: 1, batchSize: 20, validationSplit: 0 };
    const { notes } = await train(model, { train: digits.train }, options);
    expect(notes).toEqual(["steps were not recorded: a step keeps tensors from step to step"]);
  });

  it("does each step anew where a layer is the notebook's own, which may compute otherwise in the next", async () => {
    class Changing extends tf.layers.Layer {
      static className = "Changing";
      #step = 0;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [x] = [inputs].flat();
        const [double, triple] = [tf.mul(x, 2), tf.mul(x, 3)];
        return this.#step++ % 2 ? double : triple;
      }
    }
    const steps = { epochs: 1, batchSize: 40, validationSplit: 0, shuffle: false };
    const model = tinyModel({ extra: [new Changing({})] });
    const run = await train(model, { train: digits.train }, steps);
    expect(run.notes).toHaveLength(1);
    const other = tinyModel({ extra: [new Changing({})] });
    for (const { images, shape, labels } of batches(digits.train, { batchSize: 40, shuffle: false })) {
      const y = tf.tensor(oneHot(labels, 10), [labels.length, 10]);
      await other.trainOnBatch(tf.tensor(images, shape), y);
    }
    expect(weightsOf(model)).toEqual(weightsOf(other));
  });

  it("without shuffle takes the examples as they lie, in each epoch", async () => {
    const settings = { epochs: 2, batchSize: 150, validationSplit: 0 };
    const model = tinyModel();
    const run = await train(model, digits, { ...settings, shuffle: false });
    expect(run.configuration.shuffle).toBe(false);
    const other = tinyModel();
    const losses: number[] = [];
    for (const epoch of [0, 1]) {
      for (const { images, shape, labels } of batches(digits.train, {
        batchSize: 150,
        epoch,
        shuffle: false,
      })) {
        const y = tf.tensor(oneHot(labels, 10), [labels.length, 10]);
        const [loss] = (await other.trainOnBatch(tf.tensor(images, shape), y)) as number[];
        losses.push(loss);
      }
    }
    expect(run.steps.loss.map(Math.fround)).toEqual(losses);
    expect(weightsOf(model)).toEqual(weightsOf(other));
    const shuffled = await train(tinyModel(), digits, settings);
    expect(shuffled.steps.loss[0]).not.toBe(run.steps.loss[0]);
    expect(shuffled.configuration).not.toHaveProperty("shuffle");
  });

  it("the same seed gives the same Run and weights twice, another seed another", async () => {
    const models = [tinyModel(), tinyModel(), tinyModel()];
    const [a, b, c] = [
      await train(models[0], digits, { name: "a", epochs: 2, seed: 1 }),
      await train(models[1], digits, { name: "a", epochs: 2, seed: 1 }),
      await train(models[2], digits, { name: "a", epochs: 2, seed: 2 }),
    ];
    expect(withoutTimes(b)).toEqual(withoutTimes(a));
    expect(weightsOf(models[1])).toEqual(weightsOf(models[0]));
    expect(c.steps.loss).not.toEqual(a.steps.loss);
  });

  it("side by side gives what one after the other gives, with dropout and batch norm too", async () => {
    const layers = () => [[tf.layers.batchNormalization()], [tf.layers.dropout({ rate: 0.3 })], []];
    const options = (i: number) => ({ name: `variant ${i}`, epochs: 2 });
    const alone = layers().map((extra) => tinyModel({ extra }));
    const runsAlone = [];
    for (const [i, model] of alone.entries()) runsAlone.push(await train(model, digits, options(i)));
    const together = layers().map((extra) => tinyModel({ extra }));
    const runs = await Promise.all(together.map((model, i) => train(model, digits, options(i))));
    expect(runs.map(withoutTimes)).toEqual(runsAlone.map(withoutTimes));
    expect(together.map(weightsOf)).toEqual(alone.map(weightsOf));
  });

  it("normlab's own layers train in a worker", async () => {
    const all = [
      layers.batchNorm(),
      layers.layerNorm(),
      layers.groupNorm({ groups: 4 }),
      layers.rmsNorm(),
      layers.dyt(),
      layers.weightNorm({ layer: tf.layers.dense({ units: 16, activation: "relu" }) }),
      tf.layers.reshape({ targetShape: [2, 2, 4] }),
      layers.instanceNorm(),
      layers.switchableNorm(),
      tf.layers.flatten(),
    ];
    const model = tinyModel({ extra: all });
    const before = weightsOf(model);
    const run = await train(model, digits, { epochs: 2 });
    expect(run.notes).toEqual([]);
    expect(run.epochs[1].loss).toBeLessThan(run.epochs[0].loss);
    expect(evaluate(model, digits.test!, 0, 400)[0]).toBeCloseTo(run.test!.loss, 4);
    const moved = weightsOf(model).map((values, i) => values.some((value, j) => value !== before[i][j]));
    expect(moved).not.toContain(false);
  });

  it("variants start from the same weights and see the same batches", async () => {
    // With a learning rate of 0 the loss of a step depends on the initial weights and the batch alone,
    // and an activation that does nothing stands for the layer in which the variants differ.
    const frozen = (extra: tf.layers.Layer[]) => tinyModel({ extra, optimizer: tf.train.sgd(0) });
    const [plain, variant, otherSeed] = await Promise.all([
      train(frozen([]), digits, { epochs: 2 }),
      train(frozen([tf.layers.activation({ activation: "linear" })]), digits, { epochs: 2 }),
      train(frozen([]), digits, { epochs: 2, seed: 1 }),
    ]);
    expect(variant.steps).toEqual(plain.steps);
    expect(otherSeed.steps.loss).not.toEqual(plain.steps.loss);
    // A second epoch has its own order; the mean over all batches is the same.
    expect(plain.steps.loss.slice(12)).not.toEqual(plain.steps.loss.slice(0, 12));
    expect(plain.epochs[1].loss).toBeCloseTo(plain.epochs[0].loss, 5);
  });

  it("a second call goes on with the optimizer's state", async () => {
    const once = tinyModel();
    const twice = tinyModel();
    await train(once, digits, { epochs: 1, seed: 1 });
    await train(twice, digits, { epochs: 1, seed: 1 });
    await train(twice, digits, { epochs: 1, seed: 2 });
    once.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    await train(once, digits, { epochs: 1, seed: 2 });
    expect(twice.optimizer.iterations).toBe(24);
    expect(weightsOf(once)).not.toEqual(weightsOf(twice));
  });

  it("trains without validation or test examples, and with a yes-or-no output", async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 1, activation: "sigmoid", inputShape: [2] }));
    model.compile({ optimizer: tf.train.sgd(1), loss: "binaryCrossentropy" });
    const labels = Uint8Array.from({ length: 64 }, (_, i) => i % 2);
    const images = Float32Array.from({ length: 128 }, (_, i) => (i % 4 < 2 ? -1 : 1) * (1 + (i % 3)));
    const run = await train(
      model,
      { train: { images, labels, shape: [64, 2] } },
      { validationSplit: 0, epochs: 4 },
    );
    expect(run.epochs[3].accuracy).toBe(1);
    expect(run.epochs[3]).not.toHaveProperty("validationLoss");
    expect(run).not.toHaveProperty("test");
  });

  it("notes where the loss diverged and goes on", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: tf.train.sgd(1e30), loss: "meanSquaredError" });
    const data = { images: Float32Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 1, 0, 1), shape: [4, 1] };
    const run = await train(model, { train: data }, { epochs: 8, batchSize: 2, validationSplit: 0 });
    expect(run.ended.how).toBe("completed");
    expect(run.notes.join()).toMatch(/^diverged: the loss was (NaN|Infinity) in epoch \d, step [12]$/);
  });

  it("tells of progress, not too often, and once at the end", async () => {
    const progress: Progress[] = [];
    const began = performance.now();
    const run = await train(tinyModel(), digits, {
      name: "told",
      epochs: 40,
      onProgress: (p) => progress.push(p),
    });
    const seconds = (performance.now() - began) / 1000;
    expect(progress.length).toBeGreaterThanOrEqual(2);
    expect(progress.length).toBeLessThanOrEqual(5 * seconds + 2);
    expect(progress[0]).toMatchObject({ name: "told", epoch: 1, epochs: 40, step: 1, stepsPerEpoch: 12 });
    expect(progress[0].secondsLeft).toBeGreaterThan(0);
    for (const { run: partial, epoch, step } of progress) {
      expect(partial.steps.loss).toEqual(run.steps.loss.slice(0, (epoch - 1) * 12 + step));
    }
    expect(progress.at(-1)).toMatchObject({ epoch: 40, step: 12, secondsLeft: 0, ended: "completed", run });
    expect(progress.slice(0, -1).filter((p) => "ended" in p)).toEqual([]);
  });

  it("an error in onProgress is the caller's error", async () => {
    const onProgress = () => {
      throw new Error("figure is broken");
    };
    await expect(train(tinyModel(), digits, { onProgress })).rejects.toThrow("figure is broken");
  });
});

describe("train on the notebook's own thread", () => {
  it("a loss of the caller's own: yields every step, and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const loss = (truth: tf.Tensor, predicted: tf.Tensor) =>
      tf.metrics.categoricalCrossentropy(truth, predicted);
    const model = tinyModel({ loss });
    let turns = 0;
    let training = true;
    const count = () => {
      turns++;
      if (training) setImmediate(count);
    };
    setImmediate(count);
    const run = await train(model, digits, { name: "own loss", epochs: 2 });
    training = false;
    expect(turns).toBeGreaterThanOrEqual(24);
    expect(run.notes[0]).toContain("own thread, not in a worker: its loss is a function");
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('"own loss" is trained on the notebook\'s own thread'),
    );
    warn.mockRestore();

    // It is the same training as in a worker, but for rounding: the loss named there has a kernel of its own.
    const inWorker = await train(tinyModel(), digits, { name: "own loss", epochs: 2 });
    run.steps.loss.forEach((loss, step) => expect(loss).toBeCloseTo(inWorker.steps.loss[step], 5));
    expect(run.test!.loss).toBeCloseTo(inWorker.test!.loss, 5);
  });

  it("a layer class of the caller's own, registered or under a built-in name", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    class Doubling extends tf.layers.Layer {
      static className = "Doubling";
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, 2);
      }
    }
    tf.serialization.registerClass(Doubling);
    const run = await train(tinyModel({ extra: [new Doubling({})] }), digits, { epochs: 1 });
    expect(run.notes[0]).toContain("its class Doubling is defined in this notebook");

    // Without a className of its own it would travel as a plain Activation and lose its sign.
    const Activation = tf.layers.activation({ activation: "linear" }).constructor as new (
      config: object,
    ) => tf.layers.Layer;
    class Negative extends Activation {
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        return tf.neg(Array.isArray(inputs) ? inputs[0] : inputs);
      }
    }
    const negative = await train(tinyModel({ extra: [new Negative({ activation: "linear" })] }), digits, {
      epochs: 1,
    });
    expect(negative.notes[0]).toContain("its class Negative is defined in this notebook");
    type Cell = ReturnType<typeof tf.layers.simpleRNNCell>;
    const SimpleRNNCell = tf.layers.simpleRNNCell({ units: 4 }).constructor as new (config: object) => Cell;
    class OwnCell extends SimpleRNNCell {}
    const recurrent = [
      tf.layers.reshape({ targetShape: [4, 4] }),
      tf.layers.rnn({ cell: new OwnCell({ units: 4 }) }) as tf.layers.Layer,
    ];
    const wrapped = await train(tinyModel({ extra: recurrent }), digits, { epochs: 1 });
    expect(wrapped.notes[0]).toContain("its class OwnCell is defined in this notebook");
    expect(warn).toHaveBeenCalledTimes(3);
    warn.mockRestore();
  });

  it("keeps the model's metrics and the random numbers of the notebook", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = tinyModel({ loss: (a, b) => tf.metrics.meanSquaredError(a, b) });
    model.compile({ optimizer: "adam", loss: model.loss as string, metrics: ["mse"] });
    const { random } = Math;
    const run = await train(model, digits, { epochs: 1 });
    expect(run.steps.accuracy.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(model.metrics).toEqual(["mse"]);
    expect(Math.random).toBe(random);
    warn.mockRestore();
  });

  it("leaves no tensors behind, on either thread", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const loss of [
      undefined,
      (a: tf.Tensor, b: tf.Tensor) => tf.metrics.categoricalCrossentropy(a, b),
    ]) {
      const model = tinyModel({ loss });
      // The first time, the optimizer makes variables for its moments.
      await train(model, digits, { epochs: 1 });
      const { numTensors } = tf.memory();
      await train(model, digits, { epochs: 3 });
      expect(tf.memory().numTensors).toBe(numTensors);
    }
    warn.mockRestore();
  });
});

describe("train refuses", () => {
  const dataWith = (change: Partial<Dataset["train"]>): Dataset => ({
    train: { ...digits.train, ...change },
  });

  it.each([
    ["epochs", 0],
    ["epochs", 1.5],
    ["batchSize", -1],
    ["validationSplit", 1],
    ["seed", -1],
    ["seed", 2 ** 32],
    ["name", ""],
    ["checkpoint", ""],
  ])("%s %s", async (option, value) => {
    await expect(train(tinyModel(), digits, { [option]: value })).rejects.toThrow(
      `${option} is ${JSON.stringify(value)}; it must be`,
    );
  });

  it.each<[string, unknown, string]>([
    ["a misspelt option", { epoch: 1 }, 'train: "epoch" is not an option; did you mean "epochs"?'],
    ["another's option", { callbacks: [] }, 'train: "callbacks" is not an option; the options are epochs, '],
    ["null", null, "train: options is null; it must be an object, { epochs: … }."],
    ["a number", 10, "train: options is 10; it must be an object"],
    ["a list", [10], "train: options is [10]; it must be an object"],
    ["a bigint", { seed: 1n }, "seed is 1n; it must be a whole number from 0 to 2³² − 1."],
    ["NaN", { seed: NaN }, "seed is NaN; it must be a whole number"],
    ["no split", { validationSplit: null }, "validationSplit is null; it must be a number, at least 0"],
    ["a split in words", { validationSplit: "0.1" }, 'validationSplit is "0.1"; it must be a number'],
    ["an order in words", { shuffle: "no" }, 'shuffle is "no"; it must be true or false.'],
    ["no signal", { signal: true }, "signal is true; it must be an AbortSignal."],
    ["no callback", { onProgress: "yes" }, 'onProgress is "yes"; it must be a function.'],
  ])("options: %s", async (_, options, message) => {
    const error: unknown = await train(tinyModel(), digits, options as object).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toContain(message);
  });

  it.each<[string, (data: Dataset) => unknown, string]>([
    ["nothing", () => undefined, "data is undefined; it must be a data set, { train, test }, as loadMnist()"],
    [
      "examples alone",
      ({ train: examples }) => examples,
      "data is of shape [400, 28, 28, 1]; it must be { train, test }; examples alone go in as { train: examples }.",
    ],
    [
      "no training part",
      () => ({}),
      "data.train is undefined; it must be examples, { images, labels, shape }.",
    ],
    ["a test part of null", ({ train: examples }) => ({ train: examples, test: null }), "data.test is null"],
  ])("data: %s", async (_, data, message) => {
    await expect(train(tinyModel(), data(digits) as Dataset)).rejects.toThrow(message);
  });

  it("a model that is none, and one with several losses", async () => {
    await expect(train(undefined as unknown as tf.LayersModel, digits)).rejects.toThrow(
      "model is undefined; it must be a compiled tf.LayersModel.",
    );
    await expect(train(tinyModel({ loss: ["categoricalCrossentropy"] }), digits)).rejects.toThrow(
      /the loss of the model .* is an array of 1; it must be one name or one function\./,
    );
  });

  it("a model that is not compiled", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 10, inputShape: [2] })] });
    await expect(train(model, digits)).rejects.toThrow("is not compiled; call model.compile");
  });

  it("examples of another shape", async () => {
    const data = dataWith({ shape: [400, 784] });
    await expect(train(tinyModel(), data)).rejects.toThrow(
      "data.train.shape is [400, 784]; it must be [N, 28, 28, 1], which the model",
    );
    const ofAnySize = tf.sequential({
      layers: [
        tf.layers.globalAveragePooling2d({ inputShape: [null, null, 1] } as object),
        tf.layers.dense({ units: 10 }),
      ],
    });
    ofAnySize.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
    await expect(train(ofAnySize, data)).rejects.toThrow("it must be [N, any, any, 1], which the model");
    await expect(train(tinyModel(), dataWith({ shape: [399, 28, 28, 1] }))).rejects.toThrow(
      "data.train.images.length is 313600; it must be 312816, as its shape [399, 28, 28, 1] needs",
    );
  });

  it("labels that the model has no output for", async () => {
    const labels = Uint8Array.from(digits.train.labels);
    labels[7] = 12;
    await expect(train(tinyModel(), dataWith({ labels }))).rejects.toThrow(
      "data.train.labels[7] is 12; it must be a class from 0 to 9, for which the model",
    );
    // The number of classes is the first that is none.
    labels[7] = 10;
    await expect(train(tinyModel(), dataWith({ labels }))).rejects.toThrow("data.train.labels[7] is 10");
  });

  it("a model that is in training already", async () => {
    const model = tinyModel();
    const first = train(model, digits, { epochs: 1 });
    await expect(train(model, digits)).rejects.toThrow("is in training already");
    await first;
    await expect(train(model, digits, { epochs: 1 })).resolves.toMatchObject({ ended: { how: "completed" } });
  });
});
