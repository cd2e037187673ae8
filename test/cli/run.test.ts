import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Run } from "normlab";
import { withoutTimes } from "../train/tiny";

const script = resolve(__dirname, "../../scripts/normlab.mjs");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-run-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = {
  name: "small",
  data: { limit: 300 },
  model: [
    { layer: "flatten" },
    { layer: "dense", units: 8, activation: "relu" },
    { layer: "batchNormalization" },
    { layer: "dense", units: 10, activation: "softmax" },
  ] as unknown,
  optimizer: { name: "adam", learningRate: 0.005 } as unknown,
  epochs: 2,
  seed: 7,
};

const normlab = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
const write = (content: unknown) =>
  writeFileSync(join(folder, "config.json"), typeof content === "string" ? content : JSON.stringify(content));
const readRun = (name = "run.json") => JSON.parse(readFileSync(join(folder, name), "utf8")) as Run;

describe("normlab run", () => {
  it("trains, tells of progress on stderr, writes the Run and ends with 0", () => {
    write(config);
    const { status, stdout, stderr } = normlab("run", "config.json", "--out", "results/run.json");
    expect(stderr).toMatch(/^small: epoch 1\/2: loss \d.*, validation loss \d.* s$/m);
    expect(stderr).toMatch(/^small: epoch 2\/2/m);
    expect(stderr).toMatch(/^small: test loss \d/m);
    expect(status).toBe(0);
    expect(stdout).toBe("");
    const run = readRun("results/run.json");
    expect(run).toMatchObject({
      format: "normlab-run/1",
      name: "small",
      seed: 7,
      configuration: { optimizer: { config: { learningRate: 0.005 } }, examples: { train: 270, test: 300 } },
      ended: { how: "completed" },
    });
    expect(run.test!.accuracy).toBeGreaterThan(0.2);
    expect(readdirSync(join(folder, "results"))).toEqual(["run.json"]);
  });

  it("the seed decides the initial weights, and a normalization layer does not change them", () => {
    const layers = config.model as { layer: string }[];
    const firstLoss = (model: unknown, seed: number) => {
      write({ ...config, model, seed, optimizer: { name: "sgd", learningRate: 0 }, epochs: 1 });
      expect(normlab("run", "config.json", "--out", "run.json").status).toBe(0);
      return readRun().epochs[0].validationLoss;
    };
    const plain = layers.filter(({ layer }) => layer !== "batchNormalization");
    const withoutEffect = { layer: "batchNormalization", epsilon: 1e-9, momentum: 1 };
    const loss = firstLoss(plain, 7);
    // In validation a fresh batch norm with ε → 0 divides by √1 and subtracts 0.
    expect(firstLoss([...plain.slice(0, 2), withoutEffect, ...plain.slice(2)], 7)).toBeCloseTo(loss!, 6);
    expect(firstLoss(plain, 8)).not.toBeCloseTo(loss!, 3);
  });

  it("killed and run again, it goes on and ends as if nothing had happened", async () => {
    write({ ...config, epochs: 40 });
    expect(normlab("run", "config.json", "--out", "whole.json").status).toBe(0);
    const victim = spawn(process.execPath, [script, "run", "config.json", "--out", "run.json"], {
      cwd: folder,
    });
    await new Promise<void>((done) => {
      victim.stderr.on("data", (text: Buffer) => {
        if (text.includes("epoch 2/")) victim.kill("SIGKILL");
      });
      victim.on("exit", () => done());
    });
    expect(existsSync(join(folder, "run.json"))).toBe(false);
    const { status, stderr } = normlab("run", "config.json", "--out", "run.json");
    expect(status, stderr).toBe(0);
    expect(readRun().timings.resumedAfterEpochs[0]).toBeGreaterThanOrEqual(1);
    expect(withoutTimes(readRun())).toEqual(withoutTimes(readRun("whole.json")));
  }, 180_000);

  it("interrupted, it writes the partial Run and ends with 130", async () => {
    write({ ...config, epochs: 100_000 });
    const child = spawn(process.execPath, [script, "run", "config.json", "--out", "run.json"], {
      cwd: folder,
    });
    // Once: a second interrupt means "at once, without writing anything".
    let interrupted = false;
    child.stderr.on("data", (text: Buffer) => {
      if (interrupted || !text.includes("epoch 2/")) return;
      interrupted = true;
      child.kill("SIGINT");
    });
    const status = await new Promise((done) => child.on("exit", done));
    expect(status).toBe(130);
    expect(readRun().ended.how).toBe("interrupted");
    expect(readRun().epochs.length).toBeGreaterThan(0);
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{ name:", "config.json: is not JSON"],
    ["not an object", [1], "must hold an object"],
    ["no name", { ...config, name: undefined }, "name is missing; it must be a non-empty string"],
    ["an unknown field", { ...config, epoch: 3 }, "epoch is not a field; the fields are name, data, model"],
    ["wrong epochs", { ...config, epochs: "ten" }, 'epochs is "ten"; it must be a whole number, at least 1'],
    ["wrong seed", { ...config, seed: -1 }, "seed is -1; it must be"],
    ["wrong limit", { ...config, data: { limit: 0 } }, "data.limit is 0; it must be"],
    [
      "wrong loss",
      { ...config, loss: "hinge?" },
      'loss is "hinge?"; it must be one of categoricalCrossentropy',
    ],
    ["no model", { ...config, model: undefined }, "model is missing; it must be a list of layers"],
    [
      "unknown layer",
      { ...config, model: [{ layer: "Layer" }] },
      'model[0].layer is "Layer"; it must be the name',
    ],
    ["a layer without units", { ...config, model: [{ layer: "dense" }] }, "model[0] (dense) can't be built"],
    [
      "unknown optimizer",
      { ...config, optimizer: "adamw" },
      'optimizer.name is "adamw"; it must be one of sgd',
    ],
    [
      "an option that the optimizer lacks",
      { ...config, optimizer: { name: "sgd", beta1: 0.9 } },
      "optimizer.beta1 is 0.9; it must be left out: sgd has learningRate",
    ],
    [
      "too few outputs",
      { ...config, model: [{ layer: "flatten" }, { layer: "dense", units: 5 }] },
      "data.train.labels has class 9; the model",
    ],
  ])("%s: status 2 and a message that names the field", (_, content, message) => {
    write(content);
    const { status, stderr } = normlab("run", "config.json", "--out", "run.json");
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(["config.json"]);
  });

  it("wrong arguments: status 2 and the usage", () => {
    for (const args of [
      [],
      ["train"],
      ["run"],
      ["run", "a.json"],
      ["run", "a", "b", "--out", "c"],
      ["run", "--fast"],
    ]) {
      const { status, stderr } = normlab(...args);
      expect(status).toBe(2);
      expect(stderr).toContain("usage: npx normlab");
    }
    expect(normlab("--help").stdout).toContain("run        train what CONFIG.json describes");
    expect(normlab("run", "--help").status).toBe(0);
  });
});
