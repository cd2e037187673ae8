import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeBackend, initBackend } from "normlab";
import { inProcess, normlab, tfjs } from "./inProcess";

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

  it("leaves no listeners of Emscripten's on the process, and the program's own where they are", () => {
    const { out } = inProcess(
      `const { normlab } = load();
       const before = process.listenerCount("newListener");
       const mine = () => undefined;
       process.on("unhandledRejection", mine);
       const ready = normlab.initBackend();
       const during = () => undefined;
       process.on("uncaughtException", during);
       await ready;
       const of = (event) => process.listeners(event).map((each) => [mine, during].indexOf(each));
       finish({ rejection: of("unhandledRejection"), exception: of("uncaughtException"),
         added: process.listenerCount("newListener") - before });`,
    );
    expect(out).toEqual({ rejection: [0], exception: [1], added: 0 });
  });

  it("refuses a backend it does not know, and a folder without its slash", () => {
    expect(() => initBackend({ backend: "webgl" as "wasm" })).toThrow(
      /"webgl"; it must be one of wasm, webgpu/,
    );
    expect(() => initBackend({ wasmPath: "/wasm" })).toThrow(/wasmPath is "\/wasm"; .*slash at the end/);
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

  it("starts at a second try what failed at the first", () => {
    const { out } = inProcess(
      `const { normlab } = load();
       const start = () => normlab.initBackend({ backend: "tensorflow" }).then(({ name }) => name, ({ message }) => message);
       const first = await start();
       globalThis.isInstalled = true;
       finish([first, await start()]);`,
      {
        "@tensorflow/tfjs-node": `
          if (!globalThis.isInstalled) throw new Error("it is broken today");
          const tf = require(${JSON.stringify(tfjs)});
          tf.registerBackend("tensorflow", () => tf.findBackendFactory("cpu")());
          tf.copyRegisteredKernels("cpu", "tensorflow");`,
      },
    );
    expect(out).toEqual(["it is broken today", "tensorflow"]);
  });

  it("takes the .wasm files from where it is told, and says what is missing there", () => {
    const folder = mkdtempSync(join(tmpdir(), "normlab-wasm-"));
    const tfjsWasm = createRequire(normlab).resolve("@tensorflow/tfjs-backend-wasm");
    for (const from of [dirname(tfjsWasm), join(dirname(normlab), "backend")]) {
      for (const name of readdirSync(from).filter((name) => name.endsWith(".wasm"))) {
        copyFileSync(join(from, name), join(folder, name));
      }
    }
    const losses = (options: object) =>
      inProcess(
        `const { tf, normlab } = load();
         await normlab.initBackend(${JSON.stringify(options)});
         ${trainAStep}
         finish({ loss: typeof loss, kernels: normlab.describeBackend().kernels });`,
      ).out;
    try {
      expect(losses({ wasmPath: `${folder}/` })).toEqual(losses({}));
      const nothing = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0); // a module without exports
      for (const name of ["kernels", "kernels-fma"]) writeFileSync(join(folder, `${name}.wasm`), nothing);
      expect(losses({ wasmPath: `${folder}/` })).toMatch(/assembly\/index\.ts exports no kernel "\w+"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(losses({ wasmPath: `${folder}/` })).toMatch(
      /did not start; its files were looked for in .*normlab-wasm-/,
    );
  });
});
