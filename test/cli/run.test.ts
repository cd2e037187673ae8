import type { ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadIdx, type Run } from "normlab";
import { writeIdxFolder } from "../support/idx";
import { endProgram, runProgram, startProgram } from "../support/process";
import { within } from "../support/within";
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
  runProgram(50_000, process.execPath, [script, ...args], { cwd: folder });

/** Runs `config.json`, does something to it when epoch 2 is told, and answers how the process ended. */
async function normlabEndedBy(end: NodeJS.Signals | ((child: ChildProcess) => void)): Promise<string> {
  const program = startProgram(process.execPath, [script, "run", "config.json", "--out", "run.json"], {
    cwd: folder,
  });
  const { child, output, ended } = program;
  let sent = false;
  child.stderr!.on("data", () => {
    if (sent || !output.stderr.includes("epoch 2/")) return;
    sent = true;
    if (typeof end === "string") child.kill(end);
    else end(child);
  });
  try {
    return await within(
      50_000,
      `epoch 2 and the end of training by ${String(end)}`,
      ended,
      () => output.stderr,
    );
  } finally {
    await endProgram(program);
  }
}
const write = (content: unknown) =>
  writeFileSync(join(folder, "config.json"), typeof content === "string" ? content : JSON.stringify(content));
const readRun = (name = "run.json") => JSON.parse(readFileSync(join(folder, name), "utf8")) as Run;

