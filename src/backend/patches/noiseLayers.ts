/**
 * tfjs's layers that draw random numbers in training, which they draw anew in each recorded step (recording/watch.ts).
 *
 * The operations are tfjs's own, in its order, and so are the numbers drawn: each call's come from one generator, whose
 * seed is the layer's, or a number of Math.random().
 */
import * as tf from "@tensorflow/tfjs";
import { perStep, watch } from "../recording/watch";
import { type Call, layerPrototype, replaceMethod, singleInput } from "./patch";

interface Dropout extends tf.layers.Layer {
  rate: number;
  seed?: number;
  getNoiseShape(x: tf.Tensor): number[] | null;
}

interface AlphaDropout extends tf.layers.Layer {
  rate: number;
  _getNoiseShape(x: tf.Tensor): number[];
}

interface GaussianNoise extends tf.layers.Layer {
  stddev: number;
}

interface GaussianDropout extends tf.layers.Layer {
  rate: number;
}

const uniform = (shape: number[], seed?: number): tf.Tensor =>
  perStep(shape, () => tf.tidy(() => tf.randomUniform(shape, 0, 1, "float32", seed).dataSync()));

const normal = (shape: number[], mean: number, deviation: number): tf.Tensor =>
  perStep(shape, () => tf.tidy(() => tf.randomNormal(shape, mean, deviation).dataSync()));

export function patchNoiseLayers(): void {
  // x · ⌊u + keep⌋ / keep, with u from 0 to 1
  replaceCall<Dropout>("Dropout", (layer, x) => {
    const shape = layer.getNoiseShape(x) ?? x.shape;
    const keep = 1 - layer.rate;
    return tf.mul(x, tf.div(tf.floor(tf.add(uniform(shape, layer.seed), keep)), keep));
  });
  replaceCall<GaussianNoise>("GaussianNoise", (layer, x) => tf.add(normal(x.shape, 0, layer.stddev), x));
  replaceCall<GaussianDropout>("GaussianDropout", ({ rate }, x) =>
    tf.mul(x, normal(x.shape, 1, Math.sqrt(rate / (1 - rate)))),
  );
  // a · (kept · x + (kept − 1) · α') + b, whose mean and variance are x's (Klambauer et al. 2017, section 3)
  replaceCall<AlphaDropout>("AlphaDropout", (layer, x) => {
    const saturation = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;
    const { rate } = layer;
    const kept = tf.cast(tf.greaterEqual(uniform(layer._getNoiseShape(x)), rate), "float32");
    const a = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
    const mixed = tf.add(tf.mul(x, kept), tf.mul(tf.add(kept, -1), saturation));
    return tf.add(tf.mul(mixed, a), -a * saturation * rate);
  });
}

/** In a step that is watched; everywhere else tfjs's own call stays. */
function replaceCall<L extends tf.layers.Layer & { rate?: number }>(
  className: string,
  noisy: (layer: L, x: tf.Tensor) => tf.Tensor,
): void {
  replaceMethod(layerPrototype<L>(className), "call", (stock): Call => {
    return function (this: L, inputs, kwargs) {
      const { rate = 0.5 } = this;
      const x = singleInput(inputs);
      const isNoisy = kwargs?.training && rate > 0 && rate < 1 && x.dtype === "float32";
      if (!watch() || !isNoisy) return stock.call(this, inputs, kwargs);
      return tf.tidy(() => noisy(this, x));
    };
  });
}
