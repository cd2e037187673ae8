/** MaxPool and its gradient. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { geometry } from "./geometry";
import { allFloat32, isEmpty, registerKernel } from "./registry";

interface PoolingAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

export function registerPooling(heap: Heap): void {
  const maxPool = heap.kernel("maxPool");
  const maxPoolGradient = heap.kernel("maxPoolGradient");
  const infoOf = (shape: number[], { filterSize, strides, pad, dimRoundingMode }: PoolingAttributes) =>
    tf.backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );

  registerKernel<PoolingAttributes>("MaxPool", ({ inputs: { x }, attrs }) => {
    if (!allFloat32(x)) return undefined;
    const info = infoOf(x.shape, attrs);
    const y = heap.output(info.outShape);
    if (!isEmpty(y)) maxPool(heap.at(x), heap.at(y), heap.record(geometry(info)));
    return y;
  });

  registerKernel<PoolingAttributes>("MaxPoolGrad", ({ inputs: { dy, input }, attrs }) => {
    if (!allFloat32(dy, input)) return undefined;
    const dx = heap.output(input.shape);
    const g = heap.record(geometry(infoOf(input.shape, attrs)));
    if (!isEmpty(dx)) maxPoolGradient(heap.at(input), heap.at(dy), heap.at(dx), g);
    return dx;
  });
}
