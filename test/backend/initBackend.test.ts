import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { describeBackend, initBackend } from "normlab";

const requireHere = createRequire(__filename);
const normlab = requireHere.resolve("normlab");
const tfjs = requireHere.resolve("@tensorflow/tfjs");

/** Runs a script in a process of its own, with packages that exist only there; answers what it printed. */
function inProcess(
  script: string,
  packages: Record<string, string> = {},
): { out: string; warnings: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "normlab-backend-"));
  try {
    for (const [name, code] of Object.entries(packages)) {
      const file = join(folder, name, "index.js");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, code);
    }
    const preamble = `
      const warnings = [];
      console.warn = (...words) => warnings.push(words.join(" "));
      const finish = (value) => process.stdout.write(JSON.stringify({ out: value, warnings }));
      const load = () => ({ tf: require(${JSON.stringify(tfjs)}), normlab: require(${JSON.stringify(normlab)}) });`;
    const main = join(folder, "main.js");
    writeFileSync(main, `${preamble}\n(async () => {${script}})().catch((error) => finish(error.message));`);
    const env = { ...process.env, NODE_PATH: folder };
    return JSON.parse(
      execFileSync(process.execPath, [main], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const trainAStep = `
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: "relu" }));
  model.add(tf.layers.batchNormalization({}));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 2, activation: "softmax" }));
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const loss = await model.trainOnBatch(tf.ones([4, 6, 6, 1]), tf.oneHot([0, 1, 0, 1], 2));`;

describe("initBackend", () => {
  it("says that nothing is chosen yet, then takes wasm with our kernels, once", async () => {
    expect(describeBackend()).toMatchObject({ name: "none", kernels: "none" });
    const [first, second] = await Promise.all([initBackend(), initBackend()]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ name: "wasm", reason: expect.stringContaining("default") as string });
    expect(["simd", "simd-fma"]).toContain(first.kernels);
    expect(describeBackend()).toEqual(first);
  });

  it("refuses a backend it does not know", () => {
    expect(() => initBackend({ backend: "webgl" as "wasm" })).toThrow(
      /"webgl"; it must be one of wasm, webgpu/,
    );
  });

  it.each([
    ["tensorflow", "@tensorflow/tfjs-node"],
    ["webgpu", "webgpu"],
  ] as const)("says which package %s needs, and goes on working", async (backend, name) => {
    await expect(initBackend({ backend })).rejects.toThrow(
      `needs the package ${name}, which is not installed`,
    );
    expect((await initBackend()).name).toBe("wasm");
  });

  it("takes tensorflow when it is installed and asked for", () => {
    const fake = `
      const tf = require(${JSON.stringify(tfjs)});
      tf.registerBackend("tensorflow", () => tf.findBackendFactory("cpu")());
      tf.copyRegisteredKernels("cpu", "tensorflow");`;
    const { out } = inProcess(
      `const { tf, normlab } = load();
       const description = await normlab.initBackend({ backend: "tensorflow" });
       ${trainAStep}
       finish({ description, loss, used: tf.getBackend() });`,
      { "@tensorflow/tfjs-node": fake },
    );
    expect(out).toMatchObject({
      description: { name: "tensorflow", reason: "it was asked for", kernels: "none" },
    });
    expect(out).toMatchObject({ used: "tensorflow", loss: expect.any(Number) as number });
  });

  it("says so where webgpu finds no adapter", () => {
    const fake = `module.exports = { globals: {}, create: () => ({ requestAdapter: async () => null }) };`;
    const { out } = inProcess(
      `const { normlab } = load(); await normlab.initBackend({ backend: "webgpu" });`,
      {
        webgpu: fake,
      },
    );
    expect(out).toMatch(/found no graphics adapter/);
  });

  it("trains without SIMD, with one warning", () => {
    const { out, warnings } = inProcess(
      `WebAssembly.validate = () => false;
       const { tf, normlab } = load();
       const description = await normlab.initBackend();
       await normlab.initBackend();
       ${trainAStep}
       finish({ description, loss });`,
    );
    expect(out).toMatchObject({
      description: { name: "wasm", kernels: "none" },
      loss: expect.any(Number) as number,
    });
    expect(warnings.filter((warning) => warning.includes("no SIMD"))).toHaveLength(1);
  });
});
