/** Batch norm along time: each sum's statistics over the batch, and moving ones for each of the first time steps. */
import * as tf from "@tensorflow/tfjs";
import { normalize } from "../../backend";
import type { BatchNormTraining, NormalizeSum, SumName } from "../../backend/recurrent";

/** A sum that is normalized: its gain, where it has one its offset, and its moving statistics, [timeSteps, columns]. */
export interface NormalizedSum {
  gamma: tf.LayerVariable;
  beta?: tf.LayerVariable;
  mean: tf.LayerVariable;
  variance: tf.LayerVariable;
}

type Sums = Partial<Record<SumName, NormalizedSum>>;

/** What was measured of a block of columns: of each step, [columns], or of all, [steps, columns]. */
interface Measured {
  means: tf.Tensor[] | tf.Tensor;
  variances: tf.Tensor[] | tf.Tensor;
}

/** y = γ (x − μ_t) / √(σ²_t + ε) [+ β] with the moving statistics of step t, or the last ones there are. */
export function inferring(sums: Sums, timeSteps: number, epsilon: number): NormalizeSum {
  return (sum, name, step, from) => {
    const of = sums[name]!;
    const columns = sum.shape[1]!;
    const statistic = (moving: tf.LayerVariable) =>
      tf.slice(moving.read(), [Math.min(step, timeSteps - 1), from], [1, columns]);
    const { gamma, beta } = parametersOf(of, from, columns);
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(statistic(of.variance), epsilon)));
    const y = tf.mul(tf.sub(sum, statistic(of.mean)), scale);
    return beta ? tf.add(y, beta) : y;
  };
}

/** The same with each step's own statistics over the batch; `update` then moves the moving ones towards them. */
export function training(
  sums: Sums,
  timeSteps: number,
  epsilon: number,
  momentum: number,
): { stepByStep: NormalizeSum; measured: BatchNormTraining["measured"]; update: () => void } {
  /** By the sum's name and the first column of a block. */
  const seen = new Map<SumName, Map<number, Measured>>();
  const blocksOf = (name: SumName) => {
    const blocks = seen.get(name) ?? new Map<number, Measured>();
    seen.set(name, blocks);
    return blocks;
  };
  /** How many rows count in each step; nothing where all do. */
  const counted: tf.Tensor[] = [];

  const stepByStep: NormalizeSum = (sum, name, step, from, counts) => {
    const parameters = parametersOf(sums[name]!, from, sum.shape[1]!);
    const { y, mean, variance } = counts
      ? ofCountedRows(sum, counts, epsilon, parameters)
      : normalize(sum, { axes: [0], epsilon, ...parameters });
    if (counts) counted[step] = tf.reshape(tf.sum(counts), [1]);
    const blocks = blocksOf(name);
    const block = blocks.get(from) ?? { means: [], variances: [] };
    blocks.set(from, block);
    (block.means as tf.Tensor[]).push(mean);
    (block.variances as tf.Tensor[]).push(variance);
    return y;
  };

  const measured: BatchNormTraining["measured"] = (name, from, means, variances) => {
    blocksOf(name).set(from, { means, variances });
  };

  const update = () => {
    for (const [name, blocks] of seen) {
      const all = (which: keyof Measured) =>
        tf.concat(
          [...blocks].sort(([a], [b]) => a - b).map(([, block]) => inSteps(block[which])),
          1,
        );
      const means = all("means");
      // 1 for a step in which a row counts.
      const counts = counted.length > 0 ? tf.minimum(tf.stack(counted), 1) : tf.ones([means.shape[0], 1]);
      move(sums[name]!.mean, means, counts, timeSteps, momentum);
      move(sums[name]!.variance, all("variances"), counts, timeSteps, momentum);
    }
  };
  return { stepByStep, measured, update };
}

const inSteps = (all: tf.Tensor[] | tf.Tensor) => (Array.isArray(all) ? tf.stack(all) : all);

/** γ and β of some columns, [1, columns]. */
function parametersOf(
  { gamma, beta }: NormalizedSum,
  from: number,
  columns: number,
): { gamma: tf.Tensor; beta?: tf.Tensor } {
  const row = (all: tf.LayerVariable) => tf.reshape(tf.slice(all.read(), [from], [columns]), [1, columns]);
  return { gamma: row(gamma), ...(beta && { beta: row(beta) }) };
}

/** Batch norm of [N, columns] with the statistics of the rows that count, [N, 1]. */
function ofCountedRows(
  x: tf.Tensor,
  counts: tf.Tensor,
  epsilon: number,
  { gamma, beta }: { gamma: tf.Tensor; beta?: tf.Tensor },
): { y: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  const total = tf.maximum(tf.sum(counts), 1);
  const over = (rows: tf.Tensor) => tf.div(tf.sum(tf.mul(rows, counts), 0), total);
  const mean = over(x);
  const centered = tf.sub(x, mean);
  const variance = over(tf.square(centered));
  const scaled = tf.mul(centered, tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon))));
  return { y: beta ? tf.add(scaled, beta) : scaled, mean, variance };
}

/**
 * moving ← moving − (1 − momentum) · (moving − now) for each step's row. The last row stands for all steps from there on,
 * and takes their mean. Rows of steps that did not come, or in which nothing counts, stay.
 */
function move(
  moving: tf.LayerVariable,
  now: tf.Tensor,
  counts: tf.Tensor,
  timeSteps: number,
  momentum: number,
): void {
  const old = moving.read();
  const columns = old.shape[1]!;
  const steps = now.shape[0];
  const own = Math.min(steps, timeSteps - 1);
  const rows = (all: tf.Tensor, from: number, count: number) =>
    tf.slice(all, [from, 0], [count, all.shape[1]!]);
  const values = [rows(now, 0, own)];
  const alive = [rows(counts, 0, own)];
  if (steps > own) {
    const late = rows(counts, own, steps - own);
    const total = tf.sum(late, 0, true);
    values.push(tf.div(tf.sum(tf.mul(rows(now, own, steps - own), late), 0, true), tf.maximum(total, 1)));
    alive.push(tf.minimum(total, 1));
  }
  const moved = tf.concat(values);
  const count = moved.shape[0];
  const before = rows(old, 0, count);
  const difference = tf.mul(tf.sub(before, moved), tf.concat(alive));
  const after = tf.sub(before, tf.mul(difference, 1 - momentum));
  const rest = tf.slice(old, [count, 0], [timeSteps - count, columns]);
  moving.write(count === timeSteps ? after : tf.concat([after, rest]));
}
