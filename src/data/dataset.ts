import { createHash } from "node:crypto";
import { announceSource } from "../tensor/sources";
import { refuse } from "../tensor/validate";

/** Images (or other inputs) with one class label each. */
export interface Examples {
  /** Row-major. Uint8Array: pixels 0 … 255, divided by 255 when a batch is made; Float32Array: used as they are. */
  images: Uint8Array | Float32Array;
  /** The class of each example, 0 … classes − 1. */
  labels: Uint8Array;
  /** [N, …the shape of one example], for MNIST [60000, 28, 28, 1]. */
  shape: number[];
}

/** Examples to learn from and examples kept back for the final evaluation. */
export interface Dataset {
  train: Examples;
  test?: Examples;
}

/** How many numbers one example has. */
export function exampleSize({ shape }: Examples): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

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
  const { images, labels, shape } = examples;
  if (!(images instanceof Uint8Array || images instanceof Float32Array)) {
    refuse(`${name}.images`, images, "a Uint8Array (pixels) or a Float32Array");
  }
  if (!(labels instanceof Uint8Array)) refuse(`${name}.labels`, labels, "a Uint8Array");
  if (
    !Array.isArray(shape) ||
    shape.length < 2 ||
    !shape.every((size) => Number.isSafeInteger(size) && size > 0)
  ) {
    refuse(`${name}.shape`, shape, "[N, …shape of one example], whole and positive");
  }
  const expected = shape[0] * exampleSize(examples);
  if (images.length !== expected) {
    refuse(`${name}.images.length`, images.length, `${expected}, as its shape [${shape.join(", ")}] needs`);
  }
  if (labels.length !== shape[0]) {
    refuse(`${name}.labels.length`, labels.length, `${shape[0]}, one for each of the images`);
  }
}

/** The examples from index `start` up to, not including, `end`. The numbers are shared, not copied. */
export function sliceExamples(examples: Examples, start: number, end: number): Examples {
  const size = exampleSize(examples);
  return {
    images: examples.images.subarray(start * size, end * size),
    labels: examples.labels.subarray(start, end),
    shape: [end - start, ...examples.shape.slice(1)],
  };
}

/** SHA-256 of everything a training run sees: shapes, number types, images and labels of both parts. */
export function hashDataset(dataset: Dataset): string {
  checkDataset("dataset", dataset);
  const { train, test } = dataset;
  const hash = createHash("sha256");
  for (const part of test ? [train, test] : [train]) {
    const type = part.images instanceof Uint8Array ? "Uint8Array" : "Float32Array"; // a Buffer is bytes, too
    hash.update(JSON.stringify([type, part.shape]));
    hash.update(bytesOf(part.images)).update(bytesOf(part.labels));
  }
  const dataHash = hash.digest("hex");
  announceSource({ dataHash });
  return dataHash;
}

/** The memory of a typed array as bytes, without a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
