import { randomGenerator } from "../tensor";
import { type Examples, exampleSize, sliceExamples } from "./dataset";

/**
 * Keras's rule for `validation_split`: the last part of the examples, in the order they come, is kept
 * for validation; training gets the first ⌊N·(1 − split)⌋ (for MNIST and 0.1: 54,000 of 60,000).
 */
export function splitValidation(
  examples: Examples,
  validationSplit: number,
): { train: Examples; validation: Examples | undefined } {
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new RangeError(`validationSplit is ${validationSplit}; it must be at least 0 and less than 1.`);
  }
  if (validationSplit === 0) return { train: examples, validation: undefined };
  const count = examples.shape[0];
  const first = Math.floor(count * (1 - validationSplit));
  if (first === 0) {
    throw new RangeError(
      `validationSplit is ${validationSplit}; of ${count} examples it leaves none to train on.`,
    );
  }
  return { train: sliceExamples(examples, 0, first), validation: sliceExamples(examples, first, count) };
}

/** The order in which epoch `epoch` (0, 1, …) visits `count` examples; it depends on `seed` and `epoch` alone. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return epochRandom(seed, epoch).permutation(count);
}

/** The random numbers of one epoch: seed in the lower 32 bits, epoch above them. */
export function epochRandom(seed: number, epoch: number): ReturnType<typeof randomGenerator> {
  if (!(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(`seed is ${seed}; it must be a whole number from 0 to 2³² − 1.`);
  }
  return randomGenerator(epoch * 2 ** 32 + seed);
}

/** Numbers of one batch, ready for tf.tensor. */
export interface Batch {
  /** [batch, …shape of one example]; bytes are divided by 255. */
  images: Float32Array;
  shape: number[];
  /** The class of each example. */
  labels: Uint8Array;
}

/** The examples at `indices`, with pixels of bytes scaled to 0 … 1. */
export function gatherBatch(examples: Examples, indices: ArrayLike<number>): Batch {
  const size = exampleSize(examples);
  const { images: from, labels: fromLabels } = examples;
  const scale = from instanceof Uint8Array ? 255 : 1;
  const images = new Float32Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row] * size;
    const target = row * size;
    for (let i = 0; i < size; i++) images[target + i] = from[start + i] / scale;
    labels[row] = fromLabels[indices[row]];
  }
  return { images, shape: [indices.length, ...examples.shape.slice(1)], labels };
}

/** Class labels as rows of 0 with one 1: oneHot([2, 0], 3) = [0,0,1, 1,0,0]. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(`labels[${row}] is ${label}; it must be a class from 0 to ${classes - 1}.`);
    }
    rows[row * classes + label] = 1;
  }
  return rows;
}

/**
 * The batches of one epoch: every example once, in an order that depends on `seed` and `epoch` alone;
 * the last batch is smaller when `batchSize` does not divide the number of examples (as in Keras).
 */
export function* batches(
  examples: Examples,
  { batchSize, seed = 0, epoch = 0 }: { batchSize: number; seed?: number; epoch?: number },
): Generator<Batch> {
  if (!(Number.isSafeInteger(batchSize) && batchSize > 0)) {
    throw new RangeError(`batchSize is ${batchSize}; it must be a positive whole number.`);
  }
  const order = epochOrder(examples.shape[0], seed, epoch);
  for (let start = 0; start < order.length; start += batchSize) {
    yield gatherBatch(examples, order.subarray(start, start + batchSize));
  }
}
