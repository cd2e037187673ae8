/** Kernels of tfjs-backend-wasm that fail, and say so: by themselves they print a line, and answer what lay in memory. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { watch } from "../recording/watch";
import { outOfMemory } from "./memory";

/** What XNNPACK, which computes many of the kernels, last complained of. */
let complaint: string | undefined;
const outOfMemoryStatus = /status 6\b/;

/** Loads the backend so that XNNPACK's complaints are heard: Emscripten keeps `console.warn` as it is now for them. */
export async function hearingComplaints<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console;
  const hear = (...words: unknown[]): void => {
    if (String(words[0]).startsWith("XNN status")) complaint = String(words[0]);
    else (console.warn === hear ? warn : console.warn)(...words);
  };
  console.warn = hear;
  try {
    return await load();
  } finally {
    if (console.warn === hear) console.warn = warn;
  }
}

/** Makes every kernel that is registered for the wasm backend throw where it fails. */
export function throwFailures(): void {
  for (const kernel of tf.getKernelsForBackend("wasm")) {
    tf.unregisterKernel(kernel.kernelName, "wasm");
    tf.registerKernel({ ...kernel, kernelFunc: (args) => checked(kernel, args) });
  }
}

function checked(kernel: tf.KernelConfig, args: Parameters<tf.KernelFunc>[0]): ReturnType<tf.KernelFunc> {
  complaint = undefined;
  let result: ReturnType<tf.KernelFunc>;
  try {
    result = watch()?.kernel(kernel, args) ?? kernel.kernelFunc(args);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw stopped(kernel.kernelName, error);
    throw error;
  }
  if (complaint === undefined) return result;
  for (const { dataId } of [result].flat()) (args.backend as BackendWasm).disposeData(dataId);
  throw outOfMemoryStatus.test(complaint)
    ? outOfMemory(`${kernel.kernelName} found no room for what it works with`)
    : new Error(`${kernel.kernelName}: the wasm backend could not compute it. ${complaint}`);
}

function stopped(kernelName: string, cause: WebAssembly.RuntimeError): Error {
  return new Error(
    `${kernelName}: its WebAssembly code stopped with "${cause.message}". There was no room for what it works with, ` +
      "or it does not know inputs of this kind. The backend's memory may be damaged, so start anew (in a notebook: " +
      "restart the kernel) before you trust further results.",
    { cause },
  );
}
