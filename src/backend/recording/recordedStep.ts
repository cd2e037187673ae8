/**
 * A step that is done thousands of times on tensors of the same shapes: recorded once, then done again without tfjs.
 *
 *   first time    it runs as ever, and is watched: which kernels, how much memory, from when to when
 *   second time   it runs in memory that is planned from that, and each kernel's work is written down
 *   from then on  inputs are copied in, the work is done, outputs are read: no tensors, tape, shapes or allocations
 *
 * Each time does the same arithmetic in the same order, so results are the same to the last bit.
 */
import * as tf from "@tensorflow/tfjs";
import { adamStep } from "../wasm/adam";
import { addressOf, Arena, copyInto, heapBytes } from "./arena";
import { type Homes, type Move, moveAll } from "./homes";
import { type Operation, StepWatch } from "./stepWatch";

export type { Operation };

/** What a tensor is made of. */
export interface TensorValues {
  values: Float32Array | Int32Array;
  shape: number[];
}

/** Computes scalars from inputs, and may give variables new values. It must not keep any other tensor. */
export type Step = (inputs: tf.Tensor[]) => tf.Scalar[];

interface Recording {
  arena: Arena;
  inputs: tf.Tensor[];
  operations: readonly Operation[];
  /** Of variables that end the step elsewhere than they began. */
  moves: readonly Move[];
  outputs: readonly number[];
}

export class RecordedStep {
  readonly #step: Step;
  readonly #homes: Homes;
  #watched: StepWatch | undefined;
  #recording: Recording | undefined;
  #problem: string | undefined;

  /** `homes` are those of all variables that the step reads or changes; other recorded steps may share them. */
  constructor(step: Step, homes: Homes) {
    this.#step = step;
    this.#homes = homes;
  }

  /** Why the step can't be recorded, as a clause with the step as its subject; it then runs as ever. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The kernels of the recording, in order; none before there is one. */
  get operations(): readonly Operation[] {
    return this.#recording?.operations ?? [];
  }

  /** Does the step: its scalars' values. */
  run(inputs: readonly TensorValues[]): number[] {
    if (this.#recording !== undefined) return this.#replay(this.#recording, inputs);
    if (this.#problem !== undefined) return runStep(this.#step, inputs);
    return this.#watched === undefined ? this.#watch(inputs) : this.#record(this.#watched, inputs);
  }

  /** Gives its memory back; the variables keep their values. */
  dispose(): void {
    this.#recording?.arena.dispose();
    tf.dispose(this.#recording?.inputs ?? []);
    [this.#recording, this.#watched] = [undefined, undefined];
  }

  #watch(inputs: readonly TensorValues[]): number[] {
    this.#homes.settle();
    const tensors = inputs.map(toTensor);
    const watched = new StepWatch(tensors);
    try {
      const scalars = watched.run(() => this.#step(tensors));
      this.#homes.announce();
      const values = scalars.map((scalar) => scalar.dataSync()[0]);
      const mayStay = new Set([...scalars, ...this.#homes.variables].map(({ dataId }) => dataId));
      this.#problem = watched.problem;
      if (watched.allocations.some(({ dataId, to }) => to === Infinity && dataId && !mayStay.has(dataId))) {
        this.#problem ??= "keeps tensors from step to step";
      }
      tf.dispose(scalars);
      if (this.#problem === undefined) this.#watched = watched;
      else this.dispose();
      return values;
    } finally {
      tf.dispose(tensors);
    }
  }

  #record(watched: StepWatch, inputs: readonly TensorValues[]): number[] {
    this.#homes.settle();
    const arena = Arena.for(watched.allocations);
    if (arena === undefined) {
      this.#problem = "needs more memory than there is";
      this.dispose();
      return runStep(this.#step, inputs);
    }
    const tensors = inputs.map(toTensor);
    const recorder = new StepWatch(tensors, arena, watched);
    const recording = { arena, inputs: tensors, operations: recorder.operations };
    this.#watched = undefined;
    try {
      const { outputs, values, moves } = recorder.run(() => {
        const scalars = this.#step(tensors);
        const outputs = scalars.map(({ dataId }) => addressOf(dataId));
        const values = outputs.map(float);
        const moves = this.#homes.settle();
        this.#homes.announce();
        tf.dispose(scalars);
        return { outputs, values, moves };
      });
      this.#recording = { ...recording, moves, outputs };
      this.#problem = recorder.problem ?? differenceBetween(watched, recorder);
      return values;
    } catch (error) {
      this.#recording = { ...recording, moves: recorder.run(() => this.#homes.settle()), outputs: [] };
      this.#problem = "failed while it was recorded";
      throw error;
    } finally {
      if (this.#problem !== undefined) this.dispose();
    }
  }

  #replay({ inputs, operations, moves, outputs }: Recording, given: readonly TensorValues[]): number[] {
    this.#homes.settle();
    given.forEach(({ values }, i) => copyInto(addressOf(inputs[i].dataId), values, values.byteLength));
    for (const { run } of operations) run();
    moveAll(moves);
    this.#homes.announce();
    return outputs.map(float);
  }
}

/** Does a step as tfjs does it: its scalars' values. */
export function runStep(step: Step, inputs: readonly TensorValues[]): number[] {
  const tensors = inputs.map(toTensor);
  try {
    const scalars = step(tensors);
    const values = scalars.map((scalar) => scalar.dataSync()[0]);
    tf.dispose(scalars);
    return values;
  } finally {
    tf.dispose(tensors);
  }
}

/** Whether the backend in use is one whose steps can be recorded: tfjs's wasm backend with our kernels. */
export const canRecord = (): boolean =>
  tf.getBackend() === "wasm" && tf.getKernel(adamStep, "wasm") !== undefined;

/** Two runs of a step that can be recorded differ in nothing but values. */
function differenceBetween(first: StepWatch, second: StepWatch): string | undefined {
  if (first.kernels.join() !== second.kernels.join()) return "does other operations from step to step";
  const [before, now] = [first, second].map(({ allocations }) => allocations.map(({ constant }) => constant));
  if (before.length !== now.length || !before.every((constant, i) => areEqual(constant, now[i]))) {
    return "computes with numbers of JavaScript that change from step to step";
  }
  return undefined;
}

function areEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function toTensor({ values, shape }: TensorValues): tf.Tensor {
  return tf.tensor(values, shape, values instanceof Int32Array ? "int32" : "float32");
}

const float = (address: number): number => new Float32Array(heapBytes().buffer, address, 1)[0];
