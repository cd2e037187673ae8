/** Many trainings in one process, however they end, leave of memory, threads and places what there was. */
import * as tf from "@tensorflow/tfjs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import workerThreads from "node:worker_threads";
import { type Dataset, initBackend, train } from "normlab";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { within } from "../support/within";
import { someDigits, tinyModel } from "./tiny";

const { Worker } = workerThreads;
let alive = 0;
/** No spy: that would keep what each worker was given. */
class CountedWorker extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    alive++;
    this.on("exit", () => alive--);
  }
}
beforeAll(async () => {
  await initBackend();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  workerThreads.Worker = CountedWorker;
});
afterAll(() => {
  workerThreads.Worker = Worker;
  vi.restoreAllMocks();
});

/** Pixels that no worker shares yet: a copy of 1.2 MB for each training. */
function unsharedDigits(): Dataset {
  const { train: examples } = someDigits(400);
  return { train: { ...examples, images: Float32Array.from(examples.images, (pixel) => pixel / 255) } };
}

/** One that is completed, one interrupted, one whose caller fails, one on this thread, with other models each time. */
async function trainings(data: Dataset): Promise<string[]> {
  const controller = new AbortController();
  const long = { epochs: 100_000, validationSplit: 0 };
  const loss = (a: tf.Tensor, b: tf.Tensor) => tf.metrics.categoricalCrossentropy(a, b);
  const ownLoss = tinyModel({ loss });
  const models = [tinyModel(), tinyModel(), tinyModel(), ownLoss];
  const outcomes = await Promise.all([
    train(models[0], data, { epochs: 1 }),
    train(models[1], data, {
      ...long,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    }),
    train(models[2], data, {
      ...long,
      onProgress: () => {
        throw new Error("the caller's");
      },
    }).catch((error: Error) => error.message),
    train(ownLoss, data, { epochs: 1 }),
  ]);
  for (const model of models) {
    model.dispose();
    model.optimizer.dispose();
  }
  return outcomes.map((outcome) => (typeof outcome === "string" ? outcome : outcome.ended.how));
}

it("return to where they were", { timeout: 240_000 }, async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const data = unsharedDigits();
  const state = () => {
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    return { numTensors, numDataBuffers, numBytes, heap: wasm.HEAPU8.length };
  };
  const bytes = async () => {
    // What a thread that has ended shared with this one is given back a moment later.
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
    }
    return process.memoryUsage().arrayBuffers;
  };

  await within(60_000, "the first trainings", trainings(data));
  const [before, bytesBefore] = [state(), await bytes()];
  for (let i = 0; i < 3; i++) {
    // A place that was not given back would make the fourth wait for ever: there is one more than cores.
    const ended = await within(60_000, "four trainings at once", trainings(data));
    expect(ended).toEqual(["completed", "interrupted", "the caller's", "completed"]);
  }
  expect(state()).toEqual(before);
  // Nine workers had a copy of the pixels each.
  expect((await bytes()) - bytesBefore).toBeLessThan(data.train.images.byteLength);
  expect(alive).toBe(0);
});
