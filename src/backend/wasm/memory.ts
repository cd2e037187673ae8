/** One clear error where tfjs-backend-wasm has no memory left, and nothing written where none was given. */
import * as tf from "@tensorflow/tfjs";
import { emscripten } from "./emscripten";

/** Addresses have 32 bits; more bytes than that would be taken modulo 2³², and the tensor written over others. */
const mostBytes = 2 ** 32 - 1;

/**
 * Makes the backend's allocation of tensors throw where there is no room. tfjs takes the address 0, which then means
 * "none", for a place to write to: that destroys the module's own data, and nothing works from then on. Thrown
 * before anything is written, the error costs only what was asked for. The wasm backend must have started.
 */
export function guardMemory(): void {
  const module = emscripten();
  // Emscripten's is a stub that puts the real one in its own place at the first call.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const address = bytes > mostBytes ? 0 : allocate(bytes);
    if (address === 0 && bytes > 0) throw outOfMemory(`${mebibytes(bytes)} were asked for at once`);
    return address;
  };
}

/** The error that says what there was no room for, and what to do. */
export function outOfMemory(what: string): Error {
  return new Error(
    `out of memory: ${what}, and the wasm backend has 4,096 MiB in all, of which it has taken ` +
      `${mebibytes(emscripten().HEAPU8.length)} for ${tf.memory().numTensors} tensors. Use a smaller batch, a smaller ` +
      "model or fewer examples at a time, and give tensors back that are no longer needed (tf.tidy, dispose).",
  );
}

function mebibytes(count: number): string {
  return `${Math.ceil(count / 2 ** 20).toLocaleString("en")} MiB`;
}
