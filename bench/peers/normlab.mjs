// normlab for bench/, and stock tfjs: node normlab.mjs (normlab|stock) MNIST_FOLDER IMAGES CHECKPOINTS
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { monitorEventLoopDelay } from "node:perf_hooks";
import tf from "@tensorflow/tfjs";
import {
  batches,
  describeBackend,
  initBackend,
  loadMnist,
  normalize,
  oneHot,
  splitValidation,
  train,
} from "normlab";
import { buildModel, buildSequenceModel, sequenceBatch } from "./model.mjs";

// What train() does in its worker; no part of the package's surface.
const { TrainingSteps } = createRequire(import.meta.url)("../../dist/train/modelSteps.js");

const [which, folder, images, checkpoints] = process.argv.slice(2);
if (which === "stock") await tf.setBackend("cpu");
else await initBackend();
const mnist = loadMnist({ folder });
const size = 28 * 28;
const first = Math.min(Number(images), mnist.train.labels.length);
const data = {
  train: {
    images: mnist.train.images.subarray(0, first * size),
    labels: mnist.train.labels.subarray(0, first),
    shape: [first, 28, 28, 1],
  },
  test: mnist.test,
};
const { train: examples } = splitValidation(data.train, 0.1);
const models = {};

/** The time of each of `count` calls, after `warmUp` seconds of calls that don't count. */
async function milliseconds(step, count, warmUp = 0) {
  const times = [];
  const until = performance.now() + warmUp * 1000;
  while (performance.now() < until) await step();
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await step();
    times.push(performance.now() - began);
  }
  return times;
}

function* endlessBatches(batchSize) {
  for (let epoch = 0; ; epoch++) yield* batches(examples, { batchSize, epoch });
}

