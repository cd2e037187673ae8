/** Conv2D and its two gradients, and the convolution with bias and ReLU that the conv2d layer uses. */
import * as tf from "@tensorflow/tfjs";
import { maskByRelu, reluBiasGradient } from "./elementwise";
import { isFused, isPerChannel, modeOf } from "./fusion";
import { geometry } from "./geometry";
import type { ConvolutionAttributes, ConvolutionInfo } from "./geometry";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerGradient, registerKernel } from "./registry";

type Shape4D = [number, number, number, number];

interface FusedAttributes extends ConvolutionAttributes {
  activation: string;
}

/** (x of one channel, y, dy) → the gradients of the filter and of the bias before a ReLU. */
const reluGradient = "NormlabSingleChannelReluGradient";

/** convolution + bias, then ReLU or nothing: registered for training, where tfjs's FusedConv2D cannot be used. */
export const fusedConvolution = "NormlabConv2D";

function infoOf(x: number[], filter: number[], attrs: ConvolutionAttributes): ConvolutionInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC");
  return tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    format,
  );
}

/**
 * Winograd's F(4×4, 3×3) where it applies and saves arithmetic: 36 products a tile of 4×4 outputs for each pair of
 * channels, against 9 an output. With few channels the transforms cost more than they save (docs/performance.md).
 */
function prefersWinograd(info: ConvolutionInfo, channelStep: number): boolean {
  const { inChannels, outChannels, outHeight, outWidth } = info;
  const direct = 9 * outHeight * outWidth;
  const tiled = 36 * Math.ceil(outHeight / 4) * Math.ceil(outWidth / 4);
  return (
    info.filterHeight === 3 &&
    info.filterWidth === 3 &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    inChannels % channelStep === 0 &&
    outChannels % 8 === 0 &&
    inChannels >= 8 &&
    tiled * 1.4 < direct
  );
}

/** The 3×3 kernels for images with one channel. */
function isSingleChannel(info: ConvolutionInfo): boolean {
  const { filterHeight, filterWidth, inChannels, outChannels, dilationHeight, dilationWidth, padInfo } = info;
  const plain = filterHeight === 3 && filterWidth === 3 && dilationHeight === 1 && dilationWidth === 1;
  return plain && inChannels === 1 && outChannels % 4 === 0 && padInfo.top >= 0 && padInfo.left >= 0;
}

/** Runs an NCHW call as an NHWC one between transpositions. */
function throughChannelsLast(
  kernelName: string,
  inputs: Record<string, tf.TensorInfo>,
  attrs: ConvolutionAttributes,
  images: string[],
  resultIsImage: boolean,
): tf.TensorInfo {
  return tf.tidy(() => {
    const last: tf.NamedTensorMap = {};
    for (const [name, input] of Object.entries(inputs)) {
      last[name] = images.includes(name)
        ? tf.transpose(input as tf.Tensor, [0, 2, 3, 1])
        : (input as tf.Tensor);
    }
    const result = tf.engine().runKernel(kernelName, last, { ...attrs, dataFormat: "NHWC" }) as tf.Tensor;
    return resultIsImage ? tf.transpose(result, [0, 3, 1, 2]) : result;
  });
}

