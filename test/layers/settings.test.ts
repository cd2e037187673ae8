/** Each setting is the one that it is called, has the default that is documented, and is named when it is wrong. */
import * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { methods } from "./methods";
import { shortName } from "./support";

beforeAll(async () => {
  await initBackend();
});

const simple = methods.filter(([name]) => name !== "weightNorm");
const ofClass = (className: string, config: object = {}) => ({ className, config });
const affine = {
  ...{ center: true, scale: true, betaInitializer: ofClass("Zeros"), gammaInitializer: ofClass("Ones") },
  ...{ betaRegularizer: null, gammaRegularizer: null, betaConstraint: null, gammaConstraint: null },
};
const moving = {
  ...{ momentum: 0.99, movingMeanInitializer: ofClass("Zeros") },
  ...{ movingVarianceInitializer: ofClass("Ones") },
};
const defaults: Record<string, object> = {
  batchNorm: { ...affine, ...moving, axis: -1, epsilon: 1e-3 },
  layerNorm: { ...affine, axis: [-1], epsilon: 1e-3 },
  instanceNorm: { ...affine, axis: -1, epsilon: 1e-3 },
  groupNorm: { ...affine, axis: -1, epsilon: 1e-3, groups: 32 },
  rmsNorm: { ...affine, center: false, axis: [-1], epsilon: 1e-6 },
  dyt: { ...affine, alphaInitializer: ofClass("Constant", { value: 0.5 }) },
  switchableNorm: { ...affine, ...moving, axis: -1, epsilon: 1e-3 },
};

describe.each(simple)("the layer %s", (name, make, config) => {
  it("has these settings where none are given", () => {
    expect(make().getConfig()).toMatchObject(defaults[name]);
  });

  const constant = (value: number) => tf.initializers.constant({ value });
  const initial: Record<string, number> = { gammaInitializer: 2, betaInitializer: 3 };
  if ("movingMeanInitializer" in defaults[name]) {
    Object.assign(initial, { movingMeanInitializer: 4, movingVarianceInitializer: 5 });
  }
  if (name === "dyt") initial.alphaInitializer = 6;
  if (name === "rmsNorm") delete initial.betaInitializer;

  it("starts each weight from its own initializer", () => {
    const given = Object.entries(initial).map(([setting, value]) => [setting, constant(value)]);
    const layer = make({ ...config, ...Object.fromEntries(given) });
    layer.build([null, 3, 3, 4]);
    const values = Object.fromEntries(layer.weights.map((w) => [shortName(w), w.read().dataSync()[0]]));
    for (const [setting, value] of Object.entries(initial)) {
      const weight = setting
        .replace("Initializer", "")
        .replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
      expect(values[weight], weight).toBe(value);
    }
  });

  it("keeps γ's and β's regularizers and constraints apart, in what is saved too", () => {
    const { gammaRegularizer, betaRegularizer, gammaConstraint, betaConstraint, ...rest } = make({
      gammaRegularizer: ofClass("L1L2", { l1: 0.25, l2: 0 }),
      betaRegularizer: ofClass("L1L2", { l1: 0.5, l2: 0 }),
      gammaConstraint: "nonNeg",
      betaConstraint: tf.constraints.unitNorm({}),
      ...config,
    }).getConfig() as Record<string, { className: string; config: { l1: number } }>;
    expect(gammaRegularizer.config.l1).toBeCloseTo(0.25, 6);
    expect(gammaConstraint.className).toBe("NonNeg");
    if (name !== "rmsNorm") {
      expect(betaRegularizer.config.l1).toBeCloseTo(0.5, 6);
      expect(betaConstraint.className).toBe("UnitNorm");
    }
    expect(rest).toMatchObject({ gammaInitializer: ofClass("Ones") });
  });

  it("names each setting that is none", () => {
    const settings = Object.keys(initial).concat("gammaRegularizer", "gammaConstraint");
    if (name !== "rmsNorm") settings.push("betaRegularizer", "betaConstraint");
    for (const setting of settings) {
      expect(() => make({ ...config, [setting]: "?" })).toThrow(`${setting} is "?"; it must be one of `);
      expect(() => make({ ...config, [setting]: ofClass("?") })).toThrow(
        `${setting}'s className is "?"; it must be a class that tfjs knows.`,
      );
    }
    for (const setting of ["epsilon", "momentum", "groups"].filter((key) => key in defaults[name])) {
      expect(() => make({ ...config, [setting]: "?" })).toThrow(`${setting} is "?"; it must be a`);
    }
    expect(() => make({ ...config, scale: 1 })).toThrow("scale is 1; it must be true or false.");
  });

  it("takes every constraint and regularizer by its name alone", () => {
    const names = { gammaConstraint: tf.constraints, gammaRegularizer: tf.regularizers };
    for (const [setting, factories] of Object.entries(names)) {
      for (const text of Object.keys(factories)) {
        const saved = make({ ...config, [setting]: text }).getConfig()[setting];
        expect(saved, text).toMatchObject({ className: expect.any(String) as string });
      }
    }
  });

  it("takes no name that only objects have for one of tfjs's", () => {
    expect(() => make({ ...config, gammaInitializer: "toString" })).toThrow('gammaInitializer is "toString"');
  });

  it("has the output's shape of the input, whatever its size", () => {
    expect(make(config).computeOutputShape([null, 3, 3, 4])).toEqual([null, 3, 3, 4]);
    expect(make(config).computeOutputShape([[2, 3, 3, 4]])).toEqual([2, 3, 3, 4]);
  });
});

