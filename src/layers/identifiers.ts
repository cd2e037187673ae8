/**
 * Initializers, regularizers, constraints and layers as a layer's configuration may name them: an object, a name
 * ("zeros") or what a saved model holds ({ className, config }). tfjs has this inside, but does not export it.
 */
import * as tf from "@tensorflow/tfjs";
import type { ActivationObject } from "../backend/recurrent";
import { isObject, refuse } from "../tensor/validate";

export type Initializer = ReturnType<typeof tf.initializers.zeros>;
export type Regularizer = ReturnType<typeof tf.regularizers.l1l2>;
export type Constraint = ReturnType<typeof tf.constraints.nonNeg>;

/** An object of tfjs as its model files hold it. */
export interface Serialized {
  className: string;
  config: tf.serialization.ConfigDict;
}

export function initializerOf(argument: string, identifier: Initializer | string | Serialized): Initializer {
  return find(argument, identifier, tf.initializers as unknown as Factories<Initializer>);
}

export function regularizerOf(
  argument: string,
  identifier: Regularizer | string | Serialized | null | undefined,
): Regularizer | undefined {
  if (identifier == null) return undefined;
  return find(argument, identifier, tf.regularizers as unknown as Factories<Regularizer>);
}

export function constraintOf(
  argument: string,
  identifier: Constraint | string | Serialized | null | undefined,
): Constraint | undefined {
  if (identifier == null) return undefined;
  return find(argument, identifier, tf.constraints as unknown as Factories<Constraint>);
}

/** An activation by its name ("tanh"). */
export function activationOf(argument: string, name: unknown): ActivationObject {
  const names = activations();
  if (typeof name !== "string" || !names.includes(name)) refuse(argument, name, `one of ${names.join(", ")}`);
  const layer = tf.layers.activation({ activation: name as "tanh" });
  return (layer as unknown as { activation: ActivationObject }).activation;
}

/** The activations among all that tfjs can restore: the only ones whose names begin with a small letter. */
function activations(): string[] {
  return Object.keys(tf.serialization.SerializationMap.getMap().classNameMap).filter((name) =>
    /^[a-z]/.test(name),
  );
}

/** Refuses what is no layer, nor what a saved model holds of one; `must` says what it must be. */
export function checkLayer(argument: string, layer: unknown, must: string): void {
  if (layer instanceof tf.layers.Layer) return;
  const { className, config } = (layer ?? {}) as Partial<Serialized>;
  if (typeof className !== "string" || !isObject(config)) refuse(argument, layer, must);
}

/** The layer that was handed over, or that a saved model holds. */
export function layerOf(layer: tf.layers.Layer | Serialized): tf.layers.Layer {
  if (layer instanceof tf.layers.Layer) return layer;
  return restore("layer", { className: layer.className, config: { ...layer.config } });
}

/** What a model file holds for an object, or null. */
export function serialize(
  object: tf.serialization.Serializable | undefined,
): tf.serialization.ConfigDict | null {
  return object ? { className: object.getClassName(), config: object.getConfig() } : null;
}

type Factories<T> = Record<string, ((args?: object) => T) | undefined>;

function find<T extends tf.serialization.Serializable>(
  argument: string,
  identifier: T | string | Serialized,
  factories: Factories<T>,
): T {
  if (typeof identifier === "string") {
    const factory = Object.hasOwn(factories, identifier) ? factories[identifier] : undefined;
    // An empty object, not nothing: unitNorm reads its argument without asking whether there is one.
    return factory?.({}) ?? refuse(argument, identifier, `one of ${Object.keys(factories).join(", ")}`);
  }
  if (typeof identifier !== "object" || identifier === null) {
    refuse(argument, identifier, "an object of tfjs, its name, or { className, config }");
  }
  return "className" in identifier && "config" in identifier ? restore(argument, identifier) : identifier;
}

function restore<T extends tf.serialization.Serializable>(
  argument: string,
  { className, config }: Serialized,
): T {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (!entry) refuse(`${argument}'s className`, className, "a class that tfjs knows");
  const [constructor, fromConfig] = entry;
  return fromConfig(constructor, config) as T;
}
