import * as tf from "@tensorflow/tfjs";
import { initBackend, loadMnist, randomGenerator, randomNormal, train } from "normlab";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { followSources } from "../../dist/cli/reproduce/sources";
import { sourceSymbol } from "../../dist/tensor/sources";
import { someDigits, tinyModel } from "../train/tiny";

const { random } = Math;
beforeAll(() => initBackend());
afterEach(() => {
  Math.random = random;
  delete (globalThis as { [sourceSymbol]?: unknown })[sourceSymbol];
});

describe("the sources of a result", () => {
  it("are what was drawn and read before it was named, and no more", () => {
    randomNormal([2], { seed: 1 });
    const sourcesOf = followSources();
    expect(sourcesOf("a", {})).toEqual({ randomness: "none", data: "none" });
    for (const seed of [7, 102, 100, 101, 7, 8]) randomGenerator(seed);
    expect(sourcesOf("b", {})).toEqual({ randomness: "seeds 7, 8, 100 to 102", data: "none" });
    const { hash } = loadMnist({ limit: 10 });
    const all = loadMnist({ limit: 20 });
    expect(sourcesOf("c", {}).data).toBe(`SHA-256 ${hash}, SHA-256 ${all.hash}`);
  });

  it("hold what a training in a worker used: its seed, those of the initial weights, the data", async () => {
    const model = tinyModel();
    const digits = someDigits(50);
    const sourcesOf = followSources();
    const { dataHash } = await train(model, digits, { epochs: 1, seed: 5 });
    expect(sourcesOf("curves", {})).toEqual({ randomness: "seeds 1, 2, 5", data: `SHA-256 ${dataHash}` });
  });

  it("are refused where they can't be told: no seed, or tfjs's own random numbers", () => {
    let sourcesOf = followSources();
    tf.randomNormal([2], 0, 1, "float32", 3).dispose();
    expect(() => sourcesOf("noise", {})).toThrow('"noise" doesn\'t say where it comes from: tensors of tfjs');
    expect(sourcesOf("noise", { seed: 3 }).randomness).toBe("seeds 3");
    Math.random = random;
    sourcesOf = followSources();
    Math.random();
    expect(() => sourcesOf("dice", {})).toThrow(
      '"dice" can\'t be reproduced: random numbers without a seed were drawn',
    );
  });
});
