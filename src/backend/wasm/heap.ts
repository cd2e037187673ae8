/** Our kernels' side of tfjs-backend-wasm's heap: their code is instantiated on its memory and works in place. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type WasmFunction, watch } from "../recording/watch";
import { emscripten, type EmscriptenModule, wasmBackend } from "./emscripten";

export class Heap {
  readonly #exports: WebAssembly.Exports;
  readonly #backend: BackendWasm;
  readonly #module: EmscriptenModule;
  readonly #recordAddress: number;
  #scratchAddress = 0;
  #scratchValues = 0;

  private constructor(backend: BackendWasm, module: EmscriptenModule, exports: WebAssembly.Exports) {
    this.#backend = backend;
    this.#module = module;
    this.#exports = exports;
    this.#recordAddress = this.#allocate(16);
  }

  /** Puts the code of our kernels on the memory of the wasm backend, which must have started. */
  static async load(code: ArrayBuffer): Promise<Heap> {
    const backend = wasmBackend();
    const module = emscripten();
    const abort = () => {
      throw new Error("normlab: a wasm kernel gave up.");
    };
    // Not at once, as the constructors of WebAssembly do: web pages forbid that for code of this size.
    const { instance } = await WebAssembly.instantiate(code, { env: { memory: module.asm.memory, abort } });
    return new Heap(backend, module, instance.exports);
  }

  /** The kernel of that name. Ask for it when registering: a name that is missing then stops the start. */
  kernel(name: string): WasmFunction {
    const run = this.#exported(name);
    return (...values) => {
      watch()?.call(run, values);
      return run(...values);
    };
  }

  /** A function that answers how much room a kernel needs: asked once, not part of what a recorded step does again. */
  size(name: string): WasmFunction {
    return this.#exported(name);
  }

  #exported(name: string): WasmFunction {
    const run = this.#exports[name];
    if (typeof run !== "function") {
      throw new Error(`normlab: assembly/index.ts exports no kernel "${name}".`);
    }
    return run as WasmFunction;
  }

  /** A kernel whose answer decides what follows: a recorded step does the whole again, not the call alone. */
  checkingKernel(name: string): WasmFunction {
    const run = this.kernel(name);
    return (...values) => {
      watch()?.byHand();
      return run(...values);
    };
  }

  /** Where a tensor's values lie. */
  at(tensor: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  }

  /** A new float32 tensor, its values not yet set. */
  output(shape: number[]): tf.TensorInfo {
    return this.#backend.makeOutput(shape, "float32");
  }

  /** The same values as another tensor. They live until both are disposed of. */
  share(tensor: tf.TensorInfo): tf.TensorInfo {
    this.#backend.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype };
  }

  /** A view of a tensor's values, valid until memory is next allocated. */
  values(tensor: tf.TensorInfo): Float32Array {
    watch()?.byHand();
    return new Float32Array(this.#module.HEAPU8.buffer, this.at(tensor), tf.util.sizeFromShape(tensor.shape));
  }

  /**
   * Room for a number of values, valid until the next call: one block for all kernels, as large as the
   * largest need so far, so that a training step allocates nothing but its tensors. A recorded step has its own.
   */
  scratch(values: number): number {
    const planned = watch()?.scratch(values * 4);
    if (planned !== undefined) return planned;
    if (values > this.#scratchValues) {
      if (this.#scratchAddress !== 0) this.#module._free(this.#scratchAddress);
      [this.#scratchAddress, this.#scratchValues] = [0, 0]; // should there be no room for more
      this.#scratchAddress = this.#allocate(values);
      this.#scratchValues = values;
    }
    return this.#scratchAddress;
  }

  /** Up to 16 integers that a kernel reads as one argument, valid until the next call. */
  record(integers: number[]): number {
    const kept = watch()?.record(integers);
    if (kept !== undefined) return kept;
    new Int32Array(this.#module.HEAPU8.buffer, this.#recordAddress, 16).set(integers);
    return this.#recordAddress;
  }

  #allocate(values: number): number {
    return this.#module._malloc(values * 4) >>> 0;
  }
}
