import { type RandomGenerator, randomGenerator } from "../tensor";
import {
  checkBoolean,
  checkCount,
  checkOptions,
  checkPositiveInteger,
  isList,
  refuse,
} from "../tensor/validate";
import {
  checkExamples,
  type Examples,
  exampleSize,
  labelShapeOf,
  labelSize,
  type Part,
  sliceExamples,
} from "./dataset";

/**
 * Keras's rule for `validation_split`: the last part of the examples, in the order they come, is kept
 * for validation; training gets the first ⌊N·(1 − split)⌋ (for MNIST and 0.1: 54,000 of 60,000).
 */
export function splitValidation<E extends Examples>(
  examples: E,
  validationSplit: number,
): { train: Part<E>; validation: Part<E> | undefined } {
  checkExamples("examples", examples);
  checkValidationSplit(validationSplit);
  if (validationSplit === 0) return { train: examples, validation: undefined };
  const count = examples.shape[0];
  const first = Math.floor(count * (1 - validationSplit));
  if (first === 0) {
    refuse("validationSplit", validationSplit, `less: of ${count} examples it leaves none to train on`);
  }
  return { train: sliceExamples(examples, 0, first), validation: sliceExamples(examples, first, count) };
}

export function checkValidationSplit(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0 && value < 1)) {
    refuse("validationSplit", value, "a number, at least 0 and less than 1");
  }
  return value;
}

/** The random numbers of one epoch (0, 1, …): seed in the lower 32 bits, epoch above them. */
export function epochRandom(seed: number, epoch: number): RandomGenerator {
  return randomGenerator(epoch * 2 ** 32 + checkEpochSeed(seed));
}

export function checkEpochSeed(value: unknown): number {
  if (typeof value !== "number" || !(Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32)) {
    refuse("seed", value, "a whole number from 0 to 2³² − 1");
  }
  return value;
}

/** Numbers of one batch of examples, ready for tf.tensor. */
export interface Batch<E extends Examples = Examples> {
  /** [batch, …shape of one example]; bytes are divided by 255, tokens stay whole numbers (Int32Array). */
  images: Inputs<E["images"]>;
  shape: number[];
  /** The class of each example, or of each position. */
  labels: E["labels"];
  /** [batch], or [batch, T] with a label at each of T positions. */
  labelShape: number[];
}

/** What the bytes of pixels stand for: looked up three times as fast as divided. */
const shades = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
type Inputs<Images> = Images extends Int32Array ? Int32Array : Float32Array;

/** The examples at `indices`, with pixels of bytes scaled to 0 … 1. */
export function gatherBatch<E extends Examples>(examples: E, indices: ArrayLike<number>): Batch<E> {
  const count = indices.length;
  const size = exampleSize(examples);
  const { images: from, shape } = examples;
  const kind = [Uint8Array, Int32Array, Float32Array].find((kind) => from instanceof kind)!;
  const gathered = new kind(count * size);
  for (let row = 0; row < count; row++) {
    const start = indices[row] * size;
    gathered.set(from.subarray(start, start + size), row * size);
  }
  return {
    images: (gathered instanceof Uint8Array ? toShades(gathered) : gathered) as Inputs<E["images"]>,
    shape: [count, ...shape.slice(1)],
    labels: gatherLabels(examples, indices),
    labelShape: [count, ...labelShapeOf(examples).slice(1)],
  };
}

/** Four to a turn, since V8 takes longer for a turn of a loop than for a look-up: a third of the time. */
function toShades(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    values[i] = shades[bytes[i]];
    values[i + 1] = shades[bytes[i + 1]];
    values[i + 2] = shades[bytes[i + 2]];
    values[i + 3] = shades[bytes[i + 3]];
  }
  for (; i < bytes.length; i++) values[i] = shades[bytes[i]];
  return values;
}

function gatherLabels(examples: Examples, indices: ArrayLike<number>): Uint8Array | Int32Array {
  const size = labelSize(examples);
  const { labels: from } = examples;
  const labels = new (from instanceof Uint8Array ? Uint8Array : Int32Array)(indices.length * size);
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row] * size;
    for (let i = 0; i < size; i++) labels[row * size + i] = from[start + i];
  }
  return labels;
}

/** How many labels of a batch count: all but those of −1. Its loss and accuracy are means over so many. */
export function countedLabels({ labels }: Pick<Batch, "labels">): number {
  if (labels instanceof Uint8Array) return labels.length;
  return labels.reduce((count, label) => count + Number(label >= 0), 0);
}

/**
 * Class labels [N] as rows of 0 with one 1, [N, classes] row by row: oneHot([2, 0], 3) = [0,0,1, 1,0,0].
 *
 * Throws a RangeError for labels that are no classes.
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  if (!isList(labels)) refuse("labels", labels, "a list of classes");
  checkPositiveInteger("classes", classes);
  const rows = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      refuse(`labels[${row}]`, label, `a class from 0 to ${classes - 1}`);
    }
    rows[row * classes + label] = 1;
  }
  return rows;
}

interface BatchOptions {
  batchSize: number;
  seed?: number;
  epoch?: number;
  /** Whether the examples are drawn in a random order; else they come as they lie. Default true. */
  shuffle?: boolean;
}

/**
 * The batches of one epoch: every example once, in an order that depends on `seed` and `epoch` alone, or as they lie;
 * the last batch is smaller when `batchSize` does not divide the number of examples (as in Keras).
 */
export function batches<E extends Examples>(examples: E, options: BatchOptions): Generator<Batch<E>> {
  checkExamples("examples", examples);
  checkOptions<BatchOptions>("batches", options, {
    batchSize: { required: checkPositiveInteger },
    seed: true,
    epoch: checkCount,
    shuffle: checkBoolean,
  });
  const { batchSize, seed = 0, epoch = 0, shuffle = true } = options;
  return batchesOfEpoch(examples, batchSize, shuffle ? epochRandom(seed, epoch) : undefined);
}

/** The same in the order that `random` gives first, if it is given; what it gives afterwards is free for other uses. */
export function* batchesOfEpoch<E extends Examples>(
  examples: E,
  batchSize: number,
  random: RandomGenerator | undefined,
): Generator<Batch<E>> {
  const [count] = examples.shape;
  const order = random?.permutation(count) ?? Uint32Array.from({ length: count }, (_, i) => i);
  for (let start = 0; start < order.length; start += batchSize) {
    yield gatherBatch(examples, order.subarray(start, start + batchSize));
  }
}
