/** Watches one run of a step: what it computes, of which memory, and whether it could be done again without tfjs. */
import type * as tf from "@tensorflow/tfjs";
import { addressOf, type Arena, bytesOf, heapBytes } from "./arena";
import { runningAnew } from "./runningAnew";
import type { Block } from "./memoryPlan";
import {
  type DataId,
  type KernelArguments,
  type KernelResult,
  tensorOf,
  underWatch,
  type Values,
  type Watch,
  watch,
  type WasmFunction,
} from "./watch";

/** One kernel's work, to be done again on the same memory. */
export interface Operation {
  kernel: string;
  run(): void;
}

interface Allocation extends Block {
  /** What the tensor was made of, where that was not a kernel. */
  constant?: Uint8Array;
  dataId?: DataId;
}

export class StepWatch implements Watch {
  readonly allocations: Allocation[] = [];
  readonly operations: Operation[] = [];
  /** The kernels in order, with attributes and shapes: two runs of a step that can be recorded have the same. */
  readonly kernels: string[] = [];
  /** Why the step can't be recorded, as a clause with the step as its subject. */
  problem: string | undefined;

  /** What blocks begin (i) and end (−1 − i), in order: where that differs, a block may still be in use. */
  readonly #events: number[] = [];
  readonly #before: readonly number[] | undefined;
  #isAsBefore = true;
  readonly #arena: Arena | undefined;
  readonly #indices = new Map<DataId, number>();
  readonly #inputs: readonly DataId[];
  #time = 0;
  #depth = 0;
  #drawing = false;
  /** Of the kernel that runs now. */
  #kernel = noKernel();

  /**
   * Without an arena the step's memory is where tfjs puts it; with one it must be what the arena has blocks for, taken
   * and given back as in the run `before`.
   */
  constructor(inputs: readonly tf.Tensor[], arena?: Arena, before?: StepWatch) {
    this.#inputs = inputs.map(({ dataId }) => dataId);
    this.#arena = arena;
    this.#before = before && before.#events;
  }

