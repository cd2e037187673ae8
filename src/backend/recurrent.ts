/** The one operation under every recurrent layer, tfjs's and ours. */
import * as tf from "@tensorflow/tfjs";
import { composedRecurrent, type NormalizeSum, type SumName } from "./composed/recurrent";
import { normalize } from "./normalize";
import {
  type CellName,
  type KernelActivation,
  type RecurrentAttributes,
  kernelSums,
  recurrentKernels,
} from "./recurrentKernel";

export type { NormalizeSum, SumName } from "./composed/recurrent";
export type { CellName } from "./recurrentKernel";

/** An activation as tfjs's layers hold it. */
export interface ActivationObject {
  getClassName(): string;
  apply(x: tf.Tensor): tf.Tensor;
}

/**
 * The gains of a normalization, G the columns of the kernel. An LSTM has all, a GRU no gammaC and betaC; of a simple RNN,
 * which normalizes the sum of both products, gammaH [U] is all there is.
 */
export interface NormGains {
  /** [G] */
  gammaX?: tf.Tensor;
  /** [G] */
  gammaH: tf.Tensor;
  /** [U] */
  gammaC?: tf.Tensor;
  /** [U] */
  betaC?: tf.Tensor;
  epsilon: number;
}

/** Batch norm in training: a kernel's, or step by step, where it has a mask or no kernel. */
export interface BatchNormTraining {
  gains: NormGains;
  stepByStep: NormalizeSum;
  /** Is told the statistics of a kernel: of each sum's columns from `from` on, for each step; [T, columns]. */
  measured: (name: SumName, from: number, means: tf.Tensor, variances: tf.Tensor) => void;
}

export interface RecurrentOptions {
  cell: CellName;
  units: number;
  activation: ActivationObject;
  /** The gates'. */
  recurrentActivation: ActivationObject;
  /** From the last time step to the first; outputs are in the order in which they are computed. */
  goBackwards: boolean;
  returnSequences: boolean;
  /** Of a GRU: whether the reset gate acts on h · R (with a bias [2, G]) or on h. */
  resetAfter: boolean;
  /** [C, G]; the gates i f c o of an LSTM, z r h of a GRU. */
  kernel: tf.Tensor;
  /** [U, G] */
  recurrentKernel: tf.Tensor;
  bias: tf.Tensor | undefined;
  /** Layer norm's gains, batch norm, or how else each sum is normalized. */
  normalization: NormGains | BatchNormTraining | NormalizeSum | undefined;
  /** [N, T]; where it is 0 (or false) the states go on as they are. */
  mask: tf.Tensor | undefined;
  /** h, and an LSTM's c; default 0. */
  initialStates: tf.Tensor[] | undefined;
}

export interface RecurrentResult {
  /** [N, T, U] if `returnSequences`, else the last h [N, U]. */
  output: tf.Tensor;
  /** After the last step: h, and an LSTM's c. */
  states: tf.Tensor[];
}

/**
 * x [N, T, C] through a recurrent cell; one kernel where the backend has it, else step by step. Whoever calls it frees what
 * it leaves behind: a normalization may need what it measured in the steps.
 */
export function recurrent(x: tf.Tensor, options: RecurrentOptions): RecurrentResult {
  // Of true and false tfjs's wasm kernels would write four bytes where there is room for one.
  const mask = options.mask && tf.cast(options.mask, "float32");
  const compute = kernelFits(x, options) ? inOneKernel : stepByStep;
  return compute(x, { ...options, mask });
}

const kernelActivations = ["linear", "tanh", "sigmoid", "hardSigmoid", "relu"];

/** Whether this is computed by one kernel. What does not fit together is for tfjs's operations to broadcast or to refuse. */
export function kernelFits(x: tf.Tensor, options: RecurrentOptions): boolean {
  const { cell, units, kernel, bias, activation, recurrentActivation, normalization, mask } = options;
  const states = options.initialStates ?? [];
  const [batch, steps, inputs] = x.shape;
  const hasShape = (tensor: tf.Tensor, shape: number[]) => tf.util.arraysEqual(tensor.shape, shape);
  return (
    tf.getKernel(recurrentKernels[cell], tf.getBackend()) !== undefined &&
    kernelActivations.includes(activation.getClassName()) &&
    kernelActivations.includes(recurrentActivation.getClassName()) &&
    typeof normalization !== "function" &&
    !(isBatchNorm(normalization) && mask) &&
    [x, bias, ...states].every((tensor) => tensor === undefined || tensor.dtype === "float32") &&
    x.size > 0 &&
    kernel.shape[0] === inputs &&
    (mask === undefined || hasShape(mask, [batch, steps])) &&
    states.every((state) => hasShape(state, [batch, units]))
  );
}

