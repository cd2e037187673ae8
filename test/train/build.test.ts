import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildModel, checkedConfig } from "../../dist/train/config";
import { weightsOf } from "./tiny";

const layers = [{ layer: "flatten" }, { layer: "dense", units: 2, activation: "softmax" }];
const checked = (change: object) => checkedConfig({ name: "small", model: layers, ...change });
const build = (change: object = {}) => buildModel(checked(change));

beforeAll(() => tf.setBackend("cpu"));

describe("a configuration's optimizer", () => {
  it.each<[unknown, string, object]>([
    ["sgd", "SGDOptimizer", { learningRate: 0.01 }],
    ["momentum", "MomentumOptimizer", { learningRate: 0.01, momentum: 0.9, useNesterov: false }],
    ["adam", "AdamOptimizer", { learningRate: 0.001, beta1: 0.9, beta2: 0.999 }],
    ["adamax", "AdamaxOptimizer", { learningRate: 0.001, beta1: 0.9, beta2: 0.999, decay: 0 }],
    ["adagrad", "AdagradOptimizer", { learningRate: 0.01, initialAccumulatorValue: 0.1 }],
    ["adadelta", "AdadeltaOptimizer", { learningRate: 0.001, rho: 0.95 }],
    ["rmsprop", "RMSPropOptimizer", { learningRate: 0.001, decay: 0.9, momentum: 0, centered: false }],
    [{ name: "sgd", learningRate: 3 }, "SGDOptimizer", { learningRate: 3 }],
    [
      { name: "momentum", useNesterov: true, momentum: 0.5 },
      "MomentumOptimizer",
      { learningRate: 0.01, momentum: 0.5, useNesterov: true },
    ],
    [
      { name: "adam", beta1: 0.1, beta2: 0.2, epsilon: 0.3 },
      "AdamOptimizer",
      { learningRate: 0.001, beta1: 0.1, beta2: 0.2, epsilon: 0.3 },
    ],
    [
      { name: "rmsprop", learningRate: 1, decay: 0.2, momentum: 0.3, epsilon: 0.4, centered: true },
      "RMSPropOptimizer",
      { learningRate: 1, decay: 0.2, momentum: 0.3, epsilon: 0.4, centered: true },
    ],
    [
      { name: "adamax", epsilon: 0.3, decay: 0.4 },
      "AdamaxOptimizer",
      { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 0.3, decay: 0.4 },
    ],
    [
      { name: "adagrad", initialAccumulatorValue: 0.5 },
      "AdagradOptimizer",
      { learningRate: 0.01, initialAccumulatorValue: 0.5 },
    ],
    [
      { name: "adadelta", rho: 0.5, epsilon: 0.25 },
      "AdadeltaOptimizer",
      { learningRate: 0.001, rho: 0.5, epsilon: 0.25 },
    ],
  ])("%o", async (optimizer, className, config) => {
    const built = (await build({ optimizer })).optimizer;
    expect(built.constructor.name).toBe(className);
    expect(built.getConfig()).toMatchObject(config);
  });

  it.each<[unknown, string]>([
    [
      null,
      "optimizer is null; it must be one of sgd, momentum, adam, adamax, adagrad, adadelta, rmsprop, or an",
    ],
    [3, "optimizer is 3; it must be one of sgd"],
    [{}, "optimizer.name is undefined; it must be one of sgd, momentum, adam"],
    [{ name: "toString" }, 'optimizer.name is "toString"; it must be one of sgd'],
    [{ name: "momentum", useNesterov: 1 }, "optimizer.useNesterov is 1; it must be a boolean."],
    [{ name: "rmsprop", centered: "yes" }, 'optimizer.centered is "yes"; it must be a boolean.'],
    [{ name: "adam", beta1: true }, "optimizer.beta1 is true; it must be a number."],
  ])("refused: %o", (optimizer, message) => {
    expect(() => checked({ optimizer })).toThrow(message);
  });
});

