/** Which tfjs backend trains, and how it comes to be ready. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerComposedKernels } from "./composed";
import { allowRelaxedSimd, loadOptionalPackage, readKernels } from "./node";
import { patchAdamOptimizer } from "./patches/adamOptimizer";
import { patchConvolutionLayer } from "./patches/convolutionLayer";
import { patchCrossEntropyLoss } from "./patches/crossEntropyLoss";
import { patchDenseLayer } from "./patches/denseLayer";
import { patchNormalizationLayers } from "./patches/normalizationLayers";
import { registerWasmKernels } from "./wasm";

export type BackendName = "wasm" | "webgpu" | "tensorflow" | "cpu";

export interface BackendOptions {
  /** Default `"wasm"`. The others are for who installed them: see docs/performance.md. */
  backend?: BackendName;
}

export interface BackendDescription {
  /** tfjs's name of the backend in use; `"none"` before `initBackend()`. */
  name: BackendName | "none";
  /** Why this one, in words. */
  reason: string;
  /** Which of our kernels are at work: with fused multiply-add, with SIMD only, or none (tfjs's own). */
  kernels: "simd-fma" | "simd" | "none";
}

const backendNames: BackendName[] = ["wasm", "webgpu", "tensorflow", "cpu"];
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
  const backend = options.backend ?? "wasm";
  if (!backendNames.includes(backend)) {
    throw new Error(`initBackend: backend was "${backend}"; it must be one of ${backendNames.join(", ")}.`);
  }
  if (started?.backend !== backend || (current.name !== "none" && tf.getBackend() !== backend)) {
    const previous = started?.done.catch(() => undefined);
    const done = Promise.resolve(previous).then(() => start(backend, options.backend !== undefined));
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

async function start(backend: BackendName, asked: boolean): Promise<BackendDescription> {
  const because = asked ? "it was asked for" : "it is the default: fast on every machine, nothing to install";
  if (backend === "tensorflow") requirePackage("@tensorflow/tfjs-node", backend);
  if (backend === "webgpu") await startWebGpu();
  if (!(await tf.setBackend(backend)))
    throw new Error(`initBackend: the backend "${backend}" did not start.`);
  await tf.ready();
  const kernels = backend === "wasm" ? registerKernels() : "none";
  patchNormalizationLayers();
  patchConvolutionLayer();
  patchDenseLayer();
  patchAdamOptimizer();
  patchCrossEntropyLoss();
  current = { name: backend, reason: because, kernels };
  return describeBackend();
}

let registered: BackendDescription["kernels"] | undefined;

/** Our kernels on the wasm backend, as fast as this machine can run them. Composed ones fill what is left. */
function registerKernels(): BackendDescription["kernels"] {
  if (registered !== undefined) return registered;
  registerComposedKernels();
  for (const variant of ["kernels-fma", "kernels"] as const) {
    const code = readKernels(variant);
    if (variant === "kernels-fma" && !WebAssembly.validate(code)) allowRelaxedSimd();
    if (!WebAssembly.validate(code)) continue;
    registerWasmKernels(new WebAssembly.Module(code));
    return (registered = variant === "kernels-fma" ? "simd-fma" : "simd");
  }
  console.warn(
    "normlab: this machine's WebAssembly has no SIMD, so training runs on composed operations, several times slower.",
  );
  return (registered = "none");
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
