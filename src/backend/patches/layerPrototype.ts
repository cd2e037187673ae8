/** tfjs does not export its layer classes; the table from which it restores saved models has them. */
import * as tf from "@tensorflow/tfjs";

/** A weight of a layer. tfjs's own type is not exported either. */
export interface LayerVariable {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** The prototype of tfjs's layer class of that name. */
export function layerPrototype<L extends tf.layers.Layer>(className: string): L {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (!entry) throw new Error(`normlab: this version of tfjs has no layer class ${className}.`);
  return entry[0].prototype as L;
}
