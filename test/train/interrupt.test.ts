import * as tf from "@tensorflow/tfjs";
import { getEventListeners } from "node:events";
import workerThreads from "node:worker_threads";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Dataset, initBackend, type Progress, type Run, train, TrainingError } from "normlab";
import { within } from "../support/within";
import { someDigits, tinyModel, weightsOf } from "./tiny";

let digits: Dataset;
beforeAll(async () => {
  await initBackend();
  digits = someDigits();
});

const longTraining = { epochs: 100_000 };
const cell = Symbol.for("normlab.cell");
const globals = globalThis as { [key: symbol]: unknown };

/** Calls `then` once, at the first progress that tells of a step. */
const atFirstProgress = (then: (progress: Progress) => void) => {
  let called = false;
  return (progress: Progress) => {
    if (!called) {
      called = true;
      then(progress);
    }
  };
};

/** What a training that must end early answers. */
const early = <T>(training: Promise<T>): Promise<T> =>
  within(30_000, "the end of a training that was stopped", training);

const expectPartial = (run: Run) => {
  expect(run.ended.how).toBe("interrupted");
  const { epoch, step } = run.ended;
  expect(run.steps.loss).toHaveLength((epoch - 1) * 12 + step);
  expect(run.steps.accuracy).toHaveLength((epoch - 1) * 12 + step);
  expect(run.steps.loss.length).toBeGreaterThan(0);
  expect(run).not.toHaveProperty("test");
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
};

describe("interrupting train", () => {
  afterEach(() => {
    delete globals[cell];
  });

  it("an AbortSignal stops a worker and leaves the partial Run and the weights so far", async () => {
    const controller = new AbortController();
    const model = tinyModel();
    const before = weightsOf(model);
    let aborted = 0;
    const abortAtFirst = atFirstProgress(() => {
      aborted = performance.now();
      controller.abort();
    });
    const ends: Progress["ended"][] = [];
    const training = train(model, digits, {
      ...longTraining,
      signal: controller.signal,
      onProgress: (progress) => {
        ends.push(progress.ended);
        abortAtFirst(progress);
      },
    });
    const run = await early(training);
    expect(ends.at(-1)).toBe("interrupted");
    expect(new Set(ends.slice(0, -1))).toEqual(new Set([undefined]));
    expect(performance.now() - aborted).toBeLessThan(5000);
    expectPartial(run);
    expect(weightsOf(model)).not.toEqual(before);
    // The model can be trained on.
    await expect(train(model, digits, { epochs: 1 })).resolves.toMatchObject({ ended: { how: "completed" } });
  });

  it("so does the interrupt of the notebook's cell", async () => {
    const controller = new AbortController();
    globals[cell] = { signal: controller.signal };
    const onProgress = atFirstProgress(() => controller.abort());
    const trainings = [
      train(tinyModel(), digits, { ...longTraining, onProgress }),
      train(tinyModel(), digits, { ...longTraining }),
      train(tinyModel(), digits, { ...longTraining }),
    ];
    const runs = await early(Promise.all(trainings));
    for (const run of runs) expect(run.ended.how).toBe("interrupted");
    expectPartial(runs[0]);
  });

  it("on the own thread it stops after the very step", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const controller = new AbortController();
    const loss = (a: tf.Tensor, b: tf.Tensor) => tf.metrics.categoricalCrossentropy(a, b);
    const training = train(tinyModel({ loss }), digits, {
      ...longTraining,
      signal: controller.signal,
      onProgress: atFirstProgress(() => controller.abort()),
    });
    const run = await early(training);
    expectPartial(run);
    expect(run.ended).toEqual({ how: "interrupted", epoch: 1, step: 1 });
    warn.mockRestore();
  });

  it("before the first step there is a Run without steps", async () => {
    const model = tinyModel();
    const before = weightsOf(model);
    const run = await early(train(model, digits, { name: "late", signal: AbortSignal.abort() }));
    expect(run).toMatchObject({
      name: "late",
      steps: { loss: [] },
      ended: { how: "interrupted", epoch: 1, step: 0 },
    });
    expect(weightsOf(model)).toEqual(before);

    const controller = new AbortController();
    const starting = train(tinyModel(), digits, { ...longTraining, signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    expect((await early(starting)).ended).toMatchObject({ how: "interrupted", epoch: 1, step: 0 });
  });

  it("listens once, however many experiments share a signal, and stops when they are done", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, "addEventListener");
    const trainings = Array.from({ length: 12 }, () =>
      train(tinyModel(), digits, { ...longTraining, signal }),
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    expect(added).toHaveBeenCalledTimes(1);
    controller.abort();
    for (const run of await early(Promise.all(trainings))) expect(run.ended.how).toBe("interrupted");

    const other = new AbortController().signal;
    const one = train(tinyModel(), digits, { epochs: 1, signal: other });
    const two = train(tinyModel(), digits, { epochs: 60, signal: other });
    await one;
    expect(getEventListeners(other, "abort")).toHaveLength(1);
    await two;
    expect(getEventListeners(other, "abort")).toHaveLength(0);
  });
});

