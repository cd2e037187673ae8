/** One batch through a probe network and back, with every intermediate value kept to be looked at. */
import { randomGenerator, Tensor } from "../tensor";
import { checkOptions, checkSameShape, checkInteger, type Check, refuse } from "../tensor/validate";
import { activate, activateGrad } from "./activations";
import { matmul, matmulTransposedFirst, matmulTransposedSecond } from "../tensor/matmul";
import type { Layer, Network, NoiseOptions } from "./network";
import { type LayerNormalization, normalizations } from "./normalizations";

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
  /** Who computes the network's normalization: a function of one's own in place of the package's. */
  normalizeBy?: LayerNormalization;
}

const checkNormalization: Check = (argument, value) => {
  const { training, inference } = (value ?? {}) as Partial<LayerNormalization>;
  if (typeof training !== "function" || typeof inference !== "function") {
    refuse(argument, value, "an object with the functions training and inference");
  }
};

/**
 * Forward and backward in training mode.
 *
 * Hidden layers: z = x W + b, u = norm(z), h = φ(u); outputs = h W + b; loss = mean cross-entropy of
 * softmax(outputs). Backward: dW = xᵀ dz, db = Σ dz, dx = dz Wᵀ, with dz from norm's own backward.
 */
export function runBatch(network: Network, batch: ProbeBatch, options: PassOptions = {}): Pass {
  checkOptions<PassOptions>("runBatch", options, { step: checkInteger, normalizeBy: checkNormalization });
  const { activation, noise, seed, normalization } = network.options;
  const { step = 0, normalizeBy = normalizations[normalization] } = options;
  const hidden = network.layers.slice(0, -1);
  const last = network.layers[hidden.length];
  const random = randomGenerator(seed * 1_000_003 + step);

  let x = checkedInputs(network, batch);
  const forward = hidden.map((layer) => {
    const z = matmul(x, layer.weights).add(layer.bias);
    const normalized = normalizeBy.training(z, layer);
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
export function evaluate(
  network: Network,
  batch: ProbeBatch,
  options: Pick<PassOptions, "normalizeBy"> = {},
): { loss: number; accuracy: number } {
  checkOptions<typeof options>("evaluate", options, { normalizeBy: checkNormalization });
  const { activation, normalization } = network.options;
  const { normalizeBy = normalizations[normalization] } = options;
  let x = checkedInputs(network, batch);
  for (const layer of network.layers.slice(0, -1)) {
    const z = matmul(x, layer.weights).add(layer.bias);
    x = activate(normalizeBy.inference(z, layer), activation);
  }
  const last = network.layers[network.layers.length - 1];
  const { loss, accuracy } = crossEntropy(matmul(x, last.weights).add(last.bias), batch.labels);
  return { loss, accuracy };
}

/** y = s · u + t, with s and t as {@link NoiseOptions} says; s is what the gradient is multiplied with. */
function shake(
  u: Tensor,
  { mean, scale, jitter }: NoiseOptions,
  uniform: () => number,
): { y: Tensor; scale: Tensor } {
  const [n, units] = u.shape;
  const centres = Array.from({ length: units }, () => ({
    t: mean * (2 * uniform() - 1),
    s: 1 + (scale - 1) * uniform(),
  }));
  const factors = new Float64Array(n * units);
  const y = u.map((value, i) => {
    const { t, s } = centres[i % units];
    factors[i] = s + jitter * (2 * uniform() - 1);
    return factors[i] * value + t + jitter * (2 * uniform() - 1);
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
