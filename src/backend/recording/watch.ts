/** Who watches the step that runs now, if anybody does: kernels, memory and drawn values report here. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { wasmBackend } from "../wasm/emscripten";

/** An export of assembly/: numbers in, a number or nothing out; addresses are byte offsets into the heap. */
export type WasmFunction = (...values: number[]) => number;

export type KernelArguments = Parameters<tf.KernelFunc>[0];
export type KernelResult = ReturnType<tf.KernelFunc>;
export type DataId = tf.TensorInfo["dataId"];
export type Values = Parameters<BackendWasm["write"]>[0] | null;

export interface Watch {
  /** Runs a kernel that tfjs called. */
  kernel(config: tf.KernelConfig, args: KernelArguments): KernelResult;
  /** The kernel that runs is one of ours: unless `byHand()` follows, its calls are all that it does. */
  ours(): void;
  /** The kernel that runs computes by other means than calls of `call()`. */
  byHand(): void;
  /** A kernel of ours calls WebAssembly. */
  call(run: WasmFunction, values: number[]): void;
  /** Where a kernel of ours finds room for so many bytes until it ends; undefined: where it always does. */
  scratch(bytes: number): number | undefined;
  /** The same for the integers that a kernel reads as one argument. */
  record(integers: number[]): number | undefined;
  /** The backend is to make room for a tensor, which `stock` does, and to put the values there, if any. */
  write(stock: () => DataId, values: Values, shape: number[], dtype: tf.DataType): DataId;
  /** The backend is to give back a tensor's memory, which `stock` does; true if that was its last user. */
  dispose(stock: () => boolean, dataId: DataId): boolean;
  /** The values of a tensor are read by JavaScript. */
  read(): void;
  /** A tensor whose values `draw` gives anew at each step. */
  perStep(shape: number[], draw: () => ArrayLike<number>): tf.Tensor;
}

let current: Watch | undefined;

export const watch = (): Watch | undefined => current;

/** Runs `body` under that watch, or under none. */
export function underWatch<T>(by: Watch | undefined, body: () => T): T {
  const previous = current;
  current = by;
  try {
    return body();
  } finally {
    current = previous;
  }
}

/**
 * A float32 tensor of what `draw` answers: of the same shape at each training step, and of other values, such as random
 * masks, noise or numbers that depend on the step. A recorded step asks `draw` again; for all else it recalls what it was.
 */
export function perStep(shape: number[], draw: () => ArrayLike<number>): tf.Tensor {
  return current ? current.perStep(shape, draw) : tensorOf(draw(), shape);
}

export const tensorOf = (values: ArrayLike<number>, shape: number[]): tf.Tensor =>
  tf.tensor(Float32Array.from(values), shape);

/** Makes the wasm backend, which must have started, ask for its memory where it is watched. */
export function letMemoryBeWatched(): void {
  const backend = wasmBackend();
  const stock = {
    write: backend.write.bind(backend),
    disposeData: backend.disposeData.bind(backend),
    readSync: backend.readSync.bind(backend),
  };
  backend.write = (values, shape, dtype) => {
    const write = () => stock.write(values, shape, dtype) as DataId;
    return current ? current.write(write, values, shape, dtype) : write();
  };
  backend.disposeData = (dataId, force) => {
    const dispose = () => stock.disposeData(dataId, force);
    return current ? current.dispose(dispose, dataId) : dispose();
  };
  backend.readSync = (dataId, start, end) => {
    current?.read();
    return stock.readSync(dataId, start, end);
  };
}
