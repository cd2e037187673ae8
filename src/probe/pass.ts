/** One batch through a probe network and back, with every intermediate value kept to be looked at. */
import { defaults } from "../norm";
import { affine, affineGrad } from "../norm/affine";
import { standardizeBy } from "../norm/batchNorm";
import { movingAverage } from "../norm/moving";
import { standardizeGradOver, standardizeOver } from "../norm/standardize";
import { randomGenerator, Tensor } from "../tensor";
import { checkOptions, checkSameShape, checkInteger, refuse } from "../tensor/validate";
import { activate, activateGrad } from "./activations";
import { matmul, matmulTransposedFirst, matmulTransposedSecond } from "../tensor/matmul";
import type { Layer, Network, NoiseOptions } from "./network";

/** Inputs (N, D) with the class of each. */
export interface ProbeBatch {
  inputs: Tensor;
  labels: ArrayLike<number>;
}

/** What one hidden layer did with a batch of N, and the gradient of the loss with respect to each. */
export interface LayerPass {
  /** The layer's input, (N, inputs) */
  x: Tensor;
  /** Summed inputs x W + b, (N, width) */
  z: Tensor;
  /** After the normalization, (N, width); z itself without one */
  u: Tensor;
  /** φ(u), (N, width) */
  h: Tensor;
  dz: Tensor;
  du: Tensor;
  dh: Tensor;
}

/** The gradient of the loss with respect to each number of a layer that training changes. */
export type LayerGradient = Pick<Layer, "weights" | "bias" | "gamma" | "beta">;

export interface Pass {
  /** Mean cross-entropy of the batch, in nats. */
  loss: number;
  /** Share of the batch whose largest output is the right class. */
  accuracy: number;
  /** The hidden layers, first to last. */
  layers: LayerPass[];
  /** One per layer, the output layer included. */
  gradients: LayerGradient[];
  /** The network with batch norm's moving statistics updated; the same network otherwise. */
  network: Network;
}

export interface PassOptions {
  /** Which noise is drawn, where the network has any. */
  step?: number;
}

/**
 * Forward and backward in training mode.
 *
 * Hidden layers: z = x W + b, u = norm(z), h = φ(u); outputs = h W + b; loss = mean cross-entropy of
 * softmax(outputs). Backward: dW = xᵀ dz, db = Σ dz, dx = dz Wᵀ, with dz from norm's own backward.
 */
export function runBatch(network: Network, batch: ProbeBatch, options: PassOptions = {}): Pass {
  checkOptions<PassOptions>("runBatch", options, { step: checkInteger });
  const { step = 0 } = options;
  const { activation, noise, seed } = network.options;
  const hidden = network.layers.slice(0, -1);
  const last = network.layers[hidden.length];
  const random = randomGenerator(seed * 1_000_003 + step);

  let x = checkedInputs(network, batch);
  const forward = hidden.map((layer) => {
    const z = matmul(x, layer.weights).add(layer.bias);
    const normalized = normalize(network, layer, z);
    const shaken = noise && shake(normalized.y, noise, random.uniform);
    const u = shaken?.y ?? normalized.y;
    const h = activate(u, activation);
    const result = { x, z, u, h, shaken, ...normalized };
    x = h;
    return result;
  });
  const outputs = matmul(x, last.weights).add(last.bias);
  const { loss, accuracy, gradient: dOutputs } = crossEntropy(outputs, batch.labels);

  const gradients: LayerGradient[] = new Array<LayerGradient>(network.layers.length);
  gradients[hidden.length] = { weights: matmulTransposedFirst(x, dOutputs), bias: dOutputs.sum([0]) };
  let dh = matmulTransposedSecond(dOutputs, last.weights);
  const layers: LayerPass[] = new Array<LayerPass>(hidden.length);
  for (let l = hidden.length - 1; l >= 0; l--) {
    const { x: input, z, u, h, shaken, backward } = forward[l];
    const du = activateGrad(dh, h, activation);
    const { dx: dz, dGamma, dBeta } = backward(shaken ? du.mul(shaken.scale) : du);
    gradients[l] = {
      weights: matmulTransposedFirst(input, dz),
      bias: dz.sum([0]),
      ...(dGamma && { gamma: dGamma, beta: dBeta }),
    };
    layers[l] = { x: input, z, u, h, dz, du, dh };
    if (l > 0) dh = matmulTransposedSecond(dz, hidden[l].weights);
  }
  const updated = [...hidden.map((layer, l) => ({ ...layer, ...forward[l].moving })), last];
  return { loss, accuracy, layers, gradients, network: { ...network, layers: updated } };
}