export function registerConvolution(heap: Heap): void {
  /** A family's forward kernel and filter gradient, and the scratch memory that each needs. */
  const family = (name: string) => ({
    run: heap.kernel(name),
    filterGradient: heap.kernel(`${name}FilterGradient`),
    scratch: heap.size(`${name}Scratch`),
  });
  const singleChannel = family("singleChannel");
  const winograd = { ...family("winograd"), inputGradient: heap.kernel("winogradInputGradient") };
  const general = { ...family("convolution"), inputGradient: heap.kernel("convolutionInputGradient") };

  /** The family that computes y and dFilter. */
  function familyFor(info: ConvolutionInfo): ReturnType<typeof family> {
    if (isSingleChannel(info)) return singleChannel;
    return prefersWinograd(info, 4) ? winograd : general;
  }

  function forward(
    x: tf.TensorInfo,
    filter: tf.TensorInfo,
    bias: tf.TensorInfo | undefined,
    attrs: ConvolutionAttributes,
    activation?: string,
  ): tf.TensorInfo {
    const info = infoOf(x.shape, filter.shape, attrs);
    const y = heap.output(info.outShape);
    if (isEmpty(y) || isEmpty(filter)) return zeros(heap, y);
    const g = heap.record(geometry(info));
    const biasAt = bias ? heap.at(bias) : 0;
    const { run, scratch } = familyFor(info);
    const room = heap.scratch(scratch(g));
    run(heap.at(x), heap.at(filter), biasAt, heap.at(y), g, modeOf(activation), room);
    return y;
  }

  registerKernel<ConvolutionAttributes>("Conv2D", ({ inputs: { x, filter }, attrs }) => {
    if (!allFloat32(x, filter)) return undefined;
    if (attrs.dataFormat === "NCHW") return throughChannelsLast("Conv2D", { x, filter }, attrs, ["x"], true);
    return forward(x, filter, undefined, attrs);
  });

  registerKernel<FusedAttributes>("FusedConv2D", ({ inputs, attrs }) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    if (!isFused(attrs.activation) || preluActivationWeights) return undefined;
    if (attrs.dataFormat === "NCHW" || !isPerChannel(bias, filter.shape[3])) return undefined;
    if (!allFloat32(x, filter, bias)) return undefined;
    return forward(x, filter, bias, attrs, attrs.activation);
  });

  registerKernel<ConvolutionAttributes & { filterShape: number[] }>(
    "Conv2DBackpropFilter",
    ({ inputs: { x, dy }, attrs }) => {
      if (attrs.dataFormat === "NCHW") {
        return throughChannelsLast("Conv2DBackpropFilter", { x, dy }, attrs, ["x", "dy"], false);
      }
      const info = infoOf(x.shape, attrs.filterShape, attrs);
      const dFilter = heap.output([...attrs.filterShape]);
      if (isEmpty(dFilter) || isEmpty(dy)) return zeros(heap, dFilter);
      const g = heap.record(geometry(info));
      const { filterGradient, scratch } = familyFor(info);
      const room = heap.scratch(scratch(g));
      filterGradient(heap.at(x), heap.at(dy), heap.at(dFilter), g, room);
      return dFilter;
    },
  );

  registerKernel<ConvolutionAttributes & { inputShape: number[] }>(
    "Conv2DBackpropInput",
    ({ inputs: { dy, filter }, attrs }) => {
      if (attrs.dataFormat === "NCHW") {
        const [n, c, h, w] = attrs.inputShape;
        const last = { ...attrs, inputShape: [n, h, w, c] };
        return throughChannelsLast("Conv2DBackpropInput", { dy, filter }, last, ["dy"], true);
      }
      const info = infoOf(attrs.inputShape, filter.shape, attrs);
      const dx = heap.output(info.inShape);
      if (isEmpty(dx) || isEmpty(dy)) return zeros(heap, dx);
      const g = heap.record(geometry(info));
      const { inputGradient, scratch } = prefersWinograd(info, 8) ? winograd : general;
      const room = heap.scratch(scratch(g));
      inputGradient(heap.at(dy), heap.at(filter), heap.at(dx), g, room);
      return dx;
    },
  );

  registerKernel<FusedAttributes>(fusedConvolution, ({ inputs: { x, filter, bias }, attrs }) =>
    forward(x, filter, bias, attrs, attrs.activation),
  );

  const singleChannelReluGradient = heap.kernel("singleChannelReluGradient");
  const singleChannelReluGradientScratch = heap.size("singleChannelReluGradientScratch");
  registerKernel<ConvolutionAttributes & { filterShape: number[] }>(
    reluGradient,
    ({ inputs: { x, y, dy }, attrs }) => {
      const [dFilter, dBias] = [heap.output([...attrs.filterShape]), heap.output([attrs.filterShape[3]])];
      if (isEmpty(dy)) return [zeros(heap, dFilter), zeros(heap, dBias)];
      const g = heap.record(geometry(infoOf(x.shape, attrs.filterShape, attrs)));
      const room = heap.scratch(singleChannelReluGradientScratch(g));
      singleChannelReluGradient(...[x, y, dy, dFilter, dBias].map((tensor) => heap.at(tensor)), g, room);
      return [dFilter, dBias];
    },
  );

  registerGradient({
    kernelName: "Conv2D",
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, [x, filter], attrs) => convolutionGradient(dy as tf.Tensor, x, filter, attrs),
  });

  registerGradient({
    kernelName: fusedConvolution,
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (dy, [x, filter, y], attrs) => {
      const gradient = dy as tf.Tensor;
      if ((attrs as unknown as FusedAttributes).activation !== "relu") {
        return {
          ...convolutionGradient(gradient, x, filter, attrs),
          bias: () => tf.sum(gradient, [0, 1, 2]),
        };
      }
      const conv = attrs as unknown as FusedAttributes;
      if (isSingleChannel(infoOf(x.shape, filter.shape, conv))) {
        const more = { ...attrs, filterShape: filter.shape };
        const [dFilter, dBias] = tf
          .engine()
          .runKernel(reluGradient, { x, y, dy: gradient }, more) as tf.Tensor[];
        return {
          // Images of one channel are as a rule what a network starts with, so nobody asks for this one.
          x: () => convolutionGradient(maskByRelu(y, gradient), x, filter, attrs).x(),
          filter: () => dFilter,
          bias: () => dBias,
        };
      }
      const [dSum, dBias] = tf.engine().runKernel(reluBiasGradient, { y, dy: gradient }) as tf.Tensor[];
      return { ...convolutionGradient(dSum, x, filter, attrs), bias: () => dBias };
    },
  });
}

/** tfjs's own refuses dilations; our kernels take them. */
function convolutionGradient(dy: tf.Tensor, x: tf.Tensor, filter: tf.Tensor, attrs: tf.NamedAttrMap) {
  const run = (kernelName: string, inputs: tf.NamedTensorMap, more: tf.NamedAttrMap) =>
    tf.engine().runKernel(kernelName, inputs, { ...attrs, ...more }) as tf.Tensor;
  return {
    x: () => run("Conv2DBackpropInput", { dy, filter }, { inputShape: x.shape }),
    filter: () => run("Conv2DBackpropFilter", { x, dy }, { filterShape: filter.shape }),
  };
}

/** An output over which the kernel has nothing to sum. */
function zeros(heap: Heap, tensor: tf.TensorInfo): tf.TensorInfo {
  heap.values(tensor).fill(0);
  return tensor;
}
