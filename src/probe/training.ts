/** Plain stochastic gradient descent on a probe network, with a window to look in through. */
import { randomGenerator, Tensor } from "../tensor";
import {
  checkBoolean,
  checkFunction,
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  checkInteger,
  type OptionChecks,
} from "../tensor/validate";
import type { Layer, Network } from "./network";
import { type LayerGradient, type Pass, type ProbeBatch, runBatch } from "./pass";

/** Images of bytes with their classes, as loadMnist gives them. */
export interface ImageExamples {
  images: Uint8Array | Float32Array | Int32Array;
  labels: Uint8Array | Int32Array;
  /** [N, …shape of one image] */
  shape: readonly number[];
}

/** Mean and standard deviation of MNIST's training pixels on a scale of 0 to 1, rounded as is customary. */
const pixelMean = 0.1307;
const pixelDeviation = 0.3081;

export interface BatchOptions {
  size: number;
  seed?: number;
  /** true: (pixel − 0.1307) / 0.3081, about mean 0 and variance 1 over MNIST; false: pixels of 0 to 1. */
  standardized?: boolean;
}

const batchOptions: OptionChecks<BatchOptions> = {
  size: { required: checkPositiveInteger },
  seed: checkInteger,
  standardized: checkBoolean,
};

/** `size` different images drawn by `seed`, each a row of pixels. */
export function sampleBatch(examples: ImageExamples, options: BatchOptions): ProbeBatch {
  checkOptions("sampleBatch", options, batchOptions);
  const { size, seed = 0, standardized = false } = options;
  const order = randomGenerator(seed).permutation(examples.shape[0]);
  return gather(examples, order.subarray(0, size), standardized);
}

function gather(
  { images, labels, shape }: ImageExamples,
  rows: Uint32Array,
  standardized: boolean,
): ProbeBatch {
  const length = shape.slice(1).reduce((a, b) => a * b, 1);
  const divisor = images instanceof Uint8Array ? 255 : 1;
  const data = new Float64Array(rows.length * length);
  rows.forEach((row, i) => {
    for (let k = 0; k < length; k++) data[i * length + k] = images[row * length + k] / divisor;
  });
  const inputs = new Tensor([rows.length, length], data);
  const drawn = new (labels instanceof Uint8Array ? Uint8Array : Int32Array)(rows.length);
  return {
    inputs: standardized ? inputs.map((pixel) => (pixel - pixelMean) / pixelDeviation) : inputs,
    labels: drawn.map((_, i) => labels[rows[i]]),
  };
}

/** Batches without end, drawn with replacement: the same ones for the same seed. */
export function* drawnBatches(
  examples: ImageExamples,
  { batchSize, seed, standardized }: { batchSize: number; seed: number; standardized: boolean },
): Generator<ProbeBatch, never> {
  const random = randomGenerator(seed);
  for (;;) {
    const rows = Uint32Array.from({ length: batchSize }, () => random.integer(examples.shape[0]));
    yield gather(examples, rows, standardized);
  }
}

/** The network after one step down the gradient: w − learningRate · dw for weights, biases, γ and β. */
export function descend(
  network: Network,
  gradients: readonly LayerGradient[],
  learningRate: number,
): Network {
  const layers = network.layers.map((layer, l) => stepped(layer, gradients[l], learningRate));
  return { ...network, layers };
}

function stepped(layer: Layer, gradient: LayerGradient, learningRate: number): Layer {
  const move = (w: Tensor, dw: Tensor) => w.map((value, i) => value - learningRate * dw.data[i]);
  return {
    ...layer,
    weights: move(layer.weights, gradient.weights),
    bias: move(layer.bias, gradient.bias),
    ...(layer.gamma && gradient.gamma && { gamma: move(layer.gamma, gradient.gamma) }),
    ...(layer.beta && gradient.beta && { beta: move(layer.beta, gradient.beta) }),
  };
}

/** What can be seen through the window at one step, before the step is taken. */
export interface Look {
  step: number;
  network: Network;
  batch: ProbeBatch;
  pass: Pass;
}

export interface DescentOptions<T> {
  steps: number;
  learningRate: number;
  batchSize?: number;
  /** Of the order in which images are drawn; networks trained with one seed see the same batches. */
  seed?: number;
  standardized?: boolean;
  /** What to keep of a step … */
  look?: (look: Look) => T;
  /** … and how often: every so many steps, from step 0; the last step is always seen. */
  every?: number;
  /**
   * What the step goes down in place of the batch's gradients, which are `pass.gradients`: with weight decay
   * added to them, cut off, or scaled layer by layer.
   */
  adjust?: (look: Look) => readonly LayerGradient[];
}

const descentOptions: OptionChecks<DescentOptions<unknown>> = {
  steps: { required: checkPositiveInteger },
  learningRate: { required: checkPositive },
  batchSize: checkPositiveInteger,
  seed: checkInteger,
  standardized: checkBoolean,
  look: checkFunction,
  every: checkPositiveInteger,
  adjust: checkFunction,
};

export interface DescentResult<T> {
  /** The trained network. */
  network: Network;
  /** Training loss of every step's batch, in nats. */
  losses: number[];
  /** What `look` returned, with the step it belongs to. */
  looks: { step: number; seen: T }[];
}

/** `steps` steps of stochastic gradient descent; the network given is left as it was. */
export function trainNetwork<T = undefined>(
  network: Network,
  examples: ImageExamples,
  options: DescentOptions<T>,
): DescentResult<T> {
  checkOptions("trainNetwork", options, descentOptions);
  const { steps, learningRate, batchSize = 60, seed = 0, standardized = false } = options;
  const { look, every = 1, adjust = ({ pass }: Look) => pass.gradients } = options;
  const batches = drawnBatches(examples, { batchSize, seed, standardized });
  const losses: number[] = [];
  const looks: { step: number; seen: T }[] = [];
  let current = network;
  for (let step = 0; step < steps; step++) {
    const batch = batches.next().value;
    const pass = runBatch(current, batch, { step });
    losses.push(pass.loss);
    const now: Look = { step, network: current, batch, pass };
    if (look && (step % every === 0 || step === steps - 1)) looks.push({ step, seen: look(now) });
    current = descend(pass.network, adjust(now), learningRate);
  }
  return { network: current, losses, looks };
}
