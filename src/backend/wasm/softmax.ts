/** Softmax and its logarithm along the last axis, and their gradients as one kernel each. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerGradient, registerKernel } from "./registry";

const softmaxGradient = "NormlabSoftmaxGradient";
const logSoftmaxGradient = "NormlabLogSoftmaxGradient";

export function registerSoftmax(heap: Heap): void {
  /** Registers a kernel that works on the rows of its inputs, all of one shape. */
  const alongRows = (kernelName: string, wasmName: string, inputNames: string[]): void => {
    const rowsKernel = heap.kernel(wasmName);
    registerKernel<{ dim?: number; axis?: number }>(kernelName, ({ inputs, attrs: { dim, axis } }) => {
      const tensors = inputNames.map((name) => inputs[name]);
      const { shape } = tensors[0];
      const along = dim ?? axis ?? -1;
      if (!allFloat32(...tensors) || (along !== -1 && along !== shape.length - 1)) return undefined;
      const y = heap.output(shape);
      if (isEmpty(y)) return y;
      const width = shape.at(-1) ?? 1;
      const addresses = [...tensors, y].map((tensor) => heap.at(tensor));
      rowsKernel(...addresses, tf.util.sizeFromShape(shape) / width, width);
      return y;
    });
  };
  alongRows("Softmax", "softmaxRows", ["logits"]);
  alongRows(softmaxGradient, "softmaxRowsGradient", ["y", "dy"]);
  alongRows("LogSoftmax", "logSoftmaxRows", ["logits"]);
  alongRows(logSoftmaxGradient, "logSoftmaxRowsGradient", ["y", "dy"]);

  const run = (kernelName: string, y: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
    tf.engine().runKernel(kernelName, { y, dy }, {}) as tf.Tensor;

  registerGradient({
    kernelName: "Softmax",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ logits: () => run(softmaxGradient, y, dy as tf.Tensor) }),
  });
  registerGradient({
    kernelName: "LogSoftmax",
    inputsToSave: [],
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ logits: () => run(logSoftmaxGradient, y, dy as tf.Tensor) }),
  });
}
