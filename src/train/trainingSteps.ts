import * as tf from "@tensorflow/tfjs";
import { canRecord, type Operation, RecordedStep, type TensorValues } from "../backend";
import type { BatchValues } from "./batchValues";
import { optimizerVariables } from "./optimizerState";

/** What tfjs's model keeps to itself. */
interface TrainableModel {
  makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[];
}

/** More recordings than this are of batches that have another shape each time. */
const mostRecordings = 8;

/**
 * The training steps of a model: as `trainOnBatch` does them, bit for bit, from the third on without tfjs where that
 * can be (backend/recording). Batches of another shape, as the last of an epoch, have recordings of their own.
 */
export class TrainingSteps {
  readonly #model: tf.LayersModel;
  readonly #recorded = new Map<string, RecordedStep>();
  #begun = false;
  #replays = 0;
  #problem: string | undefined;

  constructor(model: tf.LayersModel, mayRecord: boolean) {
    this.#model = model;
    if (!mayRecord || !canRecord()) this.#problem = "";
  }

  /** Why steps are not recorded, as a clause with the step as its subject, where that is worth saying. */
  get problem(): string | undefined {
    return this.#problem || undefined;
  }

  /** How many steps have run without tfjs. */
  get replays(): number {
    return this.#replays;
  }

  /** The kernels of a recorded step, in order, to be timed one by one; none before there is one. */
  get operations(): readonly Operation[] {
    return [...this.#recorded.values()].flatMap((recorded) => recorded.operations);
  }

  /** Trains on a batch: its loss, then its metrics. */
  async run(batch: BatchValues): Promise<number[]> {
    const recorded = this.#begun ? this.#recordedFor(batch) : undefined;
    this.#begun = true; // the optimizer makes its variables in the first step
    if (recorded === undefined) return this.#plain(batch);
    const { optimizer } = this.#model;
    const before = optimizer.iterations;
    const values = recorded.run(batch);
    if (recorded.problem !== undefined) this.#giveUp(recorded.problem);
    // A step without tfjs leaves the optimizer's count as it was.
    if (optimizer.iterations === before) {
      (optimizer as unknown as Counting).incrementIterations();
      this.#replays++;
    }
    return values;
  }

  /** Gives the recordings' memory back. */
  dispose(): void {
    this.#recorded.forEach((recorded) => recorded.dispose());
    this.#recorded.clear();
  }

  #recordedFor(batch: readonly TensorValues[]): RecordedStep | undefined {
    if (this.#problem !== undefined) return undefined;
    const key = JSON.stringify(batch.map(({ shape }) => shape));
    const known = this.#recorded.get(key);
    if (known !== undefined || this.#recorded.size === mostRecordings) return known;
    const variables = [
      ...(this.#model.weights.map((weight) => weight.read()) as tf.Variable[]),
      ...optimizerVariables(this.#model.optimizer),
    ];
    // A Sequential hands its training on to a model inside.
    const inner = ((this.#model as { model?: unknown }).model ?? this.#model) as TrainableModel;
    const recorded = new RecordedStep((inputs) => inner.makeTrainFunction()(inputs), variables);
    this.#recorded.set(key, recorded);
    return recorded;
  }

  #giveUp(problem: string): void {
    this.#problem = problem;
    this.dispose();
  }

  async #plain(batch: readonly TensorValues[]): Promise<number[]> {
    const [x, y] = batch.map(({ values, shape }) => tf.tensor(values, shape));
    try {
      return (await this.#model.trainOnBatch(x, y)) as number[];
    } finally {
      tf.dispose([x, y]);
    }
  }
}

interface Counting {
  incrementIterations(): void;
}
