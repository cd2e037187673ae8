/** What MNIST and other data sets of IDX files have in common, once their files are read. */
import { type Examples, hashDataset, inSharedMemory } from "./dataset";
import type { IdxBytes } from "./idx";

/** The names that MNIST gave its files and many data sets took over: Fashion-MNIST, KMNIST. */
export const fileNames = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

/** A data set's four files, by what they hold. */
export type FileNames = Record<keyof typeof fileNames, string>;

/** The files of a data set, in words. */
export const inWords = (names: readonly string[]): string => `${names.join(", ")} (plain or .gz)`;

/** Pixels of 0 … 255 with the classes that they show. */
export interface PixelExamples extends Examples {
  images: Uint8Array;
  labels: Uint8Array;
}

/** Images to learn from, images to test with, and the SHA-256 of what was loaded. */
export interface PixelDataset {
  train: PixelExamples;
  test: PixelExamples;
  hash: string;
  /** What each class is called, where it was said; for figures, no part of `hash`. */
  classNames?: readonly string[];
}

/** One part's two files. */
interface Part {
  images: IdxBytes;
  labels: IdxBytes;
}

/** Images [N, height, width] and their labels as examples of shape [N, height, width, 1], the first `limit` of each part. */
export function pixelDataset(parts: { train: Part; test: Part }, limit?: number): PixelDataset {
  const examples = ({ images, labels }: Part): PixelExamples => {
    const [all, height, width] = images.shape;
    const count = Math.min(limit ?? all, all);
    return {
      images: inSharedMemory(images.values.subarray(0, count * height * width)),
      labels: inSharedMemory(labels.values.subarray(0, count)),
      shape: [count, height, width, 1],
    };
  };
  const [train, test] = [examples(parts.train), examples(parts.test)];
  return { train, test, hash: hashDataset({ train, test }) };
}
