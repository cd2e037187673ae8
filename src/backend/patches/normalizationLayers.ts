/**
 * tfjs's own batchNormalization and layerNormalization layers, routed through `normalize`.
 *
 * Stock batchNormalization throws in training without `center` or `scale` (tensorflow/tfjs#2868), and stock
 * layerNormalization tiles its statistics, whose gradient takes tens of thousands of calls a step.
 */
import * as tf from "@tensorflow/tfjs";
import { moveTowards } from "../movingAverage";
import { normalize } from "../normalize";
import { layerPrototype, replaceMethod, singleInput } from "./patch";
import type { Call } from "./patch";

interface BatchNormalization extends tf.layers.Layer {
  axis: number;
  momentum: number;
  epsilon: number;
  gamma?: tf.LayerVariable;
  beta?: tf.LayerVariable;
  movingMean: tf.LayerVariable;
  movingVariance: tf.LayerVariable;
}

interface LayerNormalization extends tf.layers.Layer {
  axis: number[];
  epsilon: number;
  gamma?: tf.LayerVariable | null;
  beta?: tf.LayerVariable | null;
}

export function patchBatchNormalization(): void {
  const prototype = layerPrototype<BatchNormalization>("BatchNormalization");
  replaceMethod(prototype, "call", (): Call => {
    return function (this: BatchNormalization, inputs, kwargs) {
      const x = singleInput(inputs);
      if (x.size === 0) return tf.clone(x); // as our layers, and PyTorch's: no statistics are moved
      return tf.tidy(() => (kwargs?.training ? trainBatchNorm(this, x) : inferBatchNorm(this, x)));
    };
  });
}

export function patchLayerNormalization(): void {
  const prototype = layerPrototype<LayerNormalization>("LayerNormalization");
  replaceMethod(prototype, "call", (): Call => {
    return function (this: LayerNormalization, inputs) {
      const x = singleInput(inputs);
      return tf.tidy(() => {
        const shape = x.shape.map((size, axis) => (this.axis.includes(axis) ? size : 1));
        const gamma = this.gamma ? tf.reshape(this.gamma.read(), shape) : undefined;
        const beta = this.beta ? tf.reshape(this.beta.read(), shape) : undefined;
        return normalize(x, { axes: this.axis, epsilon: this.epsilon, gamma, beta }).y;
      });
    };
  });
}

/** The shape in which a per-channel vector of the layer broadcasts against x. */
function channelShape(layer: BatchNormalization, x: tf.Tensor): number[] {
  const axis = layer.axis < 0 ? layer.axis + x.rank : layer.axis;
  return x.shape.map((size, a) => (a === axis ? size : 1));
}

function trainBatchNorm(layer: BatchNormalization, x: tf.Tensor): tf.Tensor {
  const shape = channelShape(layer, x);
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== (layer.axis + x.rank) % x.rank);
  const gamma = layer.gamma && tf.reshape(layer.gamma.read(), shape);
  const beta = layer.beta && tf.reshape(layer.beta.read(), shape);
  const { y, mean, variance } = normalize(x, { axes, epsilon: layer.epsilon, gamma, beta });
  moveTowards(layer.movingMean, mean, layer.momentum);
  moveTowards(layer.movingVariance, variance, layer.momentum);
  return y;
}

/** y = scale · x + shift with scale = γ / √(movingVariance + ε) and shift = β − scale · movingMean. */
function inferBatchNorm(layer: BatchNormalization, x: tf.Tensor): tf.Tensor {
  const shape = channelShape(layer, x);
  const rstd = tf.rsqrt(tf.add(layer.movingVariance.read(), layer.epsilon));
  const scale = layer.gamma ? tf.mul(layer.gamma.read(), rstd) : rstd;
  const shift = tf.neg(tf.mul(layer.movingMean.read(), scale));
  const shifted = layer.beta ? tf.add(layer.beta.read(), shift) : shift;
  return tf.add(tf.mul(x, tf.reshape(scale, shape)), tf.reshape(shifted, shape));
}
