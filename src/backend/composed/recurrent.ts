/** Recurrent layers from tfjs operations, a step at a time: any backend, any normalization, gradients by tfjs. */
import * as tf from "@tensorflow/tfjs";
import type { CellName } from "../recurrentKernel";

/** Which sum a normalization is for: the input's product, the recurrent one, or an LSTM's cell. */
export type SumName = "x" | "h" | "c";

/**
 * The normalization of a sum, at a step (the first that is computed is 0). `from` is the sum's first column in the whole
 * one of all gates: a GRU has its last block apart. `counts` [N, 1] is 0 for a masked row and 1 for others.
 */
export type NormalizeSum = (
  sum: tf.Tensor,
  name: SumName,
  step: number,
  from: number,
  counts: tf.Tensor | undefined,
) => tf.Tensor;

export type Activation = (x: tf.Tensor) => tf.Tensor;

export interface ComposedRecurrent {
  cell: CellName;
  units: number;
  activation: Activation;
  recurrentActivation: Activation;
  goBackwards: boolean;
  resetAfter: boolean;
  kernel: tf.Tensor;
  recurrentKernel: tf.Tensor;
  bias: tf.Tensor | undefined;
  normalize: NormalizeSum | undefined;
  /** [N, T], 0 for what does not count. */
  mask: tf.Tensor | undefined;
}

/** A step: (x [N, C], the states before it, its number, which rows count) → the states after it, h first. */
type Step = (x: tf.Tensor, states: tf.Tensor[], step: number, counts: tf.Tensor | undefined) => tf.Tensor[];

/** x [N, T, C] → h of every step, in the order they are computed in, and the states after the last. */
export function composedRecurrent(
  x: tf.Tensor,
  initialStates: tf.Tensor[],
  options: ComposedRecurrent,
): { outputs: tf.Tensor[]; states: tf.Tensor[] } {
  const step = cells[options.cell](options);
  const inSteps = (all: tf.Tensor) => tf.unstack(options.goBackwards ? tf.reverse(all, 1) : all, 1);
  const masks = options.mask && inSteps(options.mask);
  let states = initialStates;
  const outputs = inSteps(x).map((current, s) => {
    const counts = masks && tf.expandDims(masks[s], 1);
    const next = step(current, states, s, counts);
    states = counts ? next.map((state, i) => tf.where(tf.notEqual(counts, 0), state, states[i])) : next;
    return states[0];
  });
  return { outputs, states };
}

const cells: Record<CellName, (options: ComposedRecurrent) => Step> = {
  lstm:
    (options) =>
    (x, [h, c], step, counts) => {
      const { activation, recurrentActivation, normalize } = options;
      const sum = tf.add(xSum(options, x, step, counts), hSum(options, h, step, counts));
      const [i, f, g, o] = tf.split(sum, 4, 1);
      const next = tf.add(tf.mul(recurrentActivation(f), c), tf.mul(recurrentActivation(i), activation(g)));
      const shown = normalize ? normalize(next, "c", step, 0, counts) : next;
      return [tf.mul(recurrentActivation(o), activation(shown)), next];
    },

  gru:
    (options) =>
    (x, [h], step, counts) => {
      const { activation, recurrentActivation, units, resetAfter, recurrentKernel, bias } = options;
      const columns = (all: tf.Tensor, from: number, count: number) =>
        tf.slice(all, [0, from], [all.shape[0], count]);
      const fromX = xSum(options, x, step, counts);
      const [xz, xr, xg] = tf.split(fromX, 3, 1);
      if (!resetAfter) {
        const [hz, hr] = tf.split(tf.matMul(h as tf.Tensor2D, columns(recurrentKernel, 0, 2 * units)), 2, 1);
        const z = recurrentActivation(tf.add(xz, hz));
        const r = recurrentActivation(tf.add(xr, hr));
        const product = tf.matMul(tf.mul(r, h) as tf.Tensor2D, columns(recurrentKernel, 2 * units, units));
        return [blend(z, h, activation(tf.add(xg, product)))];
      }
      let fromH = hSum(options, h, step, counts);
      if (bias) fromH = tf.add(fromH, tf.slice(bias, [1, 0], [1, 3 * units]));
      const [hz, hr, hg] = tf.split(fromH, 3, 1);
      const z = recurrentActivation(tf.add(xz, hz));
      const r = recurrentActivation(tf.add(xr, hr));
      return [blend(z, h, activation(tf.add(xg, tf.mul(r, hg))))];
    },

  simpleRnn:
    (options) =>
    (x, [h], step, counts) => {
      const { activation, normalize, kernel, recurrentKernel, bias } = options;
      const products = [tf.matMul(x, kernel), tf.matMul(h, recurrentKernel)];
      const sum = tf.add(products[0], products[1]);
      const normalized = normalize ? normalize(sum, "h", step, 0, counts) : sum;
      return [activation(bias ? tf.add(normalized, bias) : normalized)];
    },
};

/** z · h + (1 − z) · g */
function blend(z: tf.Tensor, h: tf.Tensor, g: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), g));
}

/** x · K, normalized, + b; of a bias for both products, its first row. */
function xSum(options: ComposedRecurrent, x: tf.Tensor, step: number, counts?: tf.Tensor): tf.Tensor {
  const { bias } = options;
  const sum = inBlocks(options, tf.matMul(x, options.kernel), "x", step, counts);
  if (!bias) return sum;
  return tf.add(sum, bias.rank === 2 ? tf.slice(bias, [0, 0], [1, bias.shape[1]!]) : bias);
}

/** h · R, normalized. */
function hSum(options: ComposedRecurrent, h: tf.Tensor, step: number, counts?: tf.Tensor): tf.Tensor {
  return inBlocks(options, tf.matMul(h, options.recurrentKernel), "h", step, counts);
}

/** A sum normalized: an LSTM's as a whole, a GRU's two gates and its candidate apart. */
function inBlocks(
  { normalize, cell, units }: ComposedRecurrent,
  sum: tf.Tensor,
  name: SumName,
  step: number,
  counts: tf.Tensor | undefined,
): tf.Tensor {
  if (!normalize) return sum;
  if (cell !== "gru") return normalize(sum, name, step, 0, counts);
  const [gates, candidate] = tf.split(sum, [2 * units, units], 1);
  return tf.concat(
    [normalize(gates, name, step, 0, counts), normalize(candidate, name, step, 2 * units, counts)],
    1,
  );
}
