import * as tf from "@tensorflow/tfjs";
import "../layers"; // registers normlab's layers, here and in the worker alike

/** A compiled model without its weights, as JSON. */
export interface PortableModel {
  /** What tf.models.modelFromJSON takes. */
  topology: Json;
  optimizer: { className: string; config: Json };
  loss: string;
}

type Json = Record<string, unknown>;
type Constructor = new (...args: never[]) => unknown;

function registeredClasses(): Map<string, Constructor> {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return new Map(Object.entries(classNameMap).map(([name, [constructor]]) => [name, constructor]));
}

/** The classes that a worker knows too: those registered once tfjs and normlab are loaded. */
const knownClasses = registeredClasses();

/** The model as JSON, or why it can't travel to a worker. */
export function toPortable(model: tf.LayersModel): PortableModel | { reason: string } {
  const { loss, optimizer } = model;
  if (typeof loss !== "string") return { reason: "its loss is a function of this notebook" };
  const foreign = foreignClass(model) ?? (isKnown(optimizer) ? undefined : optimizer.getClassName());
  if (foreign !== undefined) return { reason: `its class ${foreign} is defined in this notebook` };
  const unknown = classNamesIn(topologyOf(model)).find((name) => !knownClasses.has(name));
  if (unknown !== undefined) return { reason: `its class ${unknown} is defined in this notebook` };
  return {
    topology: topologyOf(model),
    optimizer: { className: optimizer.getClassName(), config: optimizer.getConfig() as Json },
    loss,
  };
}

/** A name for every model's report, portable or not. */
export function describeModel(model: tf.LayersModel): PortableModel {
  return {
    topology: topologyOf(model),
    optimizer: { className: model.optimizer.getClassName(), config: model.optimizer.getConfig() as Json },
    loss:
      typeof model.loss === "string"
        ? model.loss
        : `function ${(model.loss as { name?: string }).name ?? ""}`.trim(),
  };
}

/** Builds the model again, compiled for loss and accuracy; the weights are set apart from it. */
export async function fromPortable({ topology, optimizer, loss }: PortableModel): Promise<tf.LayersModel> {
  // modelFromJSON changes what it is given.
  const json = { modelTopology: structuredClone(topology) } as unknown as Parameters<
    typeof tf.models.modelFromJSON
  >[0];
  const model = await tf.models.modelFromJSON(json);
  const constructor = registeredClasses().get(optimizer.className) as unknown as
    tf.serialization.SerializableConstructor<tf.Optimizer> | undefined;
  if (constructor === undefined) throw new Error(`Unknown optimizer: ${optimizer.className}.`);
  const config = optimizer.config as tf.serialization.ConfigDict;
  model.compile({ optimizer: constructor.fromConfig(constructor, config), loss, metrics: ["accuracy"] });
  return model;
}

/** The name of a class that is another than the one its layer's name stands for, in the model or inside its layers. */
function foreignClass(layer: tf.layers.Layer): string | undefined {
  if (!(layer instanceof tf.LayersModel) && !isKnown(layer)) return layer.constructor.name;
  // Wrappers and recurrent layers hold their layers in fields, models and residual layers in lists.
  const inner = layer instanceof tf.LayersModel ? layer.layers : Object.values(layer).flat();
  return inner
    .filter((value): value is tf.layers.Layer => value instanceof tf.layers.Layer)
    .map(foreignClass)
    .find((name) => name !== undefined);
}

const isKnown = (object: tf.serialization.Serializable) =>
  knownClasses.get(object.getClassName()) === object.constructor;

/** All values of `class_name` in a topology: layers, initializers, regularizers, constraints. */
function classNamesIn(json: unknown): string[] {
  if (Array.isArray(json)) return json.flatMap(classNamesIn);
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === "class_name" && typeof value === "string" ? [value] : classNamesIn(value),
  );
}

/**
 * The topology with the names that tfjs made up numbered from 1 in this model: tfjs counts through the
 * whole process, so that the same cell run twice would give two different topologies.
 */
function topologyOf(model: tf.LayersModel): Json {
  const { class_name, config } = model.toJSON(null, false) as Json;
  const topology = { class_name, config };
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  collectGeneratedNames(topology, (name, stem) => {
    if (names.has(name)) return;
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    names.set(name, `${stem}${counts.get(stem)}`);
  });
  return replaceStrings(topology, names) as Json;
}

function collectGeneratedNames(json: unknown, found: (name: string, stem: string) => void): void {
  if (Array.isArray(json)) return json.forEach((entry) => collectGeneratedNames(entry, found));
  if (typeof json !== "object" || json === null) return;
  const { class_name: className, config } = json as Json;
  const name = (config as Json | undefined)?.name;
  if (typeof className === "string" && typeof name === "string") {
    const stem = name.replace(/\d+$/, "");
    const isModel = ["Sequential", "Model", "Functional"].includes(className);
    if (
      stem !== name &&
      (stem.endsWith(`_${className}`) || (isModel && /^(sequential_|model)$/.test(stem)))
    ) {
      found(name, stem);
    }
  }
  Object.values(json).forEach((value) => collectGeneratedNames(value, found));
}

function replaceStrings(json: unknown, names: Map<string, string>): unknown {
  if (typeof json === "string") return names.get(json) ?? json;
  if (Array.isArray(json)) return json.map((entry) => replaceStrings(entry, names));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, replaceStrings(value, names)]));
}
