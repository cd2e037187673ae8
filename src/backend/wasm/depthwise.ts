/** The gradients of DepthwiseConv2dNative, which tfjs's wasm backend lacks; its forward kernel stays. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { geometry } from "./geometry";
import type { ConvolutionAttributes } from "./geometry";
import { isEmpty, registerGradient, registerKernel } from "./registry";

type Shape4D = [number, number, number, number];

export function registerDepthwise(heap: Heap): void {
  const inputGradient = heap.kernel("depthwiseInputGradient");
  const filterGradient = heap.kernel("depthwiseFilterGradient");
  const infoOf = (x: number[], filter: number[], attrs: ConvolutionAttributes) =>
    tf.backend_util.computeConv2DInfo(
      x as Shape4D,
      filter as Shape4D,
      attrs.strides,
      attrs.dilations ?? 1,
      attrs.pad,
      attrs.dimRoundingMode,
      true,
    );

  registerKernel<ConvolutionAttributes & { inputShape: number[] }>(
    "DepthwiseConv2dNativeBackpropInput",
    ({ inputs: { dy, filter }, attrs }) => {
      const info = infoOf(attrs.inputShape, filter.shape, attrs);
      const dx = heap.output(info.inShape);
      if (isEmpty(dx)) return dx;
      const g = heap.record(geometry(info, filter.shape[3]));
      inputGradient(heap.at(dy), heap.at(filter), heap.at(dx), g);
      return dx;
    },
  );

  registerKernel<ConvolutionAttributes & { filterShape: number[] }>(
    "DepthwiseConv2dNativeBackpropFilter",
    ({ inputs: { x, dy }, attrs }) => {
      const info = infoOf(x.shape, attrs.filterShape, attrs);
      const dFilter = heap.output([...attrs.filterShape]);
      if (isEmpty(dFilter)) return dFilter;
      const g = heap.record(geometry(info, attrs.filterShape[3]));
      filterGradient(heap.at(x), heap.at(dy), heap.at(dFilter), g);
      return dFilter;
    },
  );

  registerGradient({
    kernelName: "DepthwiseConv2dNative",
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, [x, filter], attrs) => {
      const run = (kernelName: string, inputs: tf.NamedTensorMap, more: tf.NamedAttrMap) =>
        tf.engine().runKernel(kernelName, inputs, { ...attrs, ...more }) as tf.Tensor;
      const name = "DepthwiseConv2dNativeBackprop";
      return {
        x: () => run(`${name}Input`, { dy: dy as tf.Tensor, filter }, { inputShape: x.shape }),
        filter: () => run(`${name}Filter`, { x, dy: dy as tf.Tensor }, { filterShape: filter.shape }),
      };
    },
  });
}
