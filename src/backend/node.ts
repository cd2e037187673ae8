/** All that needs Node's own modules. On a web page page.ts stands in its place. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

const requirePackage = createRequire(__filename);

/** Where the .wasm files lie unless `initBackend` is told: tfjs's and ours in their packages. */
export const defaultWasmPath: string | undefined = undefined;

/** The package, or undefined where it is not installed. A package that is there but broken throws. */
export function loadOptionalPackage(name: string): unknown {
  try {
    return requirePackage(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

/** The code of our kernels, built from assembly/: plain SIMD, or with fused multiply-add (relaxed SIMD). */
export async function readKernels(
  variant: "kernels" | "kernels-fma",
  wasmPath: string | undefined,
): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(join(wasmPath ?? __dirname, `${variant}.wasm`))).buffer;
}

/** Relaxed SIMD is part of WebAssembly 3.0; Node 20 has it behind this flag, Node 22 without one. */
export function allowRelaxedSimd(): void {
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/** What Emscripten puts on the process when it loads a .wasm file, without spaces and semicolons. */
const rethrowing = new Set([
  "function(ex){if(!(exinstanceofExitStatus)){throwex}}",
  "function(reason){throwreason}",
]);

/**
 * Loads a .wasm file that Emscripten made, without its listeners for exceptions and rejections that nobody caught:
 * they throw them again, which ends the process with status 7, though a listener of the program handled them.
 */
export async function withoutRethrowing<T>(load: () => Promise<T>): Promise<T> {
  const drop = (event: string | symbol, listener: (...values: unknown[]) => void): void => {
    const isTheirs = rethrowing.has(String(listener).replace(/[\s;]/g, ""));
    if (isTheirs) process.nextTick(() => process.off(event, listener));
  };
  process.on("newListener", drop);
  try {
    return await load();
  } finally {
    process.off("newListener", drop);
  }
}
