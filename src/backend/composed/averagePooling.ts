/**
 * The gradient of average pooling. tfjs's own divides by the size of the whole window, although the mean was taken over
 * the part of it that lies inside the input: wrong at every border with `padding: "same"`.
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** One axis along which windows lie. */
interface WindowAxis {
  inputs: number;
  outputs: number;
  length: number;
  stride: number;
  before: number;
}

interface PoolingAttributes {
  filterSize: number | [number, number] | [number, number, number];
  strides: number | [number, number] | [number, number, number];
  pad: "valid" | "same" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/** dx of (N, H, W, C). */
export const averagePoolGradient: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolingAttributes;
  const shape = inputs.input!.shape as [number, number, number, number];
  const size = filterSize as [number, number];
  const info = tf.backend_util.computePool2DInfo(
    shape,
    size,
    strides as [number, number],
    1,
    pad,
    dimRoundingMode,
  );
  return gradient(inputs, backend as BackendWasm, [
    { inputs: 1, outputs: 1, length: 1, stride: 1, before: 0 },
    ...heightAndWidth(info),
  ]);
};

/** dx of (N, D, H, W, C). */
export const averagePool3dGradient: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolingAttributes;
  const shape = inputs.input!.shape as [number, number, number, number, number];
  const size = filterSize as [number, number, number];
  const stride = strides as [number, number, number];
  const info = tf.backend_util.computePool3DInfo(shape, size, stride, 1, pad, dimRoundingMode);
  return gradient(inputs, backend as BackendWasm, [
    {
      inputs: info.inDepth,
      outputs: info.outDepth,
      length: info.filterDepth,
      stride: info.strideDepth,
      before: info.padInfo.front,
    },
    ...heightAndWidth(info),
  ]);
};

type PoolingInfo = tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo;

const heightAndWidth = (info: PoolingInfo): [WindowAxis, WindowAxis] => [
  {
    inputs: info.inHeight,
    outputs: info.outHeight,
    length: info.filterHeight,
    stride: info.strideHeight,
    before: info.padInfo.top,
  },
  {
    inputs: info.inWidth,
    outputs: info.outWidth,
    length: info.filterWidth,
    stride: info.strideWidth,
    before: info.padInfo.left,
  },
];

/** dx[i] = Σ over the windows that hold i of dy[window] / (positions of that window inside the input). */
function gradient(
  { dy, input }: tf.NamedTensorInfoMap,
  backend: BackendWasm,
  [depth, height, width]: [WindowAxis, WindowAxis, WindowAxis],
): tf.TensorInfo {
  const { shape } = input!;
  const channels = shape[shape.length - 1];
  const gradients = backend.readSync(dy!.dataId) as Float32Array;
  const dx = new Float32Array(tf.util.sizeFromShape(shape));
  let window = 0;
  for (let n = 0; n < shape[0]; n++) {
    for (let d = 0; d < depth.outputs; d++) {
      const planes = inside(depth, d);
      for (let h = 0; h < height.outputs; h++) {
        const rows = inside(height, h);
        for (let w = 0; w < width.outputs; w++, window += channels) {
          const columns = inside(width, w);
          const count = (planes.to - planes.from) * (rows.to - rows.from) * (columns.to - columns.from);
          for (let p = planes.from; p < planes.to; p++) {
            for (let r = rows.from; r < rows.to; r++) {
              const row = ((n * depth.inputs + p) * height.inputs + r) * width.inputs;
              for (let k = columns.from; k < columns.to; k++) {
                const at = (row + k) * channels;
                for (let c = 0; c < channels; c++) dx[at + c] += gradients[window + c] / count;
              }
            }
          }
        }
      }
    }
  }
  return backend.makeOutput(shape, "float32", undefined, dx);
}

/** The positions of a window that lie inside the input. */
function inside(
  { inputs, length, stride, before }: WindowAxis,
  output: number,
): { from: number; to: number } {
  const start = output * stride - before;
  return { from: Math.max(0, start), to: Math.min(inputs, start + length) };
}
