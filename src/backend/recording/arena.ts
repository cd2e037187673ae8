/** The memory of a recorded step: one block of the heap, and the tensors that lie at fixed places in it. */
import * as tf from "@tensorflow/tfjs";
import { emscripten, wasmBackend } from "../wasm/emscripten";
import { alignment, type Block, type MemoryPlan, planMemory } from "./memoryPlan";
import type { DataId, Values } from "./watch";

/** The heap's bytes, valid until memory is next allocated. */
export const heapBytes = (): Uint8Array => emscripten().HEAPU8;

export const addressOf = (dataId: DataId): number => wasmBackend().dataIdMap.get(dataId).memoryOffset >>> 0;

export const bytesOf = (shape: number[], dtype: tf.DataType): number =>
  tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);

/**
 * Makes tfjs's kernels forget what they keep of a tensor by its number, packed weights as a rule: its values have
 * changed where they lie.
 */
export function forgetPacked(dataId: DataId): void {
  const { id, shape, memoryOffset } = wasmBackend().dataIdMap.get(dataId);
  emscripten().tfjs.disposeData(id);
  emscripten().tfjs.registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset);
}

export class Arena {
  readonly blocks: readonly Block[];
  readonly #plan: MemoryPlan;
  readonly #start: number;
  /** What to give back: the arena itself, and what `record` took. */
  readonly #taken: number[];
  readonly #dataIds = new Set<DataId>();

  private constructor(blocks: readonly Block[], plan: MemoryPlan, taken: number) {
    this.blocks = blocks;
    this.#plan = plan;
    this.#start = Math.ceil(taken / alignment) * alignment;
    this.#taken = [taken];
  }

  /** Room for these blocks; undefined where there is none. */
  static for(blocks: readonly Block[]): Arena | undefined {
    const plan = planMemory(blocks);
    try {
      return new Arena(blocks, plan, emscripten()._malloc(plan.bytes + alignment) >>> 0);
    } catch {
      return undefined;
    }
  }

  /** Where the block of that index lies. */
  address(index: number): number {
    return this.#start + this.#plan.offsets[index];
  }

  has(dataId: DataId): boolean {
    return this.#dataIds.has(dataId);
  }

  /** Data of a tensor at the place of that block. */
  place(index: number, values: Values, shape: number[], dtype: tf.DataType): DataId {
    // tfjs's types keep it private.
    const numbers = wasmBackend() as unknown as { dataIdNextNumber: number };
    const dataId: DataId = { id: numbers.dataIdNextNumber++ };
    const id = numbers.dataIdNextNumber++;
    const memoryOffset = this.address(index);
    wasmBackend().dataIdMap.set(dataId, { id, memoryOffset, shape, dtype, refCount: 1 });
    emscripten().tfjs.registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset);
    this.#dataIds.add(dataId);
    copyInto(memoryOffset, values, bytesOf(shape, dtype));
    return dataId;
  }

  /** Notes that a tensor's data lost a user; true if that was its last. The place stays its own. */
  release(dataId: DataId): boolean {
    return --wasmBackend().dataIdMap.get(dataId).refCount <= 0;
  }

  /** The address of integers that stay as they are. */
  record(integers: number[]): number {
    const address = emscripten()._malloc(integers.length * 4) >>> 0;
    new Int32Array(emscripten().HEAPU8.buffer, address, integers.length).set(integers);
    this.#taken.push(address);
    return address;
  }

  dispose(): void {
    const { dataIdMap } = wasmBackend();
    for (const dataId of this.#dataIds) {
      emscripten().tfjs.disposeData(dataIdMap.get(dataId).id);
      dataIdMap.delete(dataId);
    }
    for (const address of this.#taken) emscripten()._free(address);
  }
}

/** Puts values of JavaScript into the heap. */
export function copyInto(address: number, values: Values, bytes: number): void {
  if (values === null || values === undefined) return;
  const { buffer, byteOffset } = values as Float32Array;
  heapBytes().set(new Uint8Array(buffer, byteOffset, bytes), address);
}
