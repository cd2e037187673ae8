import { join } from "node:path";
import {
  checkOptions,
  checkPositiveInteger,
  checkText,
  isObject,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import { checkFolder } from "./folder";
import { type IdxBytes, imagesMagic, labelsMagic, parseIdx, readPlainOrGzip } from "./idx";
import { fileNames, type FileNames, inWords, type PixelDataset, pixelDataset } from "./pixels";

const fileChecks: OptionChecks<FileNames> = {
  trainImages: checkText,
  trainLabels: checkText,
  testImages: checkText,
  testLabels: checkText,
};

/** How loadIdx() reads a data set. */
export interface IdxOptions {
  /** How many classes there are: each label is less; default: as many as `classNames`, else 10. */
  classes?: number;
  /** What each class is called, such as "T-shirt/top"; the data set has them for figures. */
  classNames?: readonly string[];
  /** Keeps the first so many images of each part. */
  limit?: number;
  /** Names of the files, where they are not MNIST's, such as "emnist-letters-train-images-idx3-ubyte". */
  files?: Partial<FileNames>;
}

/** The same with the folder among the options. */
export interface IdxFolder extends IdxOptions {
  folder: string;
}

const optionChecks: OptionChecks<IdxOptions> = {
  classes: checkPositiveInteger,
  classNames(argument, value) {
    const areNames =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name) => typeof name === "string" && name !== "");
    if (!areNames) refuse(argument, value, 'a list of names, ["T-shirt/top", …]');
    const twice = value.find((name, i) => value.indexOf(name) < i) as string | undefined;
    if (twice !== undefined) refuse(argument, twice, "another name for each class");
  },
  limit: checkPositiveInteger,
  files: true,
};

/**
 * loadIdx({ folder, … }) or loadIdx(folder, { … }): a data set in MNIST's format from `folder`, such as Fashion-MNIST:
 * grey images of any one size, pixels of 0 … 255, shape [N, height, width, 1], with one label each. The four files are in
 * the IDX format (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"), plain or ending in `.gz`.
 *
 * Nobody has vouched for these bytes as for MNIST's: `hash`, the SHA-256 of what was loaded, is part of every Run
 * that learns from it, and says whether two Runs saw the same.
 *
 * Throws a RangeError for an option or folder that is none, and an Error for a file that is missing, can't be read,
 * is truncated, has a wrong magic number, another count or image size than the file that belongs to it, or a label
 * that is no class; the message names the file, what was found and what was expected.
 */
export function loadIdx(options: IdxFolder): PixelDataset;
export function loadIdx(folder: string, options?: IdxOptions): PixelDataset;
export function loadIdx(where: string | IdxFolder, options?: IdxOptions): PixelDataset {
  if (!isObject(where)) {
    checkOptions<IdxOptions>("loadIdx", options === undefined ? {} : options, optionChecks);
    return load({ ...options, folder: where as string });
  }
  checkOptions<IdxFolder>("loadIdx", where, { folder: true, ...optionChecks });
  if (options !== undefined) refuse("loadIdx: options", options, "left out: the folder stands among options");
  return load(where as IdxFolder);
}

function load({ folder, classNames, classes, limit, files = {} }: IdxFolder): PixelDataset {
  const count = classes ?? classNames?.length ?? 10;
  if (classNames !== undefined && classNames.length !== count) {
    refuse("classNames.length", classNames.length, `${count}, the number of \`classes\``);
  }
  checkOptions<FileNames>("loadIdx: files", files, fileChecks, "loadIdx: files");
  const names = { ...fileNames, ...files };
  checkFolder("folder", folder, inWords(Object.values(names)));

  const read = (name: string, magic: number, shape: (number | undefined)[]): IdxBytes => {
    const path = join(folder, name);
    return parseIdx(path, readPlainOrGzip(path), { magic, shape });
  };
  const readPart = (images: IdxBytes, name: string) => {
    const labels = read(name, labelsMagic, [images.shape[0]]);
    checkLabels(join(folder, name), labels.values, count);
    return { images, labels };
  };
  const trainImages = read(names.trainImages, imagesMagic, [undefined, undefined, undefined]);
  const testImages = read(names.testImages, imagesMagic, [undefined, ...trainImages.shape.slice(1)]);
  const train = readPart(trainImages, names.trainLabels);
  const test = readPart(testImages, names.testLabels);
  const dataset = pixelDataset({ train, test }, limit);
  return classNames === undefined ? dataset : { ...dataset, classNames: [...classNames] };
}

function checkLabels(file: string, labels: Uint8Array, classes: number): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return;
  throw new Error(
    `${file}: label ${wrong} is no class: found ${labels[wrong]}, expected 0 to ${classes - 1} (\`classes\` is ${classes}).`,
  );
}
