/** The layers against Keras 3 in float32: forward, backward and moving statistics, on two backends. */
import type * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { beforeAll, describe, it } from "vitest";
import { expectClose, largest, type Numbers, relativeError, summands } from "../support/close";
import { type KerasCase, kerasCases } from "../support/fixtures";
import { runLayer, setWeights } from "./support";

/**
 * 1e-5 beside what Keras's float32 values are themselves off its float64 ones: at a large offset, and where two
 * values are standardized, Keras's float32 loses digits too.
 */
function expectKeras(what: string, actual: Numbers, float32: Numbers, float64: Numbers, scale = 0): void {
  expectClose(what, actual, float32, 1e-5 + relativeError(float32, float64, scale), scale);
}

const factories: Record<KerasCase["layer"], (config: object) => tf.layers.Layer> = {
  BatchNormalization: layers.batchNorm,
  LayerNormalization: layers.layerNorm,
  GroupNormalization: layers.groupNorm,
  RMSNormalization: layers.rmsNorm,
};

/** Keras calls RMSNormalization's γ scale. */
const weightNames = (named: KerasCase["weights"]) =>
  Object.fromEntries(Object.entries(named).map(([key, value]) => [key === "scale" ? "gamma" : key, value]));

function check(test: KerasCase, layer: tf.layers.Layer): void {
  test.steps.forEach(({ x, dy }, i) => {
    const { y, dx, gradients, state } = runLayer(layer, x, dy, i < test.steps.length - 1);
    const [float32, float64] = [test.float32[i], test.float64[i]];
    expectKeras(`y in step ${i}`, y, float32.y, float64.y);
    expectKeras(`dx in step ${i}`, dx, float32.dx, float64.dx, largest(dy));
    for (const [name, gradient] of Object.entries(gradients)) {
      const key = `d_${name}` in float32 ? `d_${name}` : "d_scale";
      expectKeras(`${key} in step ${i}`, gradient, float32[key], float64[key], summands(dy, gradient));
    }
    for (const [name, value] of Object.entries(state)) {
      expectKeras(`${name} in step ${i}`, value, float32[name], float64[name]);
    }
  });
}

describe.each(["wasm", "cpu"] as const)("layers on the backend %s", (backend) => {
  beforeAll(async () => {
    await initBackend({ backend });
  });

  for (const test of kerasCases()) {
    it(`are Keras's ${test.name}`, () => {
      const layer = factories[test.layer](test.config);
      layer.build([...test.steps[0].x.shape]);
      setWeights(layer, weightNames(test.weights));
      check(test, layer);
    });
    if (test.config.groups === -1) {
      it(`have an instanceNorm that is Keras's ${test.name}`, () => {
        const layer = layers.instanceNorm();
        layer.build([...test.steps[0].x.shape]);
        setWeights(layer, test.weights);
        check(test, layer);
      });
    }
  }
});