function inOneKernel(x: tf.Tensor, options: RecurrentOptions): RecurrentResult {
  const { cell, units, kernel, recurrentKernel, bias, mask, returnSequences } = options;
  const normalization = options.normalization as Exclude<RecurrentOptions["normalization"], NormalizeSum>;
  const batchNorm = isBatchNorm(normalization) ? normalization : undefined;
  const gains = isBatchNorm(normalization) ? normalization.gains : normalization;
  const [h0, c0] = options.initialStates ?? [];
  const optional = { bias, h0, c0, mask };
  const { epsilon = 1, ...gammas } = gains ?? {};
  const inputs = { x, kernel, recurrentKernel, ...optional, ...gammas };
  const attrs: RecurrentAttributes = {
    ...{ units, returnSequences, goBackwards: options.goBackwards, resetAfter: options.resetAfter },
    activation: options.activation.getClassName() as KernelActivation,
    recurrentActivation: options.recurrentActivation.getClassName() as KernelActivation,
    ...{ hasInitialState: h0 !== undefined, epsilon },
    normalization: batchNorm ? "batchNorm" : gains ? "layerNorm" : "none",
  };
  const [, ...results] = tf
    .engine()
    .runKernel(recurrentKernels[cell], withoutMissing(inputs), { ...attrs }) as tf.Tensor[];
  const states = results.slice(0, cell === "lstm" ? 2 : 1);
  if (batchNorm) tellStatistics(results[results.length - 1], x.shape[1]!, options, batchNorm);
  return { output: returnSequences ? results[states.length] : states[0], states };
}

function isBatchNorm(normalization: RecurrentOptions["normalization"]): normalization is BatchNormTraining {
  return typeof normalization === "object" && "stepByStep" in normalization;
}

/** Takes a kernel's statistics apart. */
function tellStatistics(
  all: tf.Tensor,
  steps: number,
  { cell, units }: RecurrentOptions,
  { measured }: BatchNormTraining,
): void {
  let at = 0;
  for (const [name, from, perUnit] of kernelSums[cell]) {
    const columns = perUnit * units;
    const [means, variances] = [0, 1].map((i) =>
      tf.reshape(tf.slice(all, [at + i * steps * columns], [steps * columns]), [steps, columns]),
    );
    measured(name, from * units, means, variances);
    at += 2 * steps * columns;
  }
}

function withoutMissing(inputs: Record<string, tf.Tensor | undefined>): tf.NamedTensorMap {
  return Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor)) as tf.NamedTensorMap;
}

function stepByStep(x: tf.Tensor, options: RecurrentOptions): RecurrentResult {
  const { cell, units, activation, recurrentActivation, normalization } = options;
  const zeros = () => tf.zeros([x.shape[0], units]);
  const initial = options.initialStates ?? (cell === "lstm" ? [zeros(), zeros()] : [zeros()]);
  const { outputs, states } = composedRecurrent(x, initial, {
    ...options,
    activation: (sum) => activation.apply(sum),
    recurrentActivation: (sum) => recurrentActivation.apply(sum),
    normalize: isBatchNorm(normalization)
      ? normalization.stepByStep
      : typeof normalization === "object"
        ? layerNormalize(normalization)
        : normalization,
  });
  return { output: options.returnSequences ? tf.stack(outputs, 1) : states[0], states };
}

/** Layer norm of each sum: Ba et al. 2016, supplement. */
function layerNormalize({ gammaX, gammaH, gammaC, betaC, epsilon }: NormGains): NormalizeSum {
  return (sum, name, _step, from) => {
    const columns = sum.shape[1]!;
    const row = (all: tf.Tensor | undefined, start: number) =>
      all && tf.reshape(tf.slice(all, [start], [columns]), [1, columns]);
    const gamma = row({ x: gammaX, h: gammaH, c: gammaC }[name], from);
    return normalize(sum, { axes: [1], epsilon, gamma, beta: row(name === "c" ? betaC : undefined, 0) }).y;
  };
}