/** Loss and accuracy in inference mode: batch norm with its moving statistics, no noise. */
export function evaluate(network: Network, batch: ProbeBatch): { loss: number; accuracy: number } {
  const { activation } = network.options;
  let x = checkedInputs(network, batch);
  for (const layer of network.layers.slice(0, -1)) {
    const z = matmul(x, layer.weights).add(layer.bias);
    x = activate(normalizeInference(network, layer, z), activation);
  }
  const last = network.layers[network.layers.length - 1];
  const { loss, accuracy } = crossEntropy(matmul(x, last.weights).add(last.bias), batch.labels);
  return { loss, accuracy };
}

/**
 * y = norm(z) in training mode, how to go back, and batch norm's new moving statistics. By the core of the norms,
 * which does not refuse NaN and infinity: a network that diverges must be seen to.
 */
function normalize(
  network: Network,
  layer: Layer,
  z: Tensor,
): {
  y: Tensor;
  moving?: Pick<Layer, "movingMean" | "movingVariance">;
  backward: (dy: Tensor) => { dx: Tensor; dGamma?: Tensor; dBeta?: Tensor };
} {
  const { normalization } = network.options;
  if (normalization === "none") return { y: z, backward: (dy) => ({ dx: dy }) };
  const axes = [normalization === "batchNorm" ? 0 : 1];
  const { epsilon } = defaults[normalization];
  const { mean, variance, rstd, xHat } = standardizeOver(z, { axes, epsilon });
  const { y, cache } = affine(xHat, layer, [1]);
  const { movingMean, movingVariance } = layer;
  return {
    y,
    // The moving statistics of a probe must follow quickly: short trainings, a weight of 0.9 on the old.
    ...(movingMean &&
      movingVariance && {
        moving: {
          movingMean: movingAverage(movingMean, mean, 0.9),
          movingVariance: movingAverage(movingVariance, variance, 0.9),
        },
      }),
    backward(dy) {
      const { dXHat, dGamma, dBeta } = affineGrad(dy, cache);
      return { dx: standardizeGradOver(dXHat, { xHat, rstd, axes }), dGamma, dBeta };
    },
  };
}

/** y = norm(z) in inference: batch norm with its moving statistics, layer norm as in training. */
function normalizeInference(network: Network, layer: Layer, z: Tensor): Tensor {
  const { movingMean, movingVariance } = layer;
  if (!movingMean || !movingVariance) return normalize(network, layer, z).y;
  const { xHat } = standardizeBy(movingMean, movingVariance, z, [0], defaults.batchNorm.epsilon);
  return affine(xHat, layer, [1]).y;
}

/** y = s · u + m, with s and m as {@link NoiseOptions} says; s is what the gradient is multiplied with. */
function shake(
  u: Tensor,
  { mean, scale, jitter }: NoiseOptions,
  uniform: () => number,
): { y: Tensor; scale: Tensor } {
  const [n, units] = u.shape;
  const centres = Array.from({ length: units }, () => ({
    m: mean * (2 * uniform() - 1),
    s: 1 + (scale - 1) * uniform(),
  }));
  const factors = new Float64Array(n * units);
  const y = u.map((value, i) => {
    const { m, s } = centres[i % units];
    factors[i] = s + jitter * (2 * uniform() - 1);
    return factors[i] * value + m + jitter * (2 * uniform() - 1);
  });
  return { y, scale: new Tensor(u.shape, factors) };
}

/** Mean over the batch of −log softmax(outputs)[label], and its gradient (softmax − one-hot) / N. */
function crossEntropy(
  outputs: Tensor,
  labels: ArrayLike<number>,
): { loss: number; accuracy: number; gradient: Tensor } {
  const [n, classes] = outputs.shape;
  const gradient = new Float64Array(outputs.size);
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < n; i++) {
    const row = outputs.data.subarray(i * classes, (i + 1) * classes);
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      refuse(`labels[${i}]`, label, `a class from 0 to ${classes - 1}`);
    }
    const largest = Math.max(...row);
    const exponentials = row.map((value) => Math.exp(value - largest));
    const total = exponentials.reduce((a, b) => a + b, 0);
    loss -= (row[label] - largest - Math.log(total)) / n;
    if (row[label] === largest) correct++;
    exponentials.forEach((value, j) => {
      gradient[i * classes + j] = (value / total - (j === label ? 1 : 0)) / n;
    });
  }
  return { loss, accuracy: correct / n, gradient: new Tensor(outputs.shape, gradient) };
}

function checkedInputs(network: Network, { inputs, labels }: ProbeBatch): Tensor {
  checkSameShape("inputs", inputs, [labels.length, network.options.inputs], "one row a label");
  return inputs;
}
