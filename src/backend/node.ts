/** All that needs Node's own modules: a build for web pages replaces this one file. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

const requirePackage = createRequire(__filename);

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
export function readKernels(variant: "kernels" | "kernels-fma"): ArrayBuffer {
  return new Uint8Array(readFileSync(join(__dirname, `${variant}.wasm`))).buffer;
}

/** Relaxed SIMD is part of WebAssembly 3.0; Node 20 has it behind this flag, Node 22 without one. */
export function allowRelaxedSimd(): void {
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}
