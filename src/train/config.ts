/** An experiment as plain JSON (docs/experiments.md): what it may say, and the model that it describes. */
import * as tf from "@tensorflow/tfjs";
import * as normLayers from "../layers";
import { randomGenerator } from "../tensor";
import { checkNames, checkPositiveInteger, isObject, refuse } from "../tensor/validate";
import { checkedSettings, type Settings } from "./settings";

/** A checked configuration. */
export interface ExperimentConfig {
  settings: Settings;
  data: { format?: "mnist" | "idx"; folder?: string; limit?: number; classes?: number };
  model: LayerSpec[] | Json;
  optimizer: { name: string; options: Json };
  loss: string;
}

type Json = Record<string, unknown>;
/** `{ "layer": "conv2d", "filters": 32, … }`: the name of a layer function and its configuration. */
type LayerSpec = Json & { layer: string };

const fields = [
  "name",
  "data",
  "model",
  "optimizer",
  "loss",
  "epochs",
  "batchSize",
  "validationSplit",
  "shuffle",
  "seed",
];
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

/** What `json` says, with the defaults filled in. Throws a RangeError that names the field. */
export function checkedConfig(json: unknown): ExperimentConfig {
  if (!isObject(json)) refuse("the configuration", json, "an object, { … }");
  checkNames("the configuration", json, fields);
  const { data = {}, model, optimizer = "adam", loss = losses[0] } = json;
  return {
    settings: checkedSettings(json),
    data: checkedData(data),
    model: checkedModel(model),
    optimizer: checkedOptimizer(optimizer),
    loss: losses.includes(loss as string)
      ? (loss as string)
      : refuse("loss", loss, `one of ${losses.join(", ")}`),
  };
}

function checkedData(data: unknown): ExperimentConfig["data"] {
  if (!isObject(data)) refuse("data", data, 'an object such as { "limit": 10000 }');
  checkNames("data", data, ["format", "limit", "folder", "classes"]);
  const { format, folder, limit, classes } = data;
  if (format !== undefined && format !== "mnist" && format !== "idx")
    refuse("data.format", format, '"mnist" or "idx"');
  if (folder !== undefined && typeof folder !== "string")
    refuse("data.folder", folder, "the path of a folder");
  if (format === "idx" && folder === undefined)
    refuse("data.folder", folder, 'the path of the folder with the files, for data.format is "idx"');
  if (format !== "idx" && classes !== undefined)
    refuse("data.classes", classes, 'left out, for MNIST has 10; data.format "idx" takes it');
  const count = (name: string, value: unknown) =>
    value === undefined ? undefined : checkPositiveInteger(name, value);
  return { format, folder, limit: count("data.limit", limit), classes: count("data.classes", classes) };
}

function checkedModel(model: unknown): ExperimentConfig["model"] {
  if (isObject(model) && typeof model.class_name === "string") return model;
  if (!Array.isArray(model) || model.length === 0) {
    refuse(
      "model",
      model,
      'a list of layers such as { "layer": "dense", "units": 10 }, or tfjs\'s JSON of a model',
    );
  }
  for (const [i, spec] of (model as unknown[]).entries()) {
    if (!isObject(spec)) refuse(`model[${i}]`, spec, 'an object such as { "layer": "dense", "units": 10 }');
    const { layer } = spec;
    if (typeof layer !== "string" || layerFunction(layer) === undefined) {
      refuse(`model[${i}].layer`, layer, "the name of a function of tf.layers or of normlab's layers");
    }
  }
  return model as LayerSpec[];
}

function checkedOptimizer(optimizer: unknown): ExperimentConfig["optimizer"] {
  const given = typeof optimizer === "string" ? { name: optimizer } : optimizer;
  const names = Object.keys(optimizers).join(", ");
  if (!isObject(given))
    refuse("optimizer", given, `one of ${names}, or an object with name and learningRate`);
  const { name, ...options } = given;
  if (typeof name !== "string" || !Object.hasOwn(optimizers, name)) {
    refuse("optimizer.name", name, `one of ${names}`);
  }
  checkNames(`optimizer (${name})`, options, optimizers[name]);
  for (const [option, value] of Object.entries(options)) {
    const type = option === "centered" || option === "useNesterov" ? "boolean" : "number";
    if (typeof value !== type) refuse(`optimizer.${option}`, value, `a ${type}`);
  }
  return { name, options };
}

/**
 * Builds and compiles the model. Weights for which the configuration gives no seed come from the
 * experiment's seed, one after the other: layers without random weights, such as normalization, don't
 * change what the others start from. Throws a RangeError where tfjs can't build what is asked for.
 */
export async function buildModel(config: ExperimentConfig): Promise<tf.LayersModel> {
  const original = Math.random;
  Math.random = randomGenerator(config.settings.seed).uniform;
  try {
    const model = await (Array.isArray(config.model)
      ? sequentialModel(config.model as LayerSpec[])
      : modelOfTopology(config.model));
    model.compile({ optimizer: buildOptimizer(config.optimizer), loss: config.loss, metrics: ["accuracy"] });
    return model;
  } finally {
    Math.random = original;
  }
}

function sequentialModel(specs: LayerSpec[]): tf.LayersModel {
  const model = tf.sequential();
  for (const [i, { layer: name, ...config }] of specs.entries()) {
    const where = `model[${i}] (${name})`;
    // The model's input is MNIST's image unless the first layer says otherwise.
    const given = i === 0 ? { inputShape: [28, 28, 1], ...config } : config;
    const { watched, known } = watchFields(given);
    try {
      model.add(layerFunction(name)!(watched));
    } catch (error) {
      throw cantBeBuilt(where, error);
    }
    checkNames(where, config, [...known]);
  }
  return model;
}

/**
 * Notes which fields of a layer's configuration are asked for while the layer is built: those that it knows.
 * tfjs ignores all others without a word. (A layer that copies its configuration whole asks for every field.)
 */
function watchFields(config: Json): { watched: Json; known: ReadonlySet<string> } {
  const known = new Set<string>();
  const watched = new Proxy(config, {
    get(target, field) {
      known.add(String(field));
      return Reflect.get(target, field) as unknown;
    },
  });
  return { watched, known };
}

async function modelOfTopology(modelTopology: Json): Promise<tf.LayersModel> {
  try {
    return await tf.models.modelFromJSON({ modelTopology } as Parameters<typeof tf.models.modelFromJSON>[0]);
  } catch (error) {
    throw cantBeBuilt("model", error);
  }
}

const cantBeBuilt = (what: string, error: unknown) =>
  new RangeError(`${what} can't be built: ${(error as Error).message}`, { cause: error });

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
