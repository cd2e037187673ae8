/**
 * Values that no window sees: with `padding: "same"` and strides longer than the windows, some at the end of an axis.
 * tfjs's kernels in three dimensions, on every backend, then start at the second value, and wasm's depthwise convolution
 * gives other numbers. Without those values they are right, so the values are cut off first.
 */
import * as tf from "@tensorflow/tfjs";

/** What takes images as `x` or `input`, and whether the result is an image, of theirs or of `inputShape`. */
const kernels: Record<string, { isImage: boolean }> = {
  AvgPool3D: { isImage: false },
  AvgPool3DGrad: { isImage: true },
  Conv3D: { isImage: false },
  Conv3DBackpropFilterV2: { isImage: false },
  Conv3DBackpropInputV2: { isImage: true },
  DepthwiseConv2dNative: { isImage: false },
  MaxPool3D: { isImage: false },
  MaxPool3DGrad: { isImage: true },
};

interface Attributes {
  pad: unknown;
  strides: number | number[];
  dilations?: number | number[] | null;
  filterSize?: number | number[];
  filterShape?: number[];
  inputShape?: number[];
}

/** Puts the cut in front of these kernels, which must be registered. */
export function cutOffUnseen(): void {
  for (const [kernelName, { isImage }] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, "wasm");
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({
      ...stock,
      kernelFunc(args) {
        const inputs = args.inputs as tf.NamedTensorMap;
        const attrs = args.attrs as unknown as Attributes;
        const name = inputs.x ? "x" : "input";
        const shape: number[] = inputs[name]?.shape ?? attrs.inputShape;
        const seen = attrs.pad === "same" ? seenShape(shape, inputs.filter, attrs) : shape;
        if (tf.util.arraysEqual(seen, shape)) return stock.kernelFunc(args);
        return tf.tidy(() => {
          const cut = inputs[name] && {
            [name]: tf.slice(
              inputs[name],
              shape.map(() => 0),
              seen,
            ),
          };
          const result = tf
            .engine()
            .runKernel(kernelName, { ...inputs, ...cut }, { ...args.attrs, inputShape: seen }) as tf.Tensor;
          return isImage
            ? tf.pad(
                result,
                shape.map((size, axis) => [0, size - seen[axis]]),
              )
            : result;
        });
      },
    });
  }
}

/** The shape up to the last value that is part of a window. */
function seenShape(shape: number[], filter: tf.Tensor | undefined, attrs: Attributes): number[] {
  const axes = shape.length - 2; // without batch and channels
  const along = (value: number | number[] | null | undefined) =>
    Array.isArray(value) ? value : Array<number>(axes).fill(value ?? 1);
  const lengths = along(attrs.filterSize ?? attrs.filterShape ?? filter?.shape);
  const [strides, dilations] = [along(attrs.strides), along(attrs.dilations)];
  return shape.map((size, axis) => {
    const a = axis - 1;
    if (a < 0 || a >= axes) return size;
    const outputs = Math.ceil(size / strides[a]);
    return Math.min(size, (outputs - 1) * strides[a] + (lengths[a] - 1) * dilations[a] + 1);
  });
}
