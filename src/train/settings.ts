import type { LayersModel } from "@tensorflow/tfjs";
import type { ResourceLimits } from "node:worker_threads";
import { type Dataset, type Examples, splitValidation } from "../data";
import { checkEpochSeed, checkValidationSplit } from "../data/batches";
import { checkDataset, checkExamples, labelShapeOf } from "../data/dataset";
import {
  checkBoolean,
  checkFunction,
  checkOptions,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import type { Progress } from "./run";

/** How train() trains. */
export interface TrainingOptions {
  /** Names the experiment in progress, figures and checkpoints; default: the model's name. */
  name?: string;
  /** Default 10. */
  epochs?: number;
  /** Default 32. */
  batchSize?: number;
  /** The last part of the training examples that is kept for validation; default 0.1. */
  validationSplit?: number;
  /** Whether each epoch draws the examples in a new order; else they come as they lie. Default true. */
  shuffle?: boolean;
  /** Decides the order of the batches and dropout masks, 0 … 2³² − 1; default 0. Initial weights have seeds of their own. */
  seed?: number;
  /** Stops training within one step; train() then resolves with the partial Run. */
  signal?: AbortSignal;
  /** Called at most five times a second, and once at the end. */
  onProgress?: (progress: Progress) => void;
  /** A folder in which each epoch's end is kept; a killed process goes on from there, with the same result. */
  checkpoint?: string;
  /** Limits of the worker's JavaScript heap, as Node's `worker_threads` names them. */
  resourceLimits?: ResourceLimits;
}

/** Options with defaults filled in and checked: the part that travels to a worker. */
export interface Settings {
  name: string;
  epochs: number;
  batchSize: number;
  validationSplit: number;
  shuffle: boolean;
  seed: number;
  checkpoint?: string;
}

/** `given` with defaults filled in. Throws a RangeError that names the option. */
export function checkedSettings(
  given: Partial<Record<keyof Settings, unknown>>,
  defaultName?: string,
): Settings {
  const {
    name = defaultName,
    epochs = 10,
    batchSize = 32,
    validationSplit = 0.1,
    shuffle = true,
    seed = 0,
    checkpoint,
  } = given;
  if (checkpoint !== undefined && !isText(checkpoint))
    refuse("checkpoint", checkpoint, "the path of a folder");
  return {
    name: isText(name) ? name : refuse("name", name, "a non-empty string"),
    epochs: checkPositiveInteger("epochs", epochs),
    batchSize: checkPositiveInteger("batchSize", batchSize),
    validationSplit: checkValidationSplit(validationSplit),
    shuffle: checkBoolean("shuffle", shuffle),
    seed: checkEpochSeed(seed),
    checkpoint,
  };
}

/** What tells of a training under way, and what ends it. */
export const liveOptions: OptionChecks<Pick<TrainingOptions, "signal" | "onProgress">> = {
  signal(argument, value) {
    if (!(value instanceof AbortSignal)) refuse(argument, value, "an AbortSignal");
  },
  onProgress: checkFunction,
};

/** Refuses options of train() that are none, misspelt, or not what they are called; the settings are checked apart. */
export function checkTrainingOptions(options: TrainingOptions): void {
  checkOptions<TrainingOptions>("train", options, {
    epochs: true,
    batchSize: true,
    validationSplit: true,
    shuffle: true,
    seed: true,
    name: true,
    checkpoint: true,
    resourceLimits: true,
    ...liveOptions,
  });
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Refuses a model that can't learn from the data: not compiled, other shapes, classes it has no output for. */
export function checkModelAndData(model: LayersModel, data: Dataset, settings: Settings): void {
  const name = `the model "${model.name}"`;
  if (model.optimizer === undefined || model.optimizer === null) {
    throw new Error(`train: ${name} is not compiled; call model.compile({ optimizer, loss }) first.`);
  }
  const { loss } = model as { loss: unknown };
  if (typeof loss !== "string" && typeof loss !== "function")
    refuse(`the loss of ${name}`, loss, "one name or one function");
  if (model.inputs?.length !== 1) {
    refuse(`the number of inputs of ${name}`, model.inputs?.length, "1 (give the first layer an inputShape)");
  }
  if (model.outputs.length !== 1) refuse(`the number of outputs of ${name}`, model.outputs.length, "1");
  checkDataset("data", data);
  checkFit("data.train", data.train, model, name);
  if (data.test !== undefined) checkFit("data.test", data.test, model, name);
  for (const [part, examples] of Object.entries(splitValidation(data.train, settings.validationSplit))) {
    if (examples?.labels.every((label: number) => label < 0))
      refuse(`the number of labels other than −1 of the ${part} part of data.train`, 0, "1 or more");
  }
}

function checkFit(part: string, examples: Examples, model: LayersModel, modelName: string): void {
  checkExamples(part, examples);
  checkOutput(part, examples, model, modelName);
  const { shape, labels } = examples;
  const expected = model.inputs[0].shape.slice(1);
  if (!fits(shape.slice(1), expected)) {
    refuse(`${part}.shape`, shape, `[${sizesOf(expected).join(", ")}], which ${modelName} takes`);
  }
  // A single output answers yes or no.
  const classes = Math.max(classesOf(model), 2);
  const first = model.loss === "sparseCategoricalCrossentropy" ? -1 : 0;
  const wrong = labels.findIndex((label) => label < first || label >= classes);
  if (wrong >= 0) {
    const none = first < 0 ? ", or −1 where none counts" : "";
    const allowed = `a class from 0 to ${classes - 1}, for which ${modelName} has outputs${none}`;
    refuse(`${part}.labels[${wrong}]`, labels[wrong], allowed);
  }
  if (first < 0 && labels.every((label) => label < 0)) {
    refuse(`the number of labels of ${part} other than −1`, 0, "1 or more");
  }
}

/** Refuses a model that has no answer, or more than one, for each label. */
function checkOutput(part: string, examples: Examples, model: LayersModel, modelName: string): void {
  const sizes = model.outputs[0].shape.slice(1);
  const labelSizes = labelShapeOf(examples).slice(1);
  if (sizes.at(-1) !== null && fits(labelSizes, sizes.slice(0, -1))) return;
  const rows = ["N", ...labelSizes, "classes"].join(", ");
  const meaning =
    labelSizes.length === 0
      ? "one row an example (layers.flatten() makes rows)"
      : `one row for each label of ${part}.labelShape [${labelShapeOf(examples).join(", ")}]`;
  refuse(`the output of ${modelName}`, { shape: sizesOf(sizes) }, `of shape [${rows}], ${meaning}`);
}

/** Whether a shape is what a model has, which leaves some sizes open. */
const fits = (sizes: readonly number[], expected: readonly (number | null)[]): boolean =>
  sizes.length === expected.length && sizes.every((size, i) => expected[i] === null || expected[i] === size);

const sizesOf = (sizes: readonly (number | null)[]) => ["N", ...sizes.map((size) => size ?? "any")];

/** The size of the model's last axis: the number of classes, or 1 for a single yes-or-no output. */
export function classesOf(model: LayersModel): number {
  return model.outputs[0].shape.at(-1) as number;
}
