import { dirname, join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { layerPrototype, replaceMethod } from "../../dist/backend/patches/patch";
import { inProcess, normlab } from "./inProcess";

const patches = JSON.stringify(join(dirname(normlab), "backend", "patches"));

/** A network that is sure of wrong answers, with every layer that a patch touches; its losses and weights. */
const train = `
  const seeded = (seed) => ({ kernelInitializer: tf.initializers.randomNormal({ stddev: 5, seed }) });
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: "relu", ...seeded(1) }));
  model.add(tf.layers.batchNormalization({}));
  model.add(tf.layers.layerNormalization({}));
  model.add(tf.layers.reshape({ targetShape: [4, 16] }));
  const { kernelInitializer: recurrentInitializer } = seeded(4);
  model.add(tf.layers.gru({ units: 6, returnSequences: true, ...seeded(5), recurrentInitializer }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 8, activation: "relu", ...seeded(2) }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax", ...seeded(3) }));
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const x = tf.reshape(tf.range(0, 144), [4, 6, 6, 1]);
  const y = tf.oneHot([0, 1, 2, 0], 3);
  const losses = [];
  for (let step = 0; step < 5; step++) losses.push(await model.trainOnBatch(x, y));
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));`;

describe("patches", () => {
  it("do the same in any order", () => {
    const inOrder = (arrange: string) =>
      inProcess(
        `const { tf, normlab } = load();
         const { patches } = require(${patches});
         ${arrange}
         await normlab.initBackend();
         ${train}
         finish({ count: patches.length, losses, weights });`,
      ).out as { count: number; losses: number[]; weights: number[][] };
    const expected = inOrder("");
    // tfjs's own loss ends at −log 10⁻⁷ = 16.1, beyond which its gradient is 0.
    expect(Math.max(...expected.losses)).toBeGreaterThan(20);
    expect(inOrder("patches.reverse();")).toEqual(expected);
    // From the middle on: with the reversed ones, each pair of neighbours has come in both orders.
    expect(inOrder("patches.push(...patches.splice(0, patches.length / 2));")).toEqual(expected);
  });

  it("replace a method once only", () => {
    const dense = layerPrototype<tf.layers.Layer>("Dense");
    const stock = dense.call;
    try {
      replaceMethod(dense, "call", (call) => call);
      expect(() => replaceMethod(dense, "call", (call) => call)).toThrow(/two patches replace Dense\.call/);
    } finally {
      dense.call = stock;
    }
  });

  it("say which layer class tfjs lacks", () => {
    expect(() => layerPrototype<tf.layers.Layer>("Sparse")).toThrow(/no layer class Sparse/);
  });
});
