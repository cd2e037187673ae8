import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pruneNodePackages } from "../../scripts/setup/prune.mjs";

describe("pruneNodePackages", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  };

  const kept = [
    "@tensorflow/tfjs/dist/tf.node.js",
    "@tensorflow/tfjs/dist/index.js",
    "@tensorflow/tfjs/dist/index.d.ts",
    "@tensorflow/tfjs-core/dist/tf-core.node.js",
    "@tensorflow/tfjs-core/dist/ops/add.js",
    "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.node.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "binaryen/index.js",
    "plotly.js-dist/plotly.js",
    "other/dist/other.min.js",
  ];
  const removed = [
    "@tensorflow/tfjs/dist/tf.node.js.map",
    "@tensorflow/tfjs/dist/tf.js",
    "@tensorflow/tfjs/dist/tf.min.js",
    "@tensorflow/tfjs/dist/tf.min.js.html",
    "@tensorflow/tfjs/dist/tf.es2017.js",
    "@tensorflow/tfjs-core/dist/tf-core.fesm.min.js",
    "@tensorflow/tfjs-core/dist/miniprogram/index.js",
    "binaryen/bin/wasm-opt",
    "other/node_modules/nested/index.js.map",
  ];

  it("removes maps, other builds and tools, and nothing that is loaded", () => {
    for (const name of [...kept, ...removed]) write(name);
    pruneNodePackages(folder);
    expect(kept.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    expect(removed.filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });

  it("does not follow a link out of the folder, as the package's to itself is", () => {
    const project = join(folder, "project");
    write("project/src/kept.map");
    write("project/node_modules/other/index.js.map");
    symlinkSync(project, join(project, "node_modules/normlab"), "junction");
    pruneNodePackages(join(project, "node_modules"));
    expect(existsSync(join(project, "src/kept.map"))).toBe(true);
    expect(existsSync(join(project, "node_modules/other/index.js.map"))).toBe(false);
  });

  it("has nothing left to do in the project's own packages", () => {
    const packages = resolve(__dirname, "../../node_modules");
    expect(existsSync(join(packages, "@tensorflow/tfjs/dist/tf.node.js"))).toBe(true);
    expect(existsSync(join(packages, "@tensorflow/tfjs/dist/tf.node.js.map"))).toBe(false);
  });
});
