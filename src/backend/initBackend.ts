/** Which tfjs backend trains, and how it comes to be ready. */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { checkOptions, oneOf, type OptionChecks, refuse } from "../tensor/validate";
import { registerComposedKernels } from "./composed";
import {
  allowRelaxedSimd,
  defaultWasmPath,
  loadOptionalPackage,
  readKernels,
  withoutRethrowing,
} from "./node";
import { applyPatches } from "./patches";
import { letMemoryBeWatched } from "./recording/watch";
import { registerWasmKernels } from "./wasm";
import { hearingComplaints, throwFailures } from "./wasm/failures";
import { guardMemory } from "./wasm/memory";

export type BackendName = "wasm" | "webgpu" | "tensorflow" | "cpu";

export interface BackendOptions {
  /** Default `"wasm"`. The others are for who installed them: see docs/performance.md. */
  backend?: BackendName;
  /**
   * The folder with the .wasm files, a slash at its end: tfjs's (from `@tensorflow/tfjs-backend-wasm/dist/`) and
   * normlab's (from `dist/backend/`). On a web page its address, by default "./"; in Node nobody needs it, since
   * each package has its own.
   */
  wasmPath?: string;
}

export interface BackendDescription {
  /** tfjs's name of the backend in use; `"none"` before `initBackend()`. */
  name: BackendName | "none";
  /** Why this one, in words. */
  reason: string;
  /** Which of our kernels are at work: with fused multiply-add, with SIMD only, or none (tfjs's own). */
  kernels: "simd-fma" | "simd" | "none";
}

const backendOptions: OptionChecks<BackendOptions> = {
  backend: oneOf("wasm", "webgpu", "tensorflow", "cpu"),
  wasmPath(argument, value) {
    if (typeof value !== "string" || !value.endsWith("/")) {
      refuse(argument, value, "a folder, with a slash at the end");
    }
  },
};
let current: BackendDescription = {
  name: "none",
  reason: "initBackend() has not been called yet",
  kernels: "none",
};
/** The initialization under way or done, so that a second call joins the first. */
let started: { backend: BackendName; done: Promise<BackendDescription> } | undefined;

/**
 * Makes tfjs train with normlab's kernels.
 *
 * `wasm`, the default, needs nothing but this package. `tensorflow` needs the package
 * `@tensorflow/tfjs-node`, `webgpu` the packages `webgpu` and `@tensorflow/tfjs-backend-webgpu` and a
 * graphics adapter. Calling it again costs nothing; calling it with another backend switches.
 *
 * @throws if the backend is unknown, not installed, or does not start.
 */
export function initBackend(options: BackendOptions = {}): Promise<BackendDescription> {
  checkOptions("initBackend", options, backendOptions);
  const { backend = "wasm" } = options;
  if (started?.backend !== backend || (current.name !== "none" && tf.getBackend() !== backend)) {
    const previous = started?.done.catch(() => undefined);
    const done = Promise.resolve(previous).then(() => start(backend, options));
    started = { backend, done };
    done.catch(() => {
      if (started?.done === done) started = undefined;
    });
  }
  return started!.done;
}

/** The backend in use and why it was taken. */
export function describeBackend(): BackendDescription {
  return { ...current };
}

async function start(backend: BackendName, options: BackendOptions): Promise<BackendDescription> {
  const { wasmPath = defaultWasmPath } = options;
  if (backend === "wasm" && registered === undefined) prepareWasm(wasmPath);
  // A web page brings these packages itself.
  if (tf.findBackendFactory(backend) == null) {
    if (backend === "tensorflow") requirePackage("@tensorflow/tfjs-node", backend);
    if (backend === "webgpu") await startWebGpu();
  }
  if (!(await withoutRethrowing(() => hearingComplaints(() => tf.setBackend(backend))))) {
    const where =
      backend === "wasm" && wasmPath !== undefined ? `; its files were looked for in ${wasmPath}` : "";
    throw new Error(`initBackend: the backend "${backend}" did not start${where}.`);
  }
  await tf.ready();
  const kernels = backend === "wasm" ? await registerKernels(wasmPath) : "none";
  applyPatches();
  const reason =
    options.backend === undefined
      ? "it is the default: fast on every machine, nothing to install"
      : "it was asked for";
  current = { name: backend, reason, kernels };
  return describeBackend();
}

/** Tells tfjs where its .wasm files are, and to have no threads: our kernels can't work on the memory they share. */
function prepareWasm(wasmPath: string | undefined): void {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (wasmPath !== undefined) setWasmPaths(wasmPath);
}

let registered: BackendDescription["kernels"] | undefined;

/** Our kernels on the wasm backend, as fast as this machine can run them. Composed ones fill what is left. */
async function registerKernels(wasmPath: string | undefined): Promise<BackendDescription["kernels"]> {
  if (registered !== undefined) return registered;
  guardMemory();
  registerComposedKernels();
  registered = await registerFastKernels(wasmPath);
  throwFailures();
  letMemoryBeWatched();
  return registered;
}

/** Those of assembly/, where this machine's WebAssembly has SIMD. */
async function registerFastKernels(wasmPath: string | undefined): Promise<BackendDescription["kernels"]> {
  for (const variant of ["kernels-fma", "kernels"] as const) {
    const code = await readKernels(variant, wasmPath);
    if (variant === "kernels-fma" && !WebAssembly.validate(code)) allowRelaxedSimd();
    if (!WebAssembly.validate(code)) continue;
    await registerWasmKernels(code);
    return variant === "kernels-fma" ? "simd-fma" : "simd";
  }
  console.warn(
    "normlab: this machine's WebAssembly has no SIMD, so training runs on composed operations, several times slower.",
  );
  return "none";
}

function requirePackage(name: string, backend: BackendName): unknown {
  const loaded = loadOptionalPackage(name);
  if (loaded === undefined) {
    throw new Error(
      `initBackend: the backend "${backend}" needs the package ${name}, which is not installed here; ` +
        `run "npm install ${name}", or leave the option out to use "wasm".`,
    );
  }
  return loaded;
}

/** Dawn's WebGPU for Node puts itself where tfjs looks for it: navigator.gpu. */
async function startWebGpu(): Promise<void> {
  const dawn = requirePackage("webgpu", "webgpu") as {
    create: (flags: string[]) => { requestAdapter(): Promise<unknown> };
    globals: object;
  };
  const gpu = dawn.create([]);
  if ((await gpu.requestAdapter()) == null) {
    throw new Error(
      `initBackend: the backend "webgpu" found no graphics adapter on this machine; use "wasm".`,
    );
  }
  Object.assign(globalThis, dawn.globals);
  const navigator = (globalThis as { navigator?: object }).navigator ?? {};
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  requirePackage("@tensorflow/tfjs-backend-webgpu", "webgpu");
}
