import * as tf from "@tensorflow/tfjs";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Dataset, initBackend, type Progress, type Run, train } from "normlab";
import { loadCheckpoint, saveCheckpoint } from "../../dist/train/checkpoint";
import { endProgram, startProgram } from "../support/process";
import { within } from "../support/within";
import { someDigits, tinyModel, weightsOf, withoutTimes } from "./tiny";

let digits: Dataset;
let folder: string;
beforeAll(async () => {
  await initBackend();
  digits = someDigits(200);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-checkpoint-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("checkpoint", () => {
  it("a killed process goes on from the last epoch and ends as one that was not killed, bit for bit", async () => {
    const experiment = async (...args: string[]) => {
      const program = startProgram(process.execPath, [join(__dirname, "experiment.mjs"), ...args]);
      const { output } = program;
      try {
        const how = await within(
          50_000,
          `experiment.mjs ${args.join(" ")}`,
          program.ended,
          () => output.stderr,
        );
        const result = JSON.parse(output.stdout || "{}") as { run?: Run; weights?: string };
        return { how, stderr: output.stderr, ...result };
      } finally {
        await endProgram(program);
      }
    };
    // Long enough that progress, five times a second, is told while it trains.
    const epochs = "40";
    const whole = await experiment("-", epochs);
    expect(whole.run?.ended.how, whole.stderr).toBe("completed");
    expect((await experiment(folder, epochs, "2")).how).toBe("was ended by SIGKILL");
    const resumed = await experiment(folder, epochs);
    expect(resumed.run?.ended.how, resumed.stderr).toBe("completed");
    expect(resumed.run!.timings.resumedAfterEpochs).toHaveLength(1);
    expect(resumed.run!.timings.resumedAfterEpochs[0]).toBeGreaterThanOrEqual(2);
    expect(resumed.run!.timings.resumedAfterEpochs[0]).toBeLessThan(40);
    expect(withoutTimes(resumed.run!)).toEqual(withoutTimes(whole.run!));
    expect(resumed.weights).toBe(whole.weights);
    expect(readdirSync(folder)).toEqual(["killed.checkpoint"]);
  }, 180_000);

  it.each([
    ["sgd", () => tf.train.sgd(0.1)],
    ["momentum", () => tf.train.momentum(0.1, 0.9)],
    ["rmsprop", () => tf.train.rmsprop(0.001, 0.9, 0.5, undefined, true)],
    ["adagrad", () => tf.train.adagrad(0.01)],
    ["adadelta", () => tf.train.adadelta(1)],
    ["adamax", () => tf.train.adamax(0.002)],
    ["adam", () => tf.train.adam(0.002)],
  ])("keeps all that %s remembers; more epochs later are the same as at once", async (name, optimizer) => {
    const [atOnce, inTwo, goneOn] = [1, 2, 3].map(() => tinyModel({ optimizer: optimizer(), units: 8 }));
    const whole = await train(atOnce, digits, { name, epochs: 3 });
    await train(inTwo, digits, { name, epochs: 2, checkpoint: folder });
    const run = await train(goneOn, digits, { name, epochs: 3, checkpoint: folder });
    expect(run.timings.resumedAfterEpochs).toEqual([2]);
    expect(withoutTimes(run)).toEqual(withoutTimes(whole));
    expect(weightsOf(goneOn)).toEqual(weightsOf(atOnce));
  });

  it("a finished experiment is answered from the file", async () => {
    const first = tinyModel();
    const again = tinyModel();
    const run = await train(first, digits, { name: "done", epochs: 2, checkpoint: folder });
    const fromFile = await train(again, digits, { name: "done", epochs: 2, checkpoint: folder });
    expect(withoutTimes(fromFile)).toEqual(withoutTimes(run));
    expect(fromFile.timings.secondsPerEpoch).toEqual(run.timings.secondsPerEpoch);
    expect(weightsOf(again)).toEqual(weightsOf(first));
  });

  it("answered from the file, a finished experiment was not resumed, with test examples or without", async () => {
    for (const [name, data] of Object.entries({ tested: digits, untested: { train: digits.train } })) {
      const options = { name, epochs: 1, checkpoint: folder };
      await train(tinyModel(), data, options);
      const { timings } = await train(tinyModel(), data, options);
      expect(timings.resumedAfterEpochs, name).toEqual([]);
      const more = await train(tinyModel(), data, { ...options, epochs: 2 });
      expect(more.timings.resumedAfterEpochs, name).toEqual([1]);
    }
  });

  it("an interrupted experiment goes on from its last finished epoch", async () => {
    const controller = new AbortController();
    const training = train(tinyModel(), digits, {
      name: "stopped",
      epochs: 1000,
      checkpoint: folder,
      signal: controller.signal,
      onProgress: ({ epoch }) => {
        if (epoch > 3) controller.abort();
      },
    });
    const interrupted = await within(30_000, "the end of a training that was stopped", training);
    expect(interrupted.ended.how).toBe("interrupted");
    const finished = interrupted.epochs.length;
    const model = tinyModel();
    const run = await train(model, digits, { name: "stopped", epochs: finished + 1, checkpoint: folder });
    expect(run.timings.resumedAfterEpochs).toEqual([finished]);
    expect(run.epochs.slice(0, finished)).toEqual(interrupted.epochs);
  });

  it("experiments with different names share a folder", async () => {
    const names = ["none", "batch norm", "batch/norm", "层归一化"];
    await Promise.all(
      names.map((name) => train(tinyModel(), digits, { name, epochs: 1, checkpoint: folder })),
    );
    expect(readdirSync(folder)).toHaveLength(4);
    expect(readdirSync(folder)).toContain("层归一化.checkpoint");
  });

  it("refuses to go on with another experiment, and names what differs", async () => {
    const options = { name: "x", epochs: 2, checkpoint: folder };
    await train(tinyModel(), digits, options);
    await expect(train(tinyModel(), digits, { ...options, seed: 1 })).rejects.toThrow(
      "belongs to another experiment: seed differs: there it is 0, here 1",
    );
    await expect(train(tinyModel(), digits, { ...options, batchSize: 16 })).rejects.toThrow(
      "batchSize differs",
    );
    await expect(train(tinyModel(), someDigits(199), options)).rejects.toThrow("dataHash differs");
    await expect(train(tinyModel({ units: 8 }), digits, options)).rejects.toThrow("model differs");
    await expect(train(tinyModel({ optimizer: "sgd" }), digits, options)).rejects.toThrow(
      "optimizer differs",
    );
    await expect(train(tinyModel(), digits, { ...options, epochs: 1 })).rejects.toThrow(
      "epochs is 1; it must be at least 2: checkpoint",
    );
    const trained = tinyModel();
    await train(trained, digits, { epochs: 1 });
    await expect(train(trained, digits, options)).rejects.toThrow("initialWeightsHash differs");
  });

  it("a loss that is no number, or infinite, comes back as it was", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const added = [NaN, Infinity, -Infinity, 0];
    let step = 0;
    // Added, so that the gradient stays finite.
    const loss = (a: tf.Tensor, b: tf.Tensor) => tf.metrics.meanSquaredError(a, b).add(added[step++ % 4]);
    const options = { name: "diverged", epochs: 1, batchSize: 4, validationSplit: 0, checkpoint: folder };
    const few = { train: someDigits(16).train };
    const run = await train(tinyModel({ loss }), few, options);
    expect(run.steps.loss).toEqual([NaN, Infinity, -Infinity, expect.closeTo(0.1, 1)]);
    const fromFile = await train(tinyModel({ loss }), few, options);
    expect(withoutTimes(fromFile)).toEqual(withoutTimes(run));
    warn.mockRestore();
  });

  it("the time left is estimated from the steps since it went on", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    // A clock that only training moves: a second a step.
    const loss = (a: tf.Tensor, b: tf.Tensor) => {
      now += 1000;
      return tf.metrics.meanSquaredError(a, b);
    };
    const secondsLeft = async (epochs: number) => {
      const told: number[] = [];
      await train(
        tinyModel({ loss }),
        { train: someDigits(16).train },
        {
          ...{ name: "timed", epochs, batchSize: 4, validationSplit: 0, checkpoint: folder },
          onProgress: (progress: Progress) => told.push(progress.secondsLeft),
        },
      );
      return told;
    };
    try {
      expect(await secondsLeft(2)).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 0]);
      expect(await secondsLeft(4)).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 0]);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("says when the file is damaged", async () => {
    const options = { name: "x", epochs: 1, checkpoint: folder };
    const path = join(folder, "x.checkpoint");
    const run = await train(tinyModel(), digits, options);
    const bytes = readFileSync(path);
    const damage = (damaged: Buffer, what: string) => {
      writeFileSync(path, damaged);
      expect(() => loadCheckpoint(folder, run)).toThrow(`${path} is damaged: ${what}`);
    };
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 9] ^= 1;
    const otherHash = "its content has another SHA-256 than it says";
    damage(flipped, otherHash);
    damage(bytes.subarray(0, -4), otherHash);
    damage(bytes.subarray(0, 100), otherHash);
    damage(bytes.subarray(0, 22), "it ends in its header");
    damage(Buffer.from("hello"), "it does not begin as one of normlab's");
    // What the caller of train() is told.
    await expect(train(tinyModel(), digits, options)).rejects.toThrow(
      `${path} is damaged: it does not begin`,
    );
    // A digit of the history, of the number of steps and of a shape.
    for (const text of ['"loss":[', '"iterations":', '"shape":[']) {
      const changed = Buffer.from(bytes);
      const at = changed.indexOf(text) + text.length;
      expect(at, text).toBeGreaterThan(text.length);
      changed[at] ^= 1;
      damage(changed, otherHash);
    }
  });

  it("says when the header is not one of normlab's, although the hash is right", async () => {
    const options = { name: "x", epochs: 1, checkpoint: folder };
    const path = join(folder, "x.checkpoint");
    const run = await train(tinyModel(), digits, options);
    const bytes = readFileSync(path);
    const [magic, content] = [bytes.subarray(0, 21), bytes.subarray(53)];
    const end = 4 + content.readUInt32LE(0);
    const header = JSON.parse(content.toString("utf8", 4, end)) as Record<string, unknown>;
    const { run: _, ...withoutRun } = header;
    const wrongType = { ...header, weights: [{ name: "kernel", shape: [2], dtype: "float64" }] };
    const { format: __, ...strangeRun } = run;
    for (const foreign of [null, 7, {}, withoutRun, { ...header, run: strangeRun }, wrongType, "{"]) {
      const json = Buffer.from(foreign === "{" ? foreign : JSON.stringify(foreign));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(json.length);
      const parts = [length, json, content.subarray(end)];
      const hash = createHash("sha256").update(Buffer.concat(parts)).digest();
      writeFileSync(path, Buffer.concat([magic, hash, ...parts]));
      expect(() => loadCheckpoint(folder, run)).toThrow(
        `${path} is damaged: its header is not one of normlab's; delete it to train from the beginning`,
      );
    }
  });

  it("refuses a file of another version, because version 0.1 had no hash of its header", async () => {
    writeFileSync(join(folder, "x.checkpoint"), "normlab-checkpoint/1\n\0\0\0\0");
    await expect(train(tinyModel(), digits, { name: "x", checkpoint: folder })).rejects.toThrow(
      "x.checkpoint was written by another version of normlab, in a format that this one does not read; delete it",
    );
  });

  it("a write that fails leaves nothing beside the file", async () => {
    const run = await train(tinyModel(), digits, { name: "x", epochs: 1 });
    mkdirSync(join(folder, "x.checkpoint")); // which no file can replace
    const checkpoint = { run, weights: [], optimizer: { iterations: 0, tensors: [] } };
    expect(() => saveCheckpoint(folder, checkpoint)).toThrow("x.checkpoint");
    expect(readdirSync(folder)).toEqual(["x.checkpoint"]);
  });

  it("what a killed write left is cleared by the next run; what another process writes now is not", async () => {
    const { pid: ended } = spawnSync(process.execPath, ["-e", ""]);
    const left = [`x.checkpoint.${ended}-1.tmp`, `x.checkpoint.${ended}-8123456.tmp`];
    const others = [
      `x.checkpoint.${process.ppid}-1.tmp`,
      `y.checkpoint.${ended}-1.tmp`,
      "x.checkpoint.mine.tmp",
    ];
    for (const name of [...left, ...others]) writeFileSync(join(folder, name), "");
    await train(tinyModel(), digits, { name: "x", epochs: 1, checkpoint: folder });
    expect(readdirSync(folder).sort()).toEqual(["x.checkpoint", ...others].sort());
  });

  it("what a worker left that was ended while it wrote is cleared when train() answers", async () => {
    // Threads are numbered one after the other: the next worker's number is known.
    const before = new Worker("", { eval: true });
    const { threadId } = before;
    await before.terminate();
    const left = join(folder, `x.checkpoint.${process.pid}-${threadId + 1}.tmp`);
    writeFileSync(left, "half");
    const controller = new AbortController();
    const run = await train(tinyModel(), digits, {
      ...{ name: "x", epochs: 100_000, checkpoint: folder, signal: controller.signal },
      onProgress: () => controller.abort(),
      // No epoch ends before it is interrupted, so nothing else clears it.
      batchSize: 1,
    });
    expect(run.ended).toMatchObject({ how: "interrupted", epoch: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says when the folder can't be made", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(train(tinyModel(), digits, { epochs: 1, checkpoint: file })).rejects.toThrow(file);
  });
});
