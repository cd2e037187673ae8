import * as tf from "@tensorflow/tfjs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Dataset, initBackend, type Run, train } from "normlab";
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
  it("a killed process goes on from the last epoch and ends as one that was not killed, bit for bit", () => {
    const experiment = (...args: string[]) => {
      const { signal, stdout, stderr } = spawnSync(
        process.execPath,
        [join(__dirname, "experiment.mjs"), ...args],
        {
          encoding: "utf8",
        },
      );
      return { signal, stderr, ...(JSON.parse(stdout || "{}") as { run?: Run; weights?: string }) };
    };
    // Long enough that progress, five times a second, is told while it trains.
    const epochs = "40";
    const whole = experiment("-", epochs);
    expect(whole.run?.ended.how, whole.stderr).toBe("completed");
    expect(experiment(folder, epochs, "2").signal).toBe("SIGKILL");
    const resumed = experiment(folder, epochs);
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

  it("an interrupted experiment goes on from its last finished epoch", async () => {
    const controller = new AbortController();
    const interrupted = await train(tinyModel(), digits, {
      name: "stopped",
      epochs: 1000,
      checkpoint: folder,
      signal: controller.signal,
      onProgress: ({ epoch }) => {
        if (epoch > 3) controller.abort();
      },
    });
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

  it("says when the file is damaged", async () => {
    const options = { name: "x", epochs: 1, checkpoint: folder };
    const path = join(folder, "x.checkpoint");
    await train(tinyModel(), digits, options);
    const bytes = readFileSync(path);
    const damage = async (damaged: Buffer, what: string) => {
      writeFileSync(path, damaged);
      await expect(train(tinyModel(), digits, options)).rejects.toThrow(`${path} is damaged: ${what}`);
    };
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 9] ^= 1;
    await damage(flipped, "its numbers have another SHA-256");
    await damage(bytes.subarray(0, -4), "its numbers have another SHA-256");
    await damage(bytes.subarray(0, 100), "it ends in its header");
    await damage(bytes.subarray(0, 22), "it ends in its header");
    await damage(Buffer.from("hello"), "it does not begin as one of normlab's");
  });

  it("says when the folder can't be made", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(train(tinyModel(), digits, { epochs: 1, checkpoint: file })).rejects.toThrow(file);
  });
});
