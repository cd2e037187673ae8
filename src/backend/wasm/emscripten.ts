/** tfjs-backend-wasm as it is inside: what its types don't tell of the module that Emscripten made. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

export interface EmscriptenModule {
  asm: { memory: WebAssembly.Memory };
  /** The heap's bytes, valid until memory is next allocated. */
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  tfjs: { registerTensor(id: number, size: number, address: number): void; disposeData(id: number): void };
}

/** The backend; it must have started. */
export const wasmBackend = (): BackendWasm => tf.findBackend("wasm") as BackendWasm;

export const emscripten = (): EmscriptenModule => wasmBackend().wasm as unknown as EmscriptenModule;
