/** What our differentiable operations share. */
import * as tf from "@tensorflow/tfjs";
import { refuse } from "../tensor/validate";

export function checkTfTensor(argument: string, value: unknown): asserts value is tf.Tensor {
  if (!(value instanceof tf.Tensor)) refuse(argument, value, "a tensor of tfjs");
}

/** Composed kernels, by name, for a backend that has none of its own. */
export function ensureKernels(composed: Record<string, tf.KernelFunc>): void {
  const backendName = tf.getBackend();
  for (const [kernelName, kernelFunc] of Object.entries(composed)) {
    if (!tf.getKernel(kernelName, backendName)) tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}
