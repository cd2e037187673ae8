/** A deep fully connected network in float64: plain data, so that everything in it can be looked at. */
import { ones, randomNormal, type Tensor, zeros } from "../tensor";
import {
  checkFinite,
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  checkInteger,
  oneOf,
  type OptionChecks,
} from "../tensor/validate";
import { type Activation, activations } from "./activations";

/** What stands between a layer's summed inputs and its nonlinearity. */
export type ProbeNormalization = "none" | "batchNorm" | "layerNorm";

/**
 * Noise behind the normalization, drawn anew at every training step: u is replaced by s · u + t.
 * Each unit draws its own centre of t, uniform in ±mean, and of s, uniform in 1 … scale;
 * each sample's t and s then lie within ±jitter of them. So the distribution that the next layer sees
 * jumps at every step.
 */
export interface NoiseOptions {
  mean: number;
  scale: number;
  jitter: number;
}

const noiseOptions: OptionChecks<NoiseOptions> = {
  mean: { required: checkFinite },
  scale: { required: checkFinite },
  jitter: { required: checkFinite },
};

export interface NetworkOptions {
  /** Length of one input; 784 for MNIST. */
  inputs?: number;
  /** Units in each hidden layer. */
  width?: number;
  /** Number of hidden layers. */
  depth: number;
  classes?: number;
  activation: Activation;
  normalization?: ProbeNormalization;
  /** Initial scale: weights are normal with standard deviation gain / √(number of inputs). */
  gain?: number;
  seed?: number;
  /** Only in training; see {@link NoiseOptions}. */
  noise?: NoiseOptions;
}

const networkOptions: OptionChecks<NetworkOptions> = {
  depth: { required: checkPositiveInteger },
  activation: { required: oneOf(...(Object.keys(activations) as Activation[])) },
  normalization: oneOf("none", "batchNorm", "layerNorm"),
  inputs: checkPositiveInteger,
  width: checkPositiveInteger,
  classes: checkPositiveInteger,
  gain: checkPositive,
  seed: checkInteger,
  noise: (argument, noise) => checkOptions(argument, noise, noiseOptions, argument),
};

/** The numbers of one layer that training changes, and batch norm's moving statistics. */
export interface Layer {
  /** W, (inputs, outputs) */
  weights: Tensor;
  /** b, (outputs) */
  bias: Tensor;
  /** γ and β, (outputs); absent without normalization */
  gamma?: Tensor;
  beta?: Tensor;
  /** (outputs); only with batch norm */
  movingMean?: Tensor;
  movingVariance?: Tensor;
}

export interface Network {
  readonly options: Readonly<Required<Omit<NetworkOptions, "noise">> & Pick<NetworkOptions, "noise">>;
  /** The hidden layers, first to last, and at the end the linear output layer. */
  readonly layers: readonly Layer[];
}

/**
 * `depth` layers h = φ(norm(x W + b)) and a linear layer to the classes.
 *
 * W ~ N(0, gain² / inputs of the layer), b = 0, γ = 1, β = 0; the output layer always has gain 1.
 * Two networks that differ only in normalization, activation or gain start from the same random draws.
 *
 * @throws RangeError for a width, depth, gain or seed that makes no network.
 */
export function deepNetwork(options: NetworkOptions): Network {
  checkOptions("deepNetwork", options, networkOptions);
  const { inputs = 784, width = 100, classes = 10, normalization = "none", gain = 1, seed = 0 } = options;
  const hidden = Array.from({ length: options.depth }, (_, l): Layer => {
    return {
      ...dense(l === 0 ? inputs : width, width, gain, layerSeed(seed, l)),
      ...(normalization !== "none" && { gamma: ones([width]), beta: zeros([width]) }),
      ...(normalization === "batchNorm" && { movingMean: zeros([width]), movingVariance: ones([width]) }),
    };
  });
  return {
    options: { ...options, inputs, width, classes, normalization, gain, seed },
    layers: [...hidden, dense(width, classes, 1, layerSeed(seed, options.depth))],
  };
}

function dense(inputs: number, outputs: number, gain: number, seed: number): Layer {
  return {
    weights: randomNormal([inputs, outputs], { seed, standardDeviation: gain / Math.sqrt(inputs) }),
    bias: zeros([outputs]),
  };
}

/** Each layer draws from a stream of its own, so depth does not change the layers before. */
const layerSeed = (seed: number, layer: number): number => seed * 1009 + layer;
