import * as tf from "@tensorflow/tfjs";
import { Homes } from "../backend/recording/homes";
import {
  canRecord,
  type Operation,
  RecordedStep,
  runStep,
  type Step,
  toTensor,
} from "../backend/recording/recordedStep";
import type { BatchValues } from "./batchValues";
import { optimizerVariables } from "./optimizerState";

/** What tfjs's model keeps to itself. */
interface InnerModel {
  makeTrainFunction(): Step;
  makeTestFunction(): void;
  testFunction: Step;
}

/** A Sequential hands its training and evaluation on to a model inside. */
const innerModel = (model: tf.LayersModel): InnerModel =>
  ((model as { model?: unknown }).model ?? model) as InnerModel;

const weightsOf = (model: tf.LayersModel) => model.weights.map((weight) => weight.read()) as tf.Variable[];

/** More recordings than this are of batches that have another shape each time. */
const mostRecordings = 8;

/** A step on batches of any shape, recorded for each that comes again (backend/recording). */
class Steps {
  readonly #step: Step;
  readonly #variables: () => tf.Variable[];
  readonly #recorded = new Map<string, RecordedStep>();
  #homes: Homes | undefined;
  #mayRecord: boolean;
  /** Why steps are not recorded, as a clause with the step as its subject, where that is worth saying. */
  problem: string | undefined;

  /** `variables` are all that the step reads or changes; asked for once there is a step to record. */
  constructor(step: Step, variables: () => tf.Variable[], mayRecord: boolean) {
    this.#step = step;
    this.#variables = variables;
    this.#mayRecord = mayRecord && canRecord();
  }

  get operations(): readonly Operation[] {
    return [...this.#recorded.values()].flatMap((recorded) => recorded.operations);
  }

  /** Does the step; `undefined` where it is not one to record, and is left to the caller. */
  run(batch: BatchValues): number[] | undefined {
    const recorded = this.#mayRecord ? this.#recordedFor(batch) : undefined;
    if (recorded === undefined) return undefined;
    const values = recorded.run(batch);
    if (recorded.problem !== undefined) {
      this.problem = recorded.problem;
      this.#mayRecord = false;
      this.dispose();
    }
    return values;
  }

  dispose(): void {
    this.#recorded.forEach((recorded) => recorded.dispose());
    this.#recorded.clear();
    this.#homes?.dispose();
    this.#homes = undefined;
  }

  #recordedFor(batch: BatchValues): RecordedStep | undefined {
    const key = JSON.stringify(batch.map(({ shape }) => shape));
    const known = this.#recorded.get(key);
    if (known !== undefined || this.#recorded.size === mostRecordings) return known;
    this.#homes ??= new Homes(this.#variables());
    const recorded = new RecordedStep(this.#step, this.#homes);
    this.#recorded.set(key, recorded);
    return recorded;
  }
}

/** The training steps of a model: as `trainOnBatch` does them, bit for bit, from the third on without tfjs where that can be. */
export class TrainingSteps {
  readonly #model: tf.LayersModel;
  readonly #steps: Steps;
  #begun = false;
  #replays = 0;

  constructor(model: tf.LayersModel, mayRecord: boolean) {
    this.#model = model;
    const step: Step = (inputs) => innerModel(model).makeTrainFunction()(inputs);
    const variables = () => [...weightsOf(model), ...optimizerVariables(model.optimizer)];
    this.#steps = new Steps(step, variables, mayRecord);
  }

  /** Why steps are not recorded, as a clause with the step as its subject, where that is worth saying. */
  get problem(): string | undefined {
    return this.#steps.problem;
  }

  /** How many steps have run without tfjs. */
  get replays(): number {
    return this.#replays;
  }

  /** The kernels of a recorded step, in order, to be timed one by one; none before there is one. */
  get operations(): readonly Operation[] {
    return this.#steps.operations;
  }

  /** Trains on a batch: its loss, then its metrics. */
  async run(batch: BatchValues): Promise<number[]> {
    const { optimizer } = this.#model;
    const before = optimizer.iterations;
    const values = this.#begun ? this.#steps.run(batch) : undefined;
    this.#begun = true; // the optimizer makes its variables in the first step
    if (values === undefined) return this.#plain(batch);
    // A step without tfjs leaves the optimizer's count as it was.
    if (optimizer.iterations === before) {
      (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
      this.#replays++;
    }
    return values;
  }

  /** Gives the recordings' memory back. */
  dispose(): void {
    this.#steps.dispose();
  }

  async #plain(batch: BatchValues): Promise<number[]> {
    const [x, y] = batch.map(toTensor);
    try {
      return (await this.#model.trainOnBatch(x, y)) as number[];
    } finally {
      tf.dispose([x, y]);
    }
  }
}

/** The loss and metrics of a model on batches, as `evaluate` finds them, bit for bit. */
export class EvaluationSteps {
  readonly #step: Step;
  readonly #steps: Steps;

  constructor(model: tf.LayersModel, mayRecord: boolean) {
    const inner = innerModel(model);
    inner.makeTestFunction();
    this.#step = (inputs) => inner.testFunction(inputs);
    this.#steps = new Steps(this.#step, () => weightsOf(model), mayRecord);
  }

  run(batch: BatchValues): number[] {
    const values = this.#steps.run(batch) ?? runStep(this.#step, batch);
    // tfjs takes the mean of one batch's means, each times its size, in float32.
    const [size] = batch[0].shape;
    return values.map((value) => Math.fround(Math.fround(value * size) / size));
  }

  dispose(): void {
    this.#steps.dispose();
  }
}
