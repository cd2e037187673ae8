/** Kernels that tfjs's wasm backend lacks, put together from those it has. */
import * as tf from "@tensorflow/tfjs";
import { borrowCpuKernels } from "./borrowed";
import { conv2dBackpropFilter } from "./convolution";

/** Fills the gaps of the wasm backend, so that every gradient of tfjs layers exists there. */
export function registerComposedKernels(): void {
  if (!tf.getKernel("Conv2DBackpropFilter", "wasm")) {
    tf.registerKernel({
      kernelName: "Conv2DBackpropFilter",
      backendName: "wasm",
      kernelFunc: conv2dBackpropFilter,
    });
  }
  borrowCpuKernels();
}