describe("a configuration's fields", () => {
  it("take each loss there is, a folder, and all settings", () => {
    for (const loss of [
      "categoricalCrossentropy",
      "sparseCategoricalCrossentropy",
      "binaryCrossentropy",
      "meanSquaredError",
      "meanAbsoluteError",
    ]) {
      expect(checked({ loss }).loss).toBe(loss);
    }
    expect(checked({ data: { folder: "mnist", limit: 7 } }).data).toEqual({ folder: "mnist", limit: 7 });
    expect(checked({ epochs: 2, batchSize: 3, validationSplit: 0.4, seed: 5 }).settings).toMatchObject({
      ...{ epochs: 2, batchSize: 3, validationSplit: 0.4, seed: 5 },
    });
  });

  it.each<[unknown, string]>([
    [null, "the configuration is null; it must be an object, { … }."],
    ["{}", 'the configuration is "{}"; it must be an object, { … }.'],
    [{ model: layers }, "name is undefined; it must be a non-empty string."],
    [{ name: "a", model: layers, data: [] }, 'data is []; it must be an object such as { "limit": 10000 }.'],
    [{ name: "a", model: layers, data: null }, "data is null; it must be an object"],
    [{ name: "a", model: [] }, "model is []; it must be a list of layers such as"],
    [{ name: "a", model: { layer: "dense" } }, "model is an object; it must be a list of layers such as"],
    [{ name: "a", model: [layers[0], 7] }, "model[1] is 7; it must be an object such as"],
    [{ name: "a", model: [[]] }, "model[0] is []; it must be an object such as"],
    [
      { name: "a", model: [{}] },
      "model[0].layer is undefined; it must be the name of a function of tf.layers",
    ],
    [
      { name: "a", model: [{ layer: "constructor" }] },
      'model[0].layer is "constructor"; it must be the name',
    ],
    [{ name: "a", model: [{ layer: "dense2" }] }, 'model[0].layer is "dense2"; it must be the name'],
  ])("refused: %o", (json, message) => {
    expect(() => checkedConfig(json)).toThrow(message);
  });
});

describe("a configuration's model", () => {
  it("takes MNIST's images unless its first layer says otherwise, and normlab's layers as tfjs's", async () => {
    expect((await build()).inputs[0].shape).toEqual([null, 28, 28, 1]);
    const model = await build({
      model: [
        { layer: "dense", units: 4, inputShape: [3] },
        { layer: "layerNorm", epsilon: 0.5 },
        { layer: "dense", units: 2 },
      ],
    });
    expect(model.inputs[0].shape).toEqual([null, 3]);
    expect(model.layers.map((layer) => layer.outputShape)).toEqual([
      [null, 4],
      [null, 4],
      [null, 2],
    ]);
    expect(model.layers[1].getConfig()).toMatchObject({ epsilon: 0.5 });
    expect([model.loss, model.metrics]).toEqual(["categoricalCrossentropy", ["accuracy"]]);
  });

  it("starts from the seed's weights, whatever layers without random weights lie between", async () => {
    const dense = { layer: "dense", units: 3 };
    const kernels = async (seed: number, ...between: object[]) => {
      const model = await build({ seed, model: [{ ...dense, inputShape: [3] }, ...between, dense] });
      return weightsOf(model).filter(({ length }) => length === 9);
    };
    const plain = await kernels(1);
    expect(await kernels(1)).toEqual(plain);
    expect(await kernels(1, { layer: "batchNorm" })).toEqual(plain);
    expect(await kernels(2)).not.toEqual(plain);
    expect(plain[0]).not.toEqual(plain[1]);
  });

  it("gives Math.random back when it can't be built", async () => {
    const { random } = Math;
    await expect(build({ model: [{ layer: "dense" }] })).rejects.toThrow("model[0] (dense) can't be built: ");
    expect(Math.random).toBe(random);
  });

  it("names the place of a layer that does not fit, and of a field that it does not know", async () => {
    const first = { layer: "dense", units: 3, inputShape: [3] };
    await expect(build({ model: [first, { layer: "conv2d", filters: 2, kernelSize: 3 }] })).rejects.toThrow(
      "model[1] (conv2d) can't be built: ",
    );
    await expect(build({ model: [first, { layer: "dense", units: 2, seed: 1 }] })).rejects.toThrow(
      'model[1] (dense): "seed" is not an option',
    );
  });
});
