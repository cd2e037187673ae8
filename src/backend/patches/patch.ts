/** What patches are made of: methods of tfjs's classes, each replaced once. */
import * as tf from "@tensorflow/tfjs";

/** A layer's method that computes. */
export type Call = tf.layers.Layer["call"];

/** What a layer is called with. */
type Inputs = tf.Tensor | tf.Tensor[];

/** The input of a layer that has one. */
export const singleInput = (inputs: Inputs): tf.Tensor => (Array.isArray(inputs) ? inputs[0] : inputs);

/**
 * The prototype of tfjs's class of that name. tfjs does not export them; the table from which it restores saved models has
 * them all.
 */
export function prototypeOf<T>(kind: "layer class" | "activation" | "initializer", name: string): T {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[name];
  if (!entry) throw new Error(`normlab: this version of tfjs has no ${kind} ${name}.`);
  return entry[0].prototype as T;
}

export const layerPrototype = <L extends tf.layers.Layer>(className: string): L =>
  prototypeOf<L>("layer class", className);

const replaced = new Map<object, Set<PropertyKey>>();

/**
 * Replaces a method by what `by` makes of tfjs's own.
 *
 * Each method once only: so no patch wraps, or goes past, what another one does, and patches may come in any order.
 *
 * @throws if the method is replaced already.
 */
export function replaceMethod<T extends object, Name extends keyof T>(
  prototype: T,
  name: Name,
  by: (stock: T[Name]) => T[Name],
): void {
  const names = replaced.get(prototype) ?? new Set();
  if (names.has(name)) {
    const className = prototype.constructor.name;
    throw new Error(`normlab: two patches replace ${className}.${String(name)}; they must be one.`);
  }
  replaced.set(prototype, names.add(name));
  prototype[name] = by(prototype[name]);
}
