/** What CONFIG.json of `npx normlab run` may say (docs/experiments.md), and the model it describes. */
import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as normLayers from "../layers";
import { randomGenerator } from "../tensor";

/** A checked configuration; paths in it are absolute. */
export interface ExperimentConfig {
  name: string;
  data: { folder?: string; limit?: number };
  model: LayerSpec[] | Json;
  optimizer: { name: string; options: Json };
  loss: string;
  epochs: number;
  batchSize: number;
  validationSplit: number;
  seed: number;
}

type Json = Record<string, unknown>;
/** `{ "layer": "conv2d", "filters": 32, … }`: the name of a layer function and its configuration. */
type LayerSpec = Json & { layer: string };

/** A configuration that can't be used; the message names the file and the field. */
export class ConfigError extends Error {}

/** The order of each optimizer function's arguments in tfjs, by name. */
const optimizers: Record<string, string[]> = {
  sgd: ["learningRate"],
  momentum: ["learningRate", "momentum", "useNesterov"],
  adam: ["learningRate", "beta1", "beta2", "epsilon"],
  adamax: ["learningRate", "beta1", "beta2", "epsilon", "decay"],
  adagrad: ["learningRate", "initialAccumulatorValue"],
  adadelta: ["learningRate", "rho", "epsilon"],
  rmsprop: ["learningRate", "decay", "momentum", "epsilon", "centered"],
};
const defaultLearningRate: Record<string, number> = { sgd: 0.01, momentum: 0.01, adagrad: 0.01 };
const losses = [
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "binaryCrossentropy",
  "meanSquaredError",
  "meanAbsoluteError",
];

export function readConfig(path: string): ExperimentConfig {
  const json = readJson(path);
  const fail = (field: string, found: unknown, must: string): never => {
    throw new ConfigError(`${path}: ${field} is ${JSON.stringify(found) ?? "missing"}; it must be ${must}.`);
  };
  const known = [
    "name",
    "data",
    "model",
    "optimizer",
    "loss",
    "epochs",
    "batchSize",
    "validationSplit",
    "seed",
  ];
  checkFields(path, "", json, known);
  const wholeNumber = (field: string, value: unknown, least: number): number =>
    Number.isSafeInteger(value) && (value as number) >= least
      ? (value as number)
      : fail(field, value, `a whole number, at least ${least}`);

  const {
    name,
    data = {},
    loss = losses[0],
    epochs = 10,
    batchSize = 32,
    validationSplit = 0.1,
    seed = 0,
  } = json;
  if (typeof name !== "string" || name === "") fail("name", name, "a non-empty string");
  if (!isObject(data)) fail("data", data, 'an object such as { "limit": 10000 }');
  const { folder, limit } = data as Json;
  checkFields(path, "data.", data as Json, ["folder", "limit"]);
  if (folder !== undefined && typeof folder !== "string") fail("data.folder", folder, "the path of a folder");
  if (limit !== undefined) wholeNumber("data.limit", limit, 1);
  if (!losses.includes(loss as string)) fail("loss", loss, `one of ${losses.join(", ")}`);
  if (!(typeof validationSplit === "number" && validationSplit >= 0 && validationSplit < 1)) {
    fail("validationSplit", validationSplit, "a number, at least 0 and less than 1");
  }
  wholeNumber("seed", seed, 0);
  if ((seed as number) >= 2 ** 32) fail("seed", seed, "less than 2³²");
  return {
    name: name as string,
    data: {
      folder: folder === undefined ? undefined : resolve(dirname(path), folder as string),
      limit: limit as number,
    },
    model: checkedModel(json.model, fail),
    optimizer: checkedOptimizer(json.optimizer ?? "adam", fail),
    loss: loss as string,
    epochs: wholeNumber("epochs", epochs, 1),
    batchSize: wholeNumber("batchSize", batchSize, 1),
    validationSplit: validationSplit as number,
    seed: seed as number,
  };
}

/**
 * Builds and compiles the model. Weights for which the configuration gives no seed come from the
 * experiment's seed, one after the other: layers without random weights, such as normalization, don't
 * change what the others start from.
 */
