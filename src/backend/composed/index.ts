/** Kernels that tfjs's wasm backend lacks or has wrong: put together from those it has, or borrowed. */
import * as tf from "@tensorflow/tfjs";
import { averagePool3dGradient, averagePoolGradient } from "./averagePooling";
import { borrowCpuKernels } from "./borrowed";
import { conv2dBackpropFilter } from "./convolution";
import { answerForEmpty } from "./empty";
import { registerGradients } from "./gradients";
import { cutOffUnseen } from "./unseen";

/** In the place of the wasm backend's own, which is wrong, or where it has none. */
const kernels: Record<string, tf.KernelFunc> = {
  AvgPoolGrad: averagePoolGradient,
  AvgPool3DGrad: averagePool3dGradient,
  Conv2DBackpropFilter: conv2dBackpropFilter,
};

/** Fills the gaps of the wasm backend, so that every gradient of tfjs layers exists there. */
export function registerComposedKernels(): void {
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, "wasm")) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
  }
  borrowCpuKernels();
  cutOffUnseen();
  answerForEmpty();
  registerGradients();
}
