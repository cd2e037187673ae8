/**
 * Tensors without elements, as an empty batch. tfjs's wasm kernels read memory that nobody wrote where there is nothing
 * to reduce, and divide by zero where such a tensor is broadcast.
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { dropAxes, keepDims } from "../../tensor/shape";

/** What a reduction of nothing answers, as in TensorFlow. */
const ofNothing: Record<string, number> = {
  All: 1,
  Any: 0,
  Max: -Infinity,
  Mean: NaN,
  Min: Infinity,
  Prod: 1,
  Sum: 0,
};

const arithmetic = ["Add", "Maximum", "Minimum", "Multiply", "Pow", "RealDiv", "SquaredDifference", "Sub"];
const comparisons = ["Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "NotEqual"];

type Arguments = Parameters<tf.KernelFunc>[0];

/** Answers in the place of these kernels, which must be registered, where an input is empty. */
export function answerForEmpty(): void {
  for (const [kernelName, value] of Object.entries(ofNothing)) {
    guard(kernelName, (args) => reduced(args, value));
  }
  for (const kernelName of arithmetic) guard(kernelName, (args) => broadcast(args, args.inputs.a!.dtype));
  for (const kernelName of comparisons) guard(kernelName, (args) => broadcast(args, "bool"));
}

function guard(kernelName: string, answer: tf.KernelFunc): void {
  const stock = tf.getKernel(kernelName, "wasm");
  tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...stock,
    kernelFunc: (args) => {
      const isEmpty = Object.values(args.inputs).some((input) => input?.shape.includes(0));
      return isEmpty ? answer(args) : stock.kernelFunc(args);
    },
  });
}

function reduced({ inputs, attrs, backend }: Arguments, value: number): tf.TensorInfo {
  const { shape, dtype } = inputs.x!;
  const {
    axis,
    reductionIndices,
    keepDims: keep,
  } = attrs as {
    axis?: number[];
    reductionIndices?: number[];
    keepDims: boolean;
  };
  const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, shape);
  const result = (backend as BackendWasm).makeOutput(
    keep ? keepDims(shape, axes) : dropAxes(shape, axes),
    dtype,
  );
  (backend as BackendWasm).typedArrayFromHeap(result).fill(value);
  return result;
}

function broadcast({ inputs, backend }: Arguments, dtype: tf.DataType): tf.TensorInfo {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(inputs.a!.shape, inputs.b!.shape);
  return (backend as BackendWasm).makeOutput(shape, dtype);
}