describe("a worker that dies", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Every worker that train() starts from now on. */
  const startedWorkers = () => {
    const started: workerThreads.Worker[] = [];
    const { Worker } = workerThreads;
    vi.spyOn(workerThreads, "Worker").mockImplementation(function (
      ...args: ConstructorParameters<typeof Worker>
    ) {
      const worker = new Worker(...args);
      started.push(worker);
      return worker;
    } as unknown as typeof Worker);
    return started;
  };
  const failureOf = async (training: Promise<Run>): Promise<Error> => {
    const outcome = await early(training).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Error);
    return outcome as Error;
  };

  it("killed while it trains: an error that says so, with the Run so far", async () => {
    const workers = startedWorkers();
    const onProgress = atFirstProgress(() => void workers[0].terminate());
    const error = await failureOf(
      train(tinyModel(), digits, { ...longTraining, name: "victim", onProgress }),
    );
    expect(error).toBeInstanceOf(TrainingError);
    expect(error).toMatchObject({ name: "TrainingError" });
    expect(error.message).toMatch(
      /the worker of "victim" was ended from outside in epoch \d+, after step \d+/,
    );
    const { run } = error as TrainingError;
    expect(run.ended).toMatchObject({ how: "failed", message: error.message });
    expect(run.steps.loss.length).toBeGreaterThan(0);
  });

  it("killed before it begins", async () => {
    const workers = startedWorkers();
    const training = train(tinyModel(), digits, { ...longTraining, name: "victim" });
    await vi.waitUntil(() => workers.length === 1, { timeout: 5000, interval: 1 });
    void workers[0].terminate();
    expect((await failureOf(training)).message).toMatch(
      /"victim" was ended from outside before its first step/,
    );
  });

  it("is gone when train() answers, however it ended", async () => {
    const workers = startedWorkers();
    await train(tinyModel(), digits, { epochs: 1 });
    expect(workers[0].threadId).toBe(-1);
    const onProgress = () => {
      throw new Error("figure is broken");
    };
    const failing = train(tinyModel(), digits, { ...longTraining, onProgress });
    await failureOf(failing);
    expect(workers[1].threadId).toBe(-1);
  });

  it("out of memory", async () => {
    const error = await failureOf(
      train(tinyModel(), digits, { name: "big", resourceLimits: { maxOldGenerationSizeMb: 8 } }),
    );
    expect(error.message).toMatch(/the worker of "big" ran out of memory before its first step/);
  });

  it("frees its place for the next experiment", async () => {
    await expect(train(tinyModel(), digits, { epochs: 1 })).resolves.toMatchObject({
      ended: { how: "completed" },
    });
  });
});