export async function buildModel(path: string, config: ExperimentConfig): Promise<tf.LayersModel> {
  const original = Math.random;
  Math.random = randomGenerator(config.seed).uniform;
  try {
    const model = Array.isArray(config.model)
      ? sequentialModel(path, config.model as LayerSpec[])
      : await tf.models.modelFromJSON({ modelTopology: config.model } as Parameters<
          typeof tf.models.modelFromJSON
        >[0]);
    model.compile({ optimizer: buildOptimizer(config.optimizer), loss: config.loss, metrics: ["accuracy"] });
    return model;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: model can't be built: ${(error as Error).message}`);
  } finally {
    Math.random = original;
  }
}

function sequentialModel(path: string, specs: LayerSpec[]): tf.LayersModel {
  const model = tf.sequential();
  specs.forEach(({ layer: name, ...config }, i) => {
    try {
      // The model's input is MNIST's image unless the first layer says otherwise.
      const withInput = i === 0 ? { inputShape: [28, 28, 1], ...config } : config;
      model.add(layerFunction(name)!(withInput));
    } catch (error) {
      throw new ConfigError(`${path}: model[${i}] (${name}) can't be built: ${(error as Error).message}`);
    }
  });
  return model;
}

type LayerFunction = (config: Json) => tf.layers.Layer;

/** The layer of normlab or of tfjs that has this name. */
function layerFunction(name: string): LayerFunction | undefined {
  for (const layers of [normLayers, tf.layers] as unknown as Record<string, unknown>[]) {
    // Functions begin with a small letter; classes, such as Layer itself, don't.
    if (/^[a-z]/.test(name) && Object.hasOwn(layers, name)) return layers[name] as LayerFunction;
  }
  return undefined;
}

function buildOptimizer({ name, options }: ExperimentConfig["optimizer"]): tf.Optimizer {
  const create = tf.train[name as "adam"] as (...values: unknown[]) => tf.Optimizer;
  const values: Json = {
    learningRate: defaultLearningRate[name] ?? 0.001,
    momentum: name === "momentum" ? 0.9 : 0,
  };
  return create(...optimizers[name].map((option) => options[option] ?? values[option]));
}

type Fail = (field: string, found: unknown, must: string) => never;

function checkedModel(model: unknown, fail: Fail): ExperimentConfig["model"] {
  if (isObject(model) && typeof (model as Json).class_name === "string") return model as Json;
  if (!Array.isArray(model) || model.length === 0) {
    return fail(
      "model",
      model,
      'a list of layers such as { "layer": "dense", "units": 10 }, or tfjs\'s JSON of a model',
    );
  }
  model.forEach((spec: unknown, i) => {
    if (!isObject(spec)) fail(`model[${i}]`, spec, 'an object such as { "layer": "dense", "units": 10 }');
    const { layer } = spec as Json;
    if (typeof layer !== "string" || layerFunction(layer) === undefined) {
      fail(`model[${i}].layer`, layer, "the name of a function of tf.layers or of normlab's layers");
    }
  });
  return model as LayerSpec[];
}

function checkedOptimizer(optimizer: unknown, fail: Fail): ExperimentConfig["optimizer"] {
  const given = typeof optimizer === "string" ? { name: optimizer } : optimizer;
  const names = Object.keys(optimizers).join(", ");
  if (!isObject(given))
    fail("optimizer", optimizer, `one of ${names}, or an object with name and learningRate`);
  const { name, ...options } = given as Json;
  if (typeof name !== "string" || !Object.hasOwn(optimizers, name))
    fail("optimizer.name", name, `one of ${names}`);
  const allowed = optimizers[name as string];
  for (const [option, value] of Object.entries(options)) {
    if (!allowed.includes(option))
      fail(`optimizer.${option}`, value, `left out: ${name} has ${allowed.join(", ")}`);
    const type = option === "centered" || option === "useNesterov" ? "boolean" : "number";
    if (typeof value !== type) fail(`optimizer.${option}`, value, `a ${type}`);
  }
  return { name: name as string, options };
}

function readJson(path: string): Json {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`${path}: can't be read (${(error as Error).message}).`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path}: is not JSON (${(error as Error).message}).`);
  }
  if (!isObject(json)) throw new ConfigError(`${path}: must hold an object, { … }.`);
  return json as Json;
}

function checkFields(path: string, prefix: string, object: Json, known: string[]): void {
  for (const field of Object.keys(object)) {
    if (known.includes(field)) continue;
    throw new ConfigError(`${path}: ${prefix}${field} is not a field; the fields are ${known.join(", ")}.`);
  }
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
