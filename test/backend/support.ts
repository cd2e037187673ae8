/** Helpers of the backend's tests: the same computation on normlab's backend and on tfjs's `cpu`. */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";

export type Values = Float32Array | Int32Array | Uint8Array;

/** Runs `f` on a backend and reads its tensors. */
export async function on(backend: "wasm" | "cpu", f: () => tf.Tensor[]): Promise<Values[]> {
  await initBackend();
  if (backend === "cpu") await tf.setBackend("cpu");
  const tensors = f();
  const values = tensors.map((tensor) => tensor.dataSync() as Values);
  tf.dispose(tensors);
  if (backend === "cpu") await tf.setBackend("wasm");
  return values;
}

/** ‖a − b‖ / ‖b‖, and ‖a‖ where b is 0. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(size) || 1);
}

/** Values around 0 with a spread of about 1, the same on every machine. */
export function noise(size: number, seed = 1): Float32Array {
  const values = new Float32Array(size);
  let state = seed * 2654435761;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = ((state >>> 8) / 2 ** 24 - 0.5) * 3.4;
  }
  return values;
}

export function noiseTensor(shape: number[], seed = 1): tf.Tensor {
  return tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);
}