  run<T>(step: () => T): T {
    const { random } = Math;
    Math.random = () => {
      if (watch() === this && this.#depth === 0) this.#refuse("draws random numbers of its own");
      return random();
    };
    try {
      return underWatch(this, step);
    } finally {
      Math.random = random;
    }
  }

  kernel(config: tf.KernelConfig, args: KernelArguments): KernelResult {
    if (this.#depth > 0) this.#kernel.nested = this.#kernel.byHand = true;
    else this.#kernel = noKernel();
    const first = this.allocations.length;
    this.#depth++;
    let result: KernelResult;
    try {
      result = config.kernelFunc(args);
    } finally {
      this.#depth--;
    }
    if (this.#depth > 0) return result;
    const moment = this.#time++;
    const made = this.allocations.slice(first);
    for (const block of made) if (block.dataId === undefined) block.to = moment; // room to work in
    this.#note(config.kernelName, args, result, made);
    return result;
  }

  #note(name: string, args: KernelArguments, result: KernelResult, made: Allocation[]): void {
    const inputs = Object.values(args.inputs).filter((input) => input !== undefined) as tf.TensorInfo[];
    const outputs = [result].flat() as tf.TensorInfo[];
    const known = (dataId: DataId) =>
      this.#indices.has(dataId) || inputs.some((input) => input.dataId === dataId);
    if (!outputs.every(({ dataId }) => known(dataId))) this.#refuse(`has memory that ${name} took by itself`);
    const wiring = inputs.map(({ dataId, shape }) => [this.#nameOf(dataId), shape]);
    this.kernels.push(JSON.stringify([name, args.attrs, wiring]));
    const { calls, ours, byHand, nested } = this.#kernel;
    if (ours && !byHand) {
      if (calls.length > 0) this.operations.push({ kernel: name, run: () => runCalls(calls) });
    } else if (made.length > 0) {
      const dataIds = made.flatMap(({ dataId }) => dataId ?? []);
      this.operations.push({
        kernel: name,
        run: runningAnew(name, args, dataIds, this.#arena, nested),
      });
    }
  }

  /** The same in each run: of a block, of an input, of what there was before the step. */
  #nameOf(dataId: DataId): string | number {
    const index = this.#indices.get(dataId);
    if (index !== undefined) return index;
    const input = this.#inputs.indexOf(dataId);
    return input >= 0 ? `input ${input}` : `variable ${(dataId as { id: number }).id}`;
  }

  ours(): void {
    this.#kernel.ours = true;
  }

  byHand(): void {
    this.#kernel.byHand = true;
  }

  call(run: WasmFunction, values: number[]): void {
    this.#kernel.calls.push({ run, values });
  }

  scratch(bytes: number): number | undefined {
    return this.#allocate({ bytes, from: this.#time++, to: Infinity });
  }

  record(integers: number[]): number | undefined {
    return this.#arena?.record(integers);
  }

  write(stock: () => DataId, values: Values, shape: number[], dtype: tf.DataType): DataId {
    if (dtype === "string") {
      this.#refuse("has tensors of strings");
      return stock();
    }
    const bytes = bytesOf(shape, dtype);
    const block: Allocation = { bytes, from: this.#time++, to: Infinity };
    if (this.#depth === 0 && !this.#drawing && values) {
      const { buffer, byteOffset } = values as Float32Array;
      block.kept = true;
      block.constant = new Uint8Array(buffer, byteOffset, bytes).slice();
    }
    const index = this.allocations.length;
    const isPlanned = this.#allocate(block) !== undefined;
    const dataId = isPlanned ? this.#arena!.place(index, values, shape, dtype) : stock();
    block.dataId = dataId;
    this.#indices.set(dataId, index);
    return dataId;
  }

  /** Where the arena has the block; undefined without one. */
  #allocate(block: Allocation): number | undefined {
    const index = this.allocations.push(block) - 1;
    this.#happens(index);
    if (this.#arena === undefined || this.problem !== undefined) return undefined;
    if (this.#isAsBefore && this.#arena.blocks[index]?.bytes === block.bytes)
      return this.#arena.address(index);
    this.#refuse("takes other memory from step to step");
    return undefined;
  }

  dispose(stock: () => boolean, dataId: DataId): boolean {
    const index = this.#indices.get(dataId);
    if (index === undefined) {
      const isGone = stock();
      if (isGone) this.#refuse("keeps tensors from step to step"); // from one before this
      return isGone;
    }
    const isGone = this.#arena?.has(dataId) ? this.#arena.release(dataId) : stock();
    if (isGone) {
      this.allocations[index].to = this.#time++;
      this.#happens(-1 - index);
    }
    return isGone;
  }

  read(): void {
    if (this.#depth === 0) this.#refuse("reads the values of a tensor");
  }

  perStep(shape: number[], draw: () => ArrayLike<number>): tf.Tensor {
    const values = underWatch(undefined, draw);
    this.#drawing = true;
    const tensor = tensorOf(values, shape);
    this.#drawing = false;
    const address = addressOf(tensor.dataId);
    this.operations.push({
      kernel: "values of the step",
      run: () => new Float32Array(heapBytes().buffer, address, tensor.size).set(draw()),
    });
    return tensor;
  }

  #happens(event: number): void {
    const place = this.#events.push(event) - 1;
    if (this.#before !== undefined && this.#before[place] !== event) this.#isAsBefore = false;
  }

  #refuse(problem: string): void {
    this.problem ??= problem;
  }
}

interface Call {
  run: WasmFunction;
  values: number[];
}

const noKernel = () => ({ calls: [] as Call[], ours: false, byHand: false, nested: false });

function runCalls(calls: readonly Call[]): void {
  for (const { run, values } of calls) run(...values);
}
