import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildModel, checkedConfig } from "../../dist/train/config";

const config = {
  name: "small",
  model: [{ layer: "flatten" }, { layer: "dense", units: 10, activation: "softmax" }] as unknown,
};

describe("checkedConfig", () => {
  it("fills in the defaults", () => {
    expect(checkedConfig(config)).toEqual({
      settings: { name: "small", epochs: 10, batchSize: 32, validationSplit: 0.1, shuffle: true, seed: 0 },
      data: {},
      model: config.model,
      optimizer: { name: "adam", options: {} },
      loss: "categoricalCrossentropy",
    });
  });

  it.each<[string, unknown, string]>([
    ["not an object", [1], "the configuration is [1]; it must be an object"],
    ["no name", { ...config, name: undefined }, "name is undefined; it must be a non-empty string"],
    [
      "an unknown field",
      { ...config, epoch: 3 },
      'the configuration: "epoch" is not an option; did you mean "epochs"?',
    ],
    [
      "an unknown field of data",
      { ...config, data: { limits: 3 } },
      'data: "limits" is not an option; did you mean "limit"?',
    ],
    ["wrong epochs", { ...config, epochs: "ten" }, 'epochs is "ten"; it must be a positive whole number'],
    ["no epochs", { ...config, epochs: null }, "epochs is null; it must be a positive whole number"],
    ["wrong seed", { ...config, seed: -1 }, "seed is -1; it must be a whole number from 0 to 2³² − 1"],
    ["too large a seed", { ...config, seed: 2 ** 32 }, "seed is 4294967296; it must be"],
    [
      "wrong split",
      { ...config, validationSplit: 1 },
      "validationSplit is 1; it must be a number, at least 0",
    ],
    [
      "a split in words",
      { ...config, validationSplit: "0.1" },
      'validationSplit is "0.1"; it must be a number',
    ],
    ["wrong limit", { ...config, data: { limit: 0 } }, "data.limit is 0; it must be a positive whole number"],
    ["wrong folder", { ...config, data: { folder: 7 } }, "data.folder is 7; it must be the path of a folder"],
    [
      "a format that there isn't",
      { ...config, data: { format: "csv" } },
      'data.format is "csv"; it must be "mnist" or "idx"',
    ],
    [
      "another data set without its folder",
      { ...config, data: { format: "idx" } },
      "data.folder is undefined; it must be the path of the folder with the files",
    ],
    [
      "another number of classes than MNIST has",
      { ...config, data: { classes: 26 } },
      "data.classes is 26; it must be left out, for MNIST has 10",
    ],
    [
      "no classes",
      { ...config, data: { format: "idx", folder: "f", classes: 0 } },
      "data.classes is 0; it must be a positive whole number",
    ],
    [
      "wrong loss",
      { ...config, loss: "hinge?" },
      'loss is "hinge?"; it must be one of categoricalCrossentropy',
    ],
    ["no model", { ...config, model: undefined }, "model is undefined; it must be a list of layers"],
    [
      "unknown layer",
      { ...config, model: [{ layer: "Layer" }] },
      'model[0].layer is "Layer"; it must be the name',
    ],
    [
      "unknown optimizer",
      { ...config, optimizer: "adamw" },
      'optimizer.name is "adamw"; it must be one of sgd',
    ],
    [
      "an optimizer's name in a list",
      { ...config, optimizer: { name: ["sgd"] } },
      "optimizer.name is an array of 1; it must be one of sgd",
    ],
    [
      "an option that the optimizer lacks",
      { ...config, optimizer: { name: "sgd", beta1: 0.9 } },
      'optimizer (sgd): "beta1" is not an option; the options are learningRate.',
    ],
    [
      "an option of another type",
      { ...config, optimizer: { name: "sgd", learningRate: "0.1" } },
      'optimizer.learningRate is "0.1"; it must be a number',
    ],
  ])("%s: refused with a message that names the field", (_, json, message) => {
    expect(() => checkedConfig(json)).toThrow(RangeError);
    expect(() => checkedConfig(json)).toThrow(message);
  });
});

describe("buildModel", () => {
  beforeAll(() => tf.setBackend("cpu"));
  const build = (model: unknown) => buildModel(checkedConfig({ ...config, model }));

  it.each<[string, unknown, string]>([
    ["a layer without units", [{ layer: "dense" }], "model[0] (dense) can't be built"],
    [
      "a field that is misspelt",
      [{ layer: "dense", unit: 3, units: 10 }],
      'model[0] (dense): "unit" is not an option; did you mean "units"?',
    ],
    ["JSON of no model", { class_name: "Tower", config: {} }, "model can't be built: Unknown layer: Tower"],
  ])("%s: refused with a message that names the field", async (_, model, message) => {
    const error: unknown = await build(model).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toContain(message);
  });

  it("takes tfjs's JSON of a model, and gives Math.random back", async () => {
    const { random } = Math;
    const model = await build(config.model);
    const again = await build(model.toJSON(null, false));
    expect(again.layers.map((layer) => layer.getClassName())).toEqual(["Flatten", "Dense"]);
    expect(again.optimizer).toBeInstanceOf(tf.AdamOptimizer);
    expect(Math.random).toBe(random);
  });
});
