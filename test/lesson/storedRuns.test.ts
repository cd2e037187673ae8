import * as tf from "@tensorflow/tfjs";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { describeBackend, initBackend, loadMnist, type Run, train } from "normlab";
import { hashOfConfiguration, readRecords, type StoredRecord } from "../../dist/train/stored/records";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";

const root = resolve(__dirname, "../..");
const file = (path: string) => resolve(root, path);
const recordsOf = (sweep: string) => readRecords(file(`lessons/runs/${sweep}.json.br`));

const asked = lessonFiles().flatMap((lesson) => {
  const text = readFileSync(file(`lessons/${lesson}`), "utf8");
  return [...text.matchAll(/await (?:sweep|stored)\(\s*"([^"]+)"/g)].map(([, sweep]) => ({ lesson, sweep }));
});

describe("what is stored with the course", () => {
  it("is what its lessons ask for, a file a sweep", () => {
    expect(asked.length).toBeGreaterThan(3);
    expect(readdirSync(file("lessons/runs")).sort()).toEqual(
      asked.map(({ sweep }) => `${sweep}.json.br`).sort(),
    );
  });

  it.each(asked)("$sweep is found, all of it, by the cell that asks for it", ({ lesson, sweep }) => {
    const notebook = readFileSync(file(`notebooks/${lesson.replace(/\.md$/, ".ipynb")}`), "utf8");
    expect(notebook).toContain(`${sweep}: ${recordsOf(sweep).length} results stored, computed on`);
  });
});

describe("a stored Run", () => {
  const records = recordsOf("mnist-comparison") as (StoredRecord & { result: Run })[];
  beforeAll(async () => {
    await initBackend();
  });

  it("is kept under the hash of what it says of itself, and was trained to its end", () => {
    for (const { hash, result } of records) {
      const { configuration, seed, dataHash, ended, epochs } = result;
      expect(hashOfConfiguration({ configuration, seed, dataHash, measured: undefined })).toBe(hash);
      expect([ended.how, epochs.length]).toEqual(["completed", configuration.epochs]);
    }
  });

  // Later steps amplify how a processor rounds; the first ones tell another model, other data and another order.
  it.each(["none", "batchNorm", "layerNorm"])("of %s begins as a training of today does", async (name) => {
    const { result } = records.find((record) => record.result.name === name)!;
    const { model: topology, optimizer, loss, batchSize, validationSplit } = result.configuration;
    const model = await tf.models.modelFromJSON({ modelTopology: structuredClone(topology) as never });
    const { learningRate } = optimizer.config as { learningRate: number };
    model.compile({ optimizer: tf.train.adam(learningRate), loss, metrics: ["accuracy"] });
    const controller = new AbortController();
    const run = await train(model, loadMnist(), {
      name,
      batchSize,
      validationSplit,
      seed: result.seed,
      epochs: result.configuration.epochs,
      signal: controller.signal,
      onProgress: ({ step }) => step >= 20 && controller.abort(),
    });
    expect(run.configuration).toEqual(result.configuration);
    expect(run.dataHash).toBe(result.dataHash);
    expect(run.steps.loss.length).toBeGreaterThanOrEqual(20);
    // They were trained where multiply-adds are fused: there each bit is the same.
    if (describeBackend().kernels === "simd-fma") {
      expect(run.steps.loss.slice(0, 20)).toEqual(result.steps.loss.slice(0, 20));
    } else {
      run.steps.loss.slice(0, 20).forEach((value, i) => expect(value).toBeCloseTo(result.steps.loss[i], 3));
    }
  });
});
