import type { LayersModel } from "@tensorflow/tfjs";
import type { ResourceLimits } from "node:worker_threads";
import { type Dataset, type Examples, splitValidation } from "../data";
import { checkExamples } from "../data/dataset";
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
  seed: number;
  checkpoint?: string;
}

export function checkedSettings(options: TrainingOptions, model: LayersModel): Settings {
  const {
    name = model.name,
    epochs = 10,
    batchSize = 32,
    validationSplit = 0.1,
    seed = 0,
    checkpoint,
  } = options;
  if (typeof name !== "string" || name === "") refuse("name", name, "a non-empty string");
  if (!isPositiveInteger(epochs)) refuse("epochs", epochs, "a positive whole number");
  if (!isPositiveInteger(batchSize)) refuse("batchSize", batchSize, "a positive whole number");
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    refuse("validationSplit", validationSplit, "at least 0 and less than 1");
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    refuse("seed", seed, "a whole number from 0 to 2³² − 1");
  }
  if (checkpoint !== undefined && (typeof checkpoint !== "string" || checkpoint === "")) {
    refuse("checkpoint", checkpoint, "the path of a folder");
  }
  return { name, epochs, batchSize, validationSplit, seed, checkpoint };
}

const isPositiveInteger = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

function refuse(option: string, value: unknown, must: string): never {
  throw new RangeError(`train: ${option} is ${JSON.stringify(value) ?? value}; it must be ${must}.`);
}

/** Throws when the model can't learn from the data: not compiled, other shapes, classes it has no output for. */
export function checkModelAndData(model: LayersModel, data: Dataset, settings: Settings): void {
  if (model.optimizer === undefined || model.optimizer === null) {
    throw new Error(
      `train: the model "${model.name}" is not compiled; call model.compile({ optimizer, loss }) first.`,
    );
  }
  if (model.inputs?.length !== 1 || model.outputs?.length !== 1) {
    throw new Error(
      `train: the model "${model.name}" has ${model.inputs?.length ?? "unknown"} inputs and ` +
        `${model.outputs?.length ?? "unknown"} outputs; it must have one of each (give the first layer an inputShape).`,
    );
  }
  const expected = model.inputs[0].shape.slice(1);
  const classes = classesOf(model);
  for (const [name, part] of Object.entries({ train: data.train, test: data.test })) {
    if (part === undefined && name === "test") continue;
    checkExamples(`data.${name}`, part as Examples);
    const { shape, labels } = part as Examples;
    const found = shape.slice(1);
    if (
      found.length !== expected.length ||
      !found.every((size, i) => expected[i] === null || expected[i] === size)
    ) {
      throw new RangeError(
        `train: data.${name} has examples of shape [${found}]; the model "${model.name}" takes [${expected}].`,
      );
    }
    const largest = labels.reduce((max, label) => Math.max(max, label), 0);
    if (largest >= Math.max(classes, 2)) {
      throw new RangeError(
        `train: data.${name}.labels has class ${largest}; the model "${model.name}" has outputs for 0 to ${classes - 1}.`,
      );
    }
  }
  splitValidation(data.train, settings.validationSplit);
}

/** The size of the model's last axis: the number of classes, or 1 for a single yes-or-no output. */
export function classesOf(model: LayersModel): number {
  return model.outputs[0].shape.at(-1) as number;
}
