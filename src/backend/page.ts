/** What node.ts does, on a web page: package.json's "browser" puts this file in its place. */

/** Where the .wasm files lie unless `initBackend` is told: in the page's own folder. */
export const defaultWasmPath: string | undefined = "./";

/** A page has no packages but those in its bundle. */
export function loadOptionalPackage(_name: string): unknown {
  throw new Error(
    `initBackend: a web page has the backends "wasm" and "cpu", and those whose packages it imports itself.`,
  );
}

/** The code of our kernels: plain SIMD, or with fused multiply-add (relaxed SIMD). */
export async function readKernels(
  variant: "kernels" | "kernels-fma",
  wasmPath: string | undefined,
): Promise<ArrayBuffer> {
  const address = `${wasmPath}${variant}.wasm`;
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(
      `initBackend: there is no ${address} (status ${response.status}); ` +
        "wasmPath must be the address of the folder with the .wasm files of normlab and tfjs.",
    );
  }
  return response.arrayBuffer();
}

/** Browsers have relaxed SIMD or they have it not. */
export function allowRelaxedSimd(): void {}

/** Emscripten leaves nothing behind on a page. */
export const withoutRethrowing = <T>(load: () => Promise<T>): Promise<T> => load();
