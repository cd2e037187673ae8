import { createHash } from "node:crypto";
import { announceSource } from "../tensor/sources";
import { refuse } from "../tensor/validate";

/** Images (or other inputs, such as the tokens of a text) with one class label each, or one at each position. */
export interface Examples {
  /**
   * Row-major. Uint8Array: pixels 0 … 255, divided by 255 when a batch is made; Float32Array and Int32Array (numbers of
   * tokens): used as they are.
   */
  images: Uint8Array | Float32Array | Int32Array;
  /**
   * The class of each example, or of each position, 0 … classes − 1; −1 (of an Int32Array): none, the loss
   * "sparseCategoricalCrossentropy" and the accuracy leave it out.
   */
  labels: Uint8Array | Int32Array;
  /** [N, …the shape of one example], for MNIST [60000, 28, 28, 1], for N sequences of T tokens [N, T]. */
  shape: number[];
  /** [N, …the shape of one example's labels]: [N, T] for a label at each of T positions; default [N]. */
  labelShape?: number[];
}

/** Examples to learn from and examples kept back for the final evaluation. */
export interface Dataset {
  train: Examples;
  test?: Examples;
}

/** How many numbers one example has. */
export const exampleSize = ({ shape }: Examples): number => sizeOfOne(shape);

/** How many labels one example has: 1, or as many as its positions. */
export const labelSize = (examples: Examples): number => sizeOfOne(labelShapeOf(examples));

/** The shape of the labels, also where it is left out. */
export const labelShapeOf = ({ shape, labelShape }: Examples): number[] => labelShape ?? [shape[0]];

const sizeOfOne = (shape: readonly number[]) => shape.slice(1).reduce((product, size) => product * size, 1);

/** Refuses what is not made of examples; whether those fit their shapes is for checkExamples() to say. */
export function checkDataset(name: string, dataset: Dataset): void {
  if (!isObject(dataset)) refuse(name, dataset, "a data set, { train, test }, as loadMnist() gives it");
  const { train, test, images } = dataset as Dataset & Partial<Examples>;
  if (train === undefined && images !== undefined) {
    refuse(name, dataset, "{ train, test }; examples alone go in as { train: examples }");
  }
  checkIsExamples(`${name}.train`, train);
  if (test !== undefined) checkIsExamples(`${name}.test`, test);
}

function checkIsExamples(name: string, examples: Examples): void {
  if (!isObject(examples)) refuse(name, examples, "examples, { images, labels, shape }");
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** Refuses examples whose shape, images and labels don't fit each other; `name` is used in the message. */
export function checkExamples(name: string, examples: Examples): void {
  checkIsExamples(name, examples);
  const { images, labels, shape, labelShape } = examples;
  if (!(images instanceof Uint8Array || images instanceof Float32Array || images instanceof Int32Array)) {
    refuse(`${name}.images`, images, "a Uint8Array (pixels), a Float32Array or an Int32Array (tokens)");
  }
  if (!(labels instanceof Uint8Array || labels instanceof Int32Array)) {
    refuse(`${name}.labels`, labels, "a Uint8Array or an Int32Array");
  }
  if (!isShape(shape) || shape.length < 2) {
    refuse(`${name}.shape`, shape, "[N, …shape of one example], whole and positive");
  }
  const expected = shape[0] * exampleSize(examples);
  if (images.length !== expected) {
    refuse(`${name}.images.length`, images.length, `${expected}, as its shape [${shape.join(", ")}] needs`);
  }
  if (labelShape === undefined) {
    if (labels.length === shape[0]) return;
    refuse(`${name}.labels.length`, labels.length, `${shape[0]}, one for each of the images`);
  }
  if (!isShape(labelShape) || labelShape[0] !== shape[0]) {
    refuse(
      `${name}.labelShape`,
      labelShape,
      `[${shape[0]}, …shape of one example's labels], whole and positive`,
    );
  }
  const expectedLabels = shape[0] * labelSize(examples);
  if (labels.length !== expectedLabels) {
    const needs = `as its labelShape [${labelShape.join(", ")}] needs`;
    refuse(`${name}.labels.length`, labels.length, `${expectedLabels}, ${needs}`);
  }
}

const isShape = (shape: unknown) =>
  Array.isArray(shape) && shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size > 0);

/** What is left of examples with more to them, such as a mask, when they are cut. */
export type Part<E extends Examples> = Pick<E, keyof Examples>;

/** The examples from index `start` up to, not including, `end`. The numbers are shared, not copied. */
export function sliceExamples<E extends Examples>(examples: E, start: number, end: number): Part<E> {
  const { images, labels, shape, labelShape } = examples as Examples;
  const size = exampleSize(examples);
  const labelsOfOne = labelSize(examples);
  return {
    images: images.subarray(start * size, end * size),
    labels: labels.subarray(start * labelsOfOne, end * labelsOfOne),
    shape: [end - start, ...shape.slice(1)],
    ...(labelShape && { labelShape: [end - start, ...labelShape.slice(1)] }),
  } as Part<E>;
}

/**
 * SHA-256 of everything a training run sees: shapes, types of numbers, images and labels of both parts.
 *
 * Throws a RangeError where the parts are no examples.
 */
export function hashDataset(dataset: Dataset): string {
  checkDataset("dataset", dataset);
  const { train, test } = dataset;
  const hash = createHash("sha256");
  checkExamples("dataset.train", train);
  if (test) checkExamples("dataset.test", test);
  for (const part of test ? [train, test] : [train]) {
    hash.update(JSON.stringify(headerOf(part)));
    hash.update(bytesOf(part.images)).update(bytesOf(part.labels));
  }
  const dataHash = hash.digest("hex");
  announceSource({ dataHash });
  return dataHash;
}

/** What the numbers alone don't say. Labels are named where they aren't a byte an example: hashes of those are older. */
function headerOf(part: Examples): unknown[] {
  const { images, labels, shape } = part;
  const labelShape = labelShapeOf(part);
  const plain = labels instanceof Uint8Array && labelShape.length === 1;
  return [typeName(images), shape, ...(plain ? [] : [typeName(labels), labelShape])];
}

/** A Buffer is bytes, too. */
function typeName(array: Examples["images"]): string {
  if (array instanceof Uint8Array) return "Uint8Array";
  return array instanceof Int32Array ? "Int32Array" : "Float32Array";
}

/** The memory of a typed array as bytes, without a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy in shared memory, so that every worker reads the same numbers instead of a copy; what lies there stays. */
export function inSharedMemory<A extends Uint8Array | Float32Array | Int32Array>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const memory = new SharedArrayBuffer(array.byteLength);
  const copy =
    array instanceof Uint8Array
      ? new Uint8Array(memory)
      : array instanceof Int32Array
        ? new Int32Array(memory)
        : new Float32Array(memory);
  copy.set(array);
  return copy as A;
}
