/** Putting kernels in the place of tfjs-backend-wasm's own, which stay at hand for what ours do not do. */
import * as tf from "@tensorflow/tfjs";
import { watch } from "../recording/watch";

interface KernelArguments<Attributes> {
  inputs: Record<string, tf.TensorInfo>;
  attrs: Attributes;
}

/** A kernel; `undefined` hands the call on to the kernel that was there before. */
type Kernel<Attributes> = (args: KernelArguments<Attributes>) => tf.TensorInfo | tf.TensorInfo[] | undefined;

/** Registers a kernel for the wasm backend in front of the one that is there, if any. */
export function registerKernel<Attributes>(kernelName: string, kernel: Kernel<Attributes>): void {
  const previous = tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined;
  if (previous) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: (args) => {
      watch()?.ours();
      const result = kernel(args as unknown as KernelArguments<Attributes>);
      if (result !== undefined) return result;
      watch()?.byHand();
      if (previous) return previous.kernelFunc(args);
      throw new Error(`${kernelName}: the wasm backend has no kernel for these inputs.`);
    },
  });
}

/** Replaces the gradient of a kernel where the wasm backend is in use; elsewhere tfjs's own stays. */
export function registerGradient(config: tf.GradConfig): void {
  const previous: tf.GradConfig | undefined = tf.getGradient(config.kernelName);
  const saveSame =
    previous === undefined ||
    (sameList(previous.inputsToSave, config.inputsToSave) &&
      sameList(previous.outputsToSave, config.outputsToSave));
  if (!saveSame) throw new Error(`${config.kernelName}: its gradient must save what tfjs's own saves.`);
  if (previous) tf.unregisterGradient(config.kernelName);
  tf.registerGradient({
    ...config,
    gradFunc: (dy, saved, attrs) =>
      (previous === undefined || tf.getBackend() === "wasm" ? config : previous).gradFunc(dy, saved, attrs),
  });
}

function sameList(a: unknown[] | undefined, b: unknown[] | undefined): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

export function allFloat32(...tensors: (tf.TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor === undefined || tensor.dtype === "float32");
}

/** True if a tensor has no elements: kernels then have nothing to do and are not called. */
export function isEmpty(tensor: tf.TensorInfo): boolean {
  return tensor.shape.includes(0);
}
