/** Kernels that only tfjs's `cpu` backend has: run there, on a copy, rather than throw. */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** Complex numbers have no place in the wasm heap's tensors, so the kernels around them stay away. */
const complexKernels = ["Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "Real"];

/**
 * Kernels that `wasm` has but that are wrong there: gradients of three-dimensional convolutions (they read memory that
 * nobody wrote), the largest of a window of which a part lies outside, and the gradient of windows in which no input is
 * positive, which is lost.
 */
const wrongKernels = [
  "Conv3DBackpropFilterV2",
  "Conv3DBackpropInputV2",
  "MaxPool3D",
  "MaxPool3DGrad",
  "MaxPoolGrad",
];

type CpuBackend = tf.KernelBackend & { firstUse: boolean };

/** Registers every kernel of `cpu` that `wasm` lacks as: copy the inputs there, run, copy the result back. */
export function borrowCpuKernels(): void {
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    if (complexKernels.includes(kernelName)) continue;
    if (tf.getKernel(kernelName, "wasm")) {
      if (!wrongKernels.includes(kernelName)) continue;
      tf.unregisterKernel(kernelName, "wasm");
    }
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: (args) => runOnCpu(kernelName, args as KernelArguments),
    });
  }
}

interface KernelArguments {
  inputs: tf.NamedTensorInfoMap;
  backend: BackendWasm;
  attrs?: tf.NamedAttrMap;
}

function runOnCpu(kernelName: string, { inputs, backend, attrs }: KernelArguments) {
  const cpu = tf.findBackend("cpu") as CpuBackend;
  cpu.firstUse = false; // else tfjs advertises its native package on standard error
  const onCpu: tf.NamedTensorInfoMap = {};
  for (const [name, input] of Object.entries(inputs)) {
    if (input == null) continue;
    const { dtype, shape } = input;
    onCpu[name] = { dataId: cpu.write(backend.readSync(input.dataId), shape, dtype), dtype, shape };
  }
  const result = tf.getKernel(kernelName, "cpu").kernelFunc({ inputs: onCpu, backend: cpu, attrs });
  const back = (output: tf.TensorInfo): tf.TensorInfo => {
    const values = cpu.readSync(output.dataId) as tf.BackendValues;
    const info = backend.makeOutput(output.shape, output.dtype, undefined, values);
    cpu.disposeData(output.dataId);
    return info;
  };
  const outputs = Array.isArray(result) ? result.map(back) : back(result);
  for (const name of Object.keys(onCpu)) cpu.disposeData(onCpu[name]!.dataId);
  return outputs;
}
