/** The gradient of a convolution with respect to its filter, from matrix products. */
import * as tf from "@tensorflow/tfjs";

/**
 * dW[i, j, c, o] = Σ_{n, p, q} x[n, p·stride + i·dilation − pad, q·stride + j·dilation − pad, c] · dy[n, p, q, o]
 *
 * One matrix product for each position (i, j) of the filter.
 */
export const conv2dBackpropFilter: tf.KernelFunc = ({ inputs, attrs }) => {
  const x = inputs.x as tf.Tensor4D;
  const dy = inputs.dy as tf.Tensor4D;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape, dilations } = attrs as unknown as {
    strides: [number, number];
    pad: number | "same" | "valid";
    dataFormat: "NHWC" | "NCHW";
    dimRoundingMode?: "floor" | "round" | "ceil";
    filterShape: [number, number, number, number];
    dilations?: [number, number];
  };
  return tf.tidy(() => {
    const channelsFirst = dataFormat === "NCHW";
    const images = asTensor(x, channelsFirst);
    const gradient = asTensor(dy, channelsFirst);
    const info = tf.backend_util.computeConv2DInfo(
      images.shape,
      filterShape,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
    );
    const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
    const { filterHeight, filterWidth, outHeight, outWidth, inChannels, outChannels, batchSize } = info;
    // Rows and columns that no output reads may be cut off, so the far padding may be longer, never shorter.
    const reach = (filter: number, dilation: number, out: number, stride: number) =>
      (filter - 1) * dilation + out * stride;
    const below = reach(filterHeight, dilationHeight, outHeight, strideHeight) - info.inHeight - padInfo.top;
    const right = reach(filterWidth, dilationWidth, outWidth, strideWidth) - info.inWidth - padInfo.left;
    const padded = tf.pad4d(images, [
      [0, 0],
      [padInfo.top, Math.max(0, below)],
      [padInfo.left, Math.max(0, right)],
      [0, 0],
    ]);
    const rows = batchSize * outHeight * outWidth;
    const flatGradient = tf.reshape(gradient, [rows, outChannels]);
    const positions: tf.Tensor2D[] = [];
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        const top = i * dilationHeight;
        const left = j * dilationWidth;
        const seen = tf.stridedSlice(
          padded,
          [0, top, left, 0],
          [batchSize, top + outHeight * strideHeight, left + outWidth * strideWidth, inChannels],
          [1, strideHeight, strideWidth, 1],
        );
        positions.push(tf.matMul(tf.reshape(seen, [rows, inChannels]), flatGradient, true, false));
      }
    }
    return tf.reshape(tf.stack(positions), filterShape);
  });
};

/** A kernel's input as a tensor in NHWC order. Kernels get tensors from tfjs's engine. */
function asTensor(tensor: tf.Tensor4D, channelsFirst: boolean): tf.Tensor4D {
  return channelsFirst ? tf.transpose(tensor, [0, 2, 3, 1]) : tensor;
}