describe("normlab run", () => {
  it("trains, tells of progress on stderr, writes the Run and ends with 0", async () => {
    write(config);
    const { status, stdout, stderr } = await normlab("run", "config.json", "--out", "results/run.json");
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

  it("the seed decides the initial weights, and a normalization layer does not change them", async () => {
    const layers = config.model as { layer: string }[];
    const firstLoss = async (model: unknown, seed: number) => {
      write({ ...config, model, seed, optimizer: { name: "sgd", learningRate: 0 }, epochs: 1 });
      expect((await normlab("run", "config.json", "--out", "run.json")).status).toBe(0);
      return readRun().epochs[0].validationLoss;
    };
    const plain = layers.filter(({ layer }) => layer !== "batchNormalization");
    const withoutEffect = { layer: "batchNormalization", epsilon: 1e-9, momentum: 1 };
    const loss = await firstLoss(plain, 7);
    // In validation a fresh batch norm with ε → 0 divides by √1 and subtracts 0.
    expect(await firstLoss([...plain.slice(0, 2), withoutEffect, ...plain.slice(2)], 7)).toBeCloseTo(
      loss!,
      6,
    );
    expect(await firstLoss(plain, 8)).not.toBeCloseTo(loss!, 3);
  });

  it("killed and run again, it goes on and ends as if nothing had happened", async () => {
    write({ ...config, epochs: 40 });
    expect((await normlab("run", "config.json", "--out", "whole.json")).status).toBe(0);
    expect(await normlabEndedBy("SIGKILL")).toBe("was ended by SIGKILL");
    expect(existsSync(join(folder, "run.json"))).toBe(false);
    const { status, stderr } = await normlab("run", "config.json", "--out", "run.json");
    expect(status, stderr).toBe(0);
    expect(readRun().timings.resumedAfterEpochs[0]).toBeGreaterThanOrEqual(1);
    expect(withoutTimes(readRun())).toEqual(withoutTimes(readRun("whole.json")));
  }, 180_000);

  it.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("interrupted by %s, it writes the partial Run and ends with %i", async (signal, status) => {
    write({ ...config, epochs: 100_000 });
    expect(await normlabEndedBy(signal)).toBe(`ended with status ${status}`);
    expect(readRun().ended.how).toBe("interrupted");
    expect(readRun().epochs.length).toBeGreaterThan(0);
  });

  it("a second Ctrl-C, and a progress that nobody reads any more, don't lose the Run", async () => {
    write({ ...config, epochs: 100_000 });
    const impatient = (child: ChildProcess) => {
      child.stderr!.destroy();
      child.kill("SIGINT");
      for (const ms of [1, 5, 20]) setTimeout(() => child.kill("SIGINT"), ms);
    };
    // The last of them may meet a process that has written the Run and is on its way out.
    const ends = ["ended with status 130", "was ended by SIGINT"];
    expect(ends).toContain(await normlabEndedBy(impatient));
    expect(readRun().ended.how).toBe("interrupted");
  });

  it("trains on another data set in MNIST's format", async () => {
    mkdirSync(join(folder, "data"));
    writeIdxFolder(join(folder, "data"), { train: [0, 1, 2, 10, 11, 3], test: [4, 5] });
    const data = { format: "idx", folder: "data", classes: 12, limit: 5 };
    const [, ...layers] = config.model as object[];
    const flatten = { layer: "flatten", inputShape: [2, 3, 1] };
    const last = { layer: "dense", units: 12, activation: "softmax" };
    write({ ...config, data, model: [flatten, ...layers.slice(0, -1), last], validationSplit: 0, epochs: 1 });
    const { status, stderr } = await normlab("run", "config.json", "--out", "run.json");
    expect(status, stderr).toBe(0);
    expect(readRun()).toMatchObject({
      configuration: { examples: { train: 5, test: 2 } },
      dataHash: loadIdx(join(folder, "data"), { classes: 12, limit: 5 }).hash,
    });
  });

  it("a byte-order mark before the configuration is fine", async () => {
    write(`\uFEFF${JSON.stringify({ ...config, epochs: 1 })}`);
    const { status, stderr } = await normlab("run", "config.json", "--out", "run.json");
    expect(status, stderr).toBe(0);
  });

  it("a changed configuration over an old checkpoint: status 2", async () => {
    const again = ["run", "config.json", "--out", "run.json", "--checkpoint", "kept"];
    write({ ...config, epochs: 1 });
    expect((await normlab(...again)).status).toBe(0);
    write({ ...config, epochs: 1, seed: 8 });
    const { status, stderr } = await normlab(...again);
    expect(stderr).toMatch(
      /normlab run: checkpoint .* belongs to another experiment: seed differs: there it is 7/,
    );
    expect(status).toBe(2);
  });

  it("--out is looked at before the first step, and nothing is left behind", async () => {
    write({ ...config, epochs: 100_000 });
    mkdirSync(join(folder, "results"));
    symlinkSync("/dev/null", join(folder, "device"));
    const linux = process.platform === "linux";
    const outs: [string, string][] = [
      ["results", "it is a folder."],
      ["config.json", "it is the configuration itself."],
      ["config.json/run.json", "ENOTDIR"],
      [`new/${"long".repeat(70)}/run.json`, "ENAMETOOLONG"],
      ...(linux
        ? ([
            ["device", "it is not a plain file."],
            ["/dev/full", "it is not a plain file."],
          ] as [string, string][])
        : []),
      ...(linux
        ? ([
            ["/proc/x/y.json", "ENOENT"],
            ["/proc/y.json", "ENOENT"],
          ] as [string, string][])
        : []),
    ];
    const before = readdirSync(folder).sort();
    for (const [out, why] of outs) {
      const { status, stderr } = await normlab("run", "config.json", "--out", out);
      expect(stderr, out).toContain(`normlab run: --out ${resolve(folder, out)} can't be written: `);
      expect(stderr, out).toContain(why);
      expect(status, out).toBe(2);
      expect(readdirSync(folder).sort(), out).toEqual(before);
      expect(readdirSync(join(folder, "results")), out).toEqual([]);
    }
  });

  it("keeps a checkpoint in a folder that was named", async () => {
    write({ ...config, epochs: 1 });
    const { status, stderr } = await normlab(
      ...["run", "config.json", "--out", "run.json", "--checkpoint", "kept"],
    );
    expect(status, stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["config.json", "kept", "run.json"]);
    expect(readdirSync(join(folder, "kept"))).toEqual(["small.checkpoint"]);
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{ name:", "config.json: is not JSON"],
    ["not an object", [1], "config.json: the configuration is [1]; it must be an object"],
    [
      "wrong epochs",
      { ...config, epochs: "ten" },
      'config.json: epochs is "ten"; it must be a positive whole number',
    ],
    [
      "a layer without units",
      { ...config, model: [{ layer: "dense" }] },
      "config.json: model[0] (dense) can't be built",
    ],
    [
      "a folder that isn't there",
      { ...config, data: { folder: "digits" } },
      '/digits"; it must be a folder with train-images-idx3-ubyte, ',
    ],
    [
      "a folder without the files",
      { ...config, data: { folder: "." } },
      "train-images-idx3-ubyte: no such file; expected it plain or as",
    ],
    [
      "a field that the layer does not have",
      { ...config, model: [{ layer: "flatten" }, { layer: "dense", units: 10, activaton: "softmax" }] },
      'config.json: model[1] (dense): "activaton" is not an option; did you mean "activation"?',
    ],
    [
      "an output of another rank",
      { ...config, model: [{ layer: "dense", units: 10, activation: "softmax" }] },
      "of shape [N, 28, 28, 10]; it must be of shape [N, classes], one row an example",
    ],
    [
      "too few outputs",
      { ...config, model: [{ layer: "flatten" }, { layer: "dense", units: 5 }] },
      "it must be a class from 0 to 4, for which the model",
    ],
  ])("%s: status 2 and a message that names the file or the field", async (_, content, message) => {
    write(content);
    const { status, stderr } = await normlab("run", "config.json", "--out", "run.json");
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(["config.json"]);
  });

  it("no file: status 2", async () => {
    const { status, stderr } = await normlab("run", "config.json", "--out", "run.json");
    expect(stderr).toContain(`${join(folder, "config.json")}: can't be read`);
    expect(status).toBe(2);
  });

  it("wrong arguments: status 2 and the usage", async () => {
    for (const args of [
      [],
      ["train"],
      ["run"],
      ["run", "a.json"],
      ["run", "a", "b", "--out", "c"],
      ["run", "--fast"],
    ]) {
      const { status, stderr } = await normlab(...args);
      expect(status).toBe(2);
      expect(stderr).toContain("usage: npx normlab");
    }
    expect((await normlab("--help")).stdout).toContain("run        train what CONFIG.json describes");
    expect((await normlab("run", "--help")).status).toBe(0);
  });
});
