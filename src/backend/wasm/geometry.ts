/** The numbers that convolution and pooling kernels read (assembly/geometry.ts has the same order). */
import type * as tf from "@tensorflow/tfjs";

export type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** What tfjs's convolution kernels are told. */
export interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dilations?: [number, number] | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/** For a depthwise convolution `outChannels` is the number of filters a channel has. */
export function geometry(info: ConvolutionInfo, outChannels: number = info.outChannels): number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