const tasks = {
  hello: () => ({
    version: which === "stock" ? tf.version.tfjs : `wasm, tfjs ${tf.version.tfjs}`,
    ...describeBackend(),
  }),

  prepare: ({ id, norm }) => {
    const model = buildModel(norm);
    models[id] = { model, training: new TrainingSteps(model, true) };
    return {};
  },

  /** Draw a batch, train on it, read loss and accuracy: what train() does each step. */
  steps: async ({ id, batch, count }) => {
    const entry = models[id];
    entry.batches ??= endlessBatches(batch);
    const step = () => {
      const { images, shape, labels } = entry.batches.next().value;
      const y = { values: oneHot(labels, 10), shape: [labels.length, 10] };
      return entry.training.run([{ values: images, shape }, y]);
    };
    return { times: await milliseconds(step, count) };
  },

  /** The same on numbers drawn at random, for a model of sequences. */
  sequences: async ({ name, batch, count }) => {
    const entry = (models[name] ??= { training: new TrainingSteps(buildSequenceModel(name), true) });
    return { times: await milliseconds(() => entry.training.run(sequenceBatch(name, batch)), count) };
  },

  /** Each kernel's calls and milliseconds, and those of drawing the batch, summed over `count` steps of the task `of`. */
  profile: async ({ of, id, batch, count, warm_up: warmUp, ...more }) => {
    if (of === "steps") tasks.prepare({ id, ...more });
    const request = { id, name: id, batch };
    await tasks[of]({ ...request, count: warmUp });
    const kernels = {};
    for (const operation of models[id].training.operations) {
      const { kernel, run } = operation;
      const sum = (kernels[kernel] ??= { calls: 0, milliseconds: 0 });
      operation.run = () => {
        const began = performance.now();
        run();
        sum.milliseconds += performance.now() - began;
        sum.calls++;
      };
    }
    const { times } = await tasks[of]({ ...request, count });
    return { times, kernels };
  },

  /** As in the lesson: all models at once, train() finds the cores. One more epoch, from the checkpoint. */
  epoch: async ({ norms, epoch, batch }) => {
    for (const norm of norms) tasks.prepare({ id: norm, norm });
    const began = performance.now();
    const runs = await Promise.all(
      norms.map((norm) =>
        train(
          models[norm].model,
          { train: data.train },
          {
            ...{ name: norm, epochs: epoch, batchSize: batch, checkpoint: checkpoints },
          },
        ),
      ),
    );
    return {
      seconds: (performance.now() - began) / 1000,
      models: Object.fromEntries(
        runs.map((run) => [
          run.name,
          {
            secondsPerEpoch: run.timings.secondsPerEpoch.at(-1),
            accuracy: run.epochs.at(-1).accuracy,
            validationAccuracy: run.epochs.at(-1).validationAccuracy,
          },
        ]),
      ),
    };
  },

  evaluate: async ({ id }) => {
    const { images, labels, shape } = data.test;
    const x = tf.tidy(() => tf.tensor(Float32Array.from(images), shape).div(255));
    const y = tf.tensor(oneHot(labels, 10), [labels.length, 10]);
    const scalars = models[id].model.evaluate(x, y, { batchSize: 100 });
    const accuracy = (await scalars[1].data())[0];
    tf.dispose([x, y, scalars]);
    return { accuracy };
  },

  normalization: async ({ norm, shape, count, warm_up: warmUp }) => {
    const channels = [1, 1, 1, shape[3]];
    const [x, dy] = [tf.randomNormal(shape), tf.randomNormal(shape)];
    const [gamma, beta] = [tf.ones(channels), tf.zeros(channels)];
    const axes = norm === "batchNorm" ? [0, 1, 2] : [3];
    const gradients = tf.grads((x, gamma, beta) => normalize(x, { axes, epsilon: 1e-3, gamma, beta }).y);
    const step = async () => {
      const results = gradients([x, gamma, beta], dy);
      await results[1].data();
      tf.dispose(results);
    };
    const times = await milliseconds(step, count, warmUp);
    tf.dispose([x, dy, gamma, beta]);
    return { times };
  },

  /** Delay of this thread's event loop while `norms` train in workers and progress is told, in ms. */
  eventLoop: async ({ norms, seconds }) => {
    const controller = new AbortController();
    let progress = 0;
    const runs = norms.map((norm) =>
      train(buildModel(norm), data, { name: norm, signal: controller.signal, onProgress: () => progress++ }),
    );
    // What is measured is training, not the start of the workers.
    while (progress < norms.length * 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    delay.disable();
    controller.abort();
    const steps = (await Promise.all(runs)).map((run) => run.steps.loss.length);
    const milliseconds = (percentile) => delay.percentile(percentile) / 1e6;
    return { p50: milliseconds(50), p99: milliseconds(99), max: delay.max / 1e6, steps, progress };
  },

  /** Resident memory that each of `count` workers adds while it trains, in MB, and tensors kept over 2,000 steps. */
  memory: async ({ count, seconds }) => {
    const megabytes = () => process.memoryUsage().rss / 2 ** 20;
    const controller = new AbortController();
    const trained = Array.from({ length: count }, () => buildModel("batchNorm"));
    const before = megabytes();
    let peak = before;
    const sample = setInterval(() => (peak = Math.max(peak, megabytes())), 20);
    const runs = trained.map((model, i) => train(model, data, { name: `${i}`, signal: controller.signal }));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    controller.abort();
    clearInterval(sample);
    await Promise.all(runs);
    return { perWorker: (peak - before) / count, before, peak };
  },

  tensors: async ({ norm, steps }) => {
    tasks.prepare({ id: "tensors", norm });
    await tasks.steps({ id: "tensors", batch: 32, count: 5 });
    const before = tf.memory().numTensors;
    await tasks.steps({ id: "tensors", batch: 32, count: steps });
    return { before, after: tf.memory().numTensors, steps };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { task, ...request } = JSON.parse(line);
  let answer;
  try {
    answer = await tasks[task](request);
  } catch (error) {
    answer = { error: error.message.split("\n")[0] };
  }
  process.stdout.write(`\x1e${JSON.stringify(answer)}\n`);
}