describe("group norm", () => {
  it("of −1 groups has one a channel, of 1 group all channels in one", () => {
    const x = tf.randomNormal([2, 3, 3, 4], 1, 2, "float32", 1);
    const same = (a: tf.layers.Layer, b: tf.layers.Layer) => {
      const [p, q] = [a, b].map((layer) => (layer.apply(x) as tf.Tensor).dataSync());
      p.forEach((value, i) => expect(value).toBeCloseTo(q[i], 5));
    };
    same(layers.groupNorm({ groups: -1 }), layers.instanceNorm());
    same(layers.groupNorm({ groups: 1 }), layers.layerNorm({ axis: [1, 2, 3] }));
    expect(() => layers.groupNorm().build([null, 3, 3, 4])).toThrow(
      "groups is 32; it must be a divisor of the 4 channels.",
    );
  });
});

describe("weight norm", () => {
  it("has its own weight before the wrapped layer's, as many as this has, frozen or not", () => {
    const inner = tf.layers.batchNormalization() as tf.layers.Layer & { kernel?: tf.LayerVariable };
    inner.build([null, 5]);
    inner.kernel = inner.weights[0];
    const layer = layers.weightNorm({ layer: inner });
    layer.build([null, 5]);
    const counts = () => [layer.trainableWeights.length, layer.nonTrainableWeights.length];
    expect(counts()).toEqual([3, 2]);
    layer.trainable = false;
    expect(counts()).toEqual([0, 5]);
  });

  it("starts g as the length of each unit, and keeps the wrapped layer's kernel when it has computed", () => {
    const inner = tf.layers.dense({ units: 2, useBias: false });
    inner.build([null, 2]);
    inner.setWeights([
      tf.tensor2d([
        [3, 0],
        [4, 2],
      ]),
    ]);
    inner.built = true;
    const layer = layers.weightNorm({ layer: inner });
    const y = layer.apply(tf.tensor2d([[1, 1]])) as tf.Tensor;
    expect(layer.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual([
      [5, 2],
      [3, 0, 4, 2],
    ]);
    y.dataSync().forEach((value, i) => expect(value).toBeCloseTo([7, 2][i], 5));
    layer.setWeights([tf.tensor1d([10, 1]), inner.getWeights()[0]]);
    const scaled = layer.apply(tf.tensor2d([[1, 1]])) as tf.Tensor;
    scaled.dataSync().forEach((value, i) => expect(value).toBeCloseTo([14, 1][i], 5));
    expect(() => layer.apply(tf.ones([1, 3]))).toThrow();
  });

  it("has the wrapped layer's penalty, output and settings", () => {
    const wrapped = () => tf.layers.dense({ units: 7, kernelRegularizer: "l1l2", name: "inner" });
    const layer = layers.weightNorm({ layer: wrapped() });
    layer.build([null, 5]);
    expect(layer.losses).toHaveLength(1);
    expect(layer.computeOutputShape([null, 5])).toEqual([null, 7]);
    expect(layer.getConfig()).toMatchObject({
      layer: { className: "Dense", config: { units: 7, name: "inner" } },
    });
    const model = tf.sequential({
      layers: [layers.weightNorm({ layer: tf.layers.dense({ units: 3, inputShape: [5] }), inputShape: [4] })],
    });
    expect(model.inputs[0].shape).toEqual([null, 4]);
  });
});
