/** A tfjs layer called like a function: output and all gradients, as numbers. */
import * as tf from "@tensorflow/tfjs";
import type { Numbers } from "../support/close";

export const toTfjs = ({ shape, data }: Numbers): tf.Tensor =>
  tf.tensor(Array.from(data), [...shape], "float32");

export function toNumbers(tensor: tf.Tensor): Numbers {
  return { shape: tensor.shape, data: tensor.dataSync() };
}

/** A weight's name without its layer's: "gamma". */
export const shortName = (variable: tf.LayerVariable): string =>
  variable.originalName.replace(/^.*\//, "").replace(/_\d+$/, "");

export interface LayerStep {
  y: Numbers;
  dx: Numbers;
  /** By the weights' names: gamma, beta, … */
  gradients: Record<string, Numbers>;
  /** The weights that are not trained, after the step. */
  state: Record<string, Numbers>;
}

/** y and the gradients of Σ y · dy, in training or in inference. */
export function runLayer(layer: tf.layers.Layer, x: Numbers, dy: Numbers, training: boolean): LayerStep {
  let result: LayerStep | undefined;
  tf.tidy(() => {
    if (!layer.built) {
      layer.build([...x.shape]);
      layer.built = true;
    }
    const inputs = tf.variable(toTfjs(x));
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    let y: tf.Tensor | undefined;
    const { grads } = tf.variableGrads(() => {
      y = tf.keep(layer.call(inputs, { training }) as tf.Tensor);
      return tf.sum(tf.mul(y, toTfjs(dy))) as tf.Scalar;
    }, [inputs, ...variables]);
    result = {
      y: toNumbers(y!),
      dx: toNumbers(grads[inputs.name]),
      gradients: Object.fromEntries(
        layer.trainableWeights.map((weight, i) => [shortName(weight), toNumbers(grads[variables[i].name])]),
      ),
      state: Object.fromEntries(
        layer.nonTrainableWeights.map((weight) => [shortName(weight), toNumbers(weight.read())]),
      ),
    };
    y!.dispose();
    inputs.dispose();
  });
  return result!;
}

/** Sets the weights of these names; the others stay. */
export function setWeights(layer: tf.layers.Layer, values: Record<string, Numbers>): void {
  layer.setWeights(
    layer.weights.map((weight) =>
      values[shortName(weight)] ? toTfjs(values[shortName(weight)]) : weight.read(),
    ),
  );
}
