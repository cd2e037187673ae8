/** Gradients that tfjs leaves out, or has wrong, on every backend. */
import * as tf from "@tensorflow/tfjs";

type Tensor5D = tf.Tensor5D;

interface Convolution3dAttributes {
  pad: "valid" | "same";
  strides: [number, number, number] | number;
}

/**
 * Of a transposed convolution in three dimensions, which `tf.layers.conv3dTranspose` computes: with y = Wᵀx and
 * g = ∂L/∂y, ∂L/∂x is the convolution W g, and ∂L/∂W that convolution's gradient by its filter, for x as its dy.
 */
const transposedConvolution3d: tf.GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc(g, [x, filter], attrs) {
    const { strides, pad } = attrs as unknown as Convolution3dAttributes;
    return {
      dy: () => tf.conv3d(g as Tensor5D, filter as Tensor5D, strides, pad),
      filter: () =>
        tf
          .engine()
          .runKernel(
            "Conv3DBackpropFilterV2",
            { x: g as tf.Tensor, dy: x },
            { strides, pad, filterShape: filter.shape },
          ) as tf.Tensor,
    };
  },
};

/**
 * Of what answers true or false: a step, whose slope is 0 nearly everywhere. `tf.layers.thresholdedReLU` multiplies with
 * the one, `tf.layers.masking` with the other.
 */
const steps: tf.GradConfig[] = [
  ...["Equal", "Greater", "Less", "LessEqual", "LogicalAnd", "LogicalOr", "NotEqual"].map((kernelName) =>
    flat(kernelName, ["a", "b"]),
  ),
  ...["All", "Any", "LogicalNot"].map((kernelName) => flat(kernelName, ["x"])),
];

function flat(kernelName: string, inputs: string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_g, saved) =>
      Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i].shape)])),
  };
}

/**
 * Of the largest or smallest value, of which several may be equal (a global pooling of repeated values): they share
 * the gradient, as in TensorFlow and PyTorch's amax. In tfjs each gets all of it.
 */
const extremes: tf.GradConfig[] = ["Max", "Min"].map((kernelName) => ({
  kernelName,
  inputsToSave: ["x"],
  outputsToSave: [true],
  gradFunc(g, [x, y], attrs) {
    const { reductionIndices, axis } = attrs as { reductionIndices?: number[]; axis?: number[] };
    const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, x.shape);
    const kept = x.shape.map((size, a) => (axes.includes(a) ? 1 : size));
    return {
      x: () => {
        const isExtreme = tf.cast(tf.equal(x, tf.reshape(y, kept)), "float32");
        return tf.mul(isExtreme, tf.div(tf.reshape(g as tf.Tensor, kept), tf.sum(isExtreme, axes, true)));
      },
    };
  },
}));

type Slopes = (a: tf.Tensor, b: tf.Tensor) => [tf.Tensor, tf.Tensor];

/** Of two tensors of which one is repeated along an axis: its gradient is the sum there. tfjs's throws. */
const ofTwo: tf.GradConfig[] = (
  [
    ["Maximum", (a, b) => [tf.greaterEqual(a, b), tf.less(a, b)]],
    ["Minimum", (a, b) => [tf.lessEqual(a, b), tf.greater(a, b)]],
    ["SquaredDifference", (a, b) => [tf.mul(2, tf.sub(a, b)), tf.mul(2, tf.sub(b, a))]],
  ] satisfies [string, Slopes][]
).map(([kernelName, slopes]) => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc(g, [a, b]) {
    const along = (side: 0 | 1, { shape }: tf.Tensor) => {
      const all = tf.mul(g as tf.Tensor, tf.cast(slopes(a, b)[side], "float32"));
      return tf.reshape(tf.sum(all, tf.broadcast_util.getReductionAxes(shape, all.shape)), shape);
    };
    return { a: () => along(0, a), b: () => along(1, b) };
  },
}));

/** Of taking a tensor apart: tfjs throws where there is but one part, as in a recurrent layer over one time step. */
const parts: tf.GradConfig[] = [
  {
    kernelName: "Unpack",
    gradFunc: (g, _saved, { axis }) => ({ value: () => tf.stack([g].flat(), axis as number) }),
  },
  {
    kernelName: "SplitV",
    gradFunc: (g, _saved, { axis }) => ({ x: () => tf.concat([g].flat(), axis as number) }),
  },
];

/** Of padding by reflection: what was copied to the border comes back from there. tfjs drops it. */
const mirrorPad: tf.GradConfig = {
  kernelName: "MirrorPad",
  gradFunc(g, _saved, attrs) {
    const { paddings, mode } = attrs as unknown as {
      paddings: [number, number][];
      mode: "reflect" | "symmetric";
    };
    const edge = mode === "reflect" ? 1 : 0;
    return { x: () => paddings.reduce((dx, sides, axis) => foldBack(dx, axis, sides, edge), g as tf.Tensor) };
  },
};

/** Adds both borders of an axis, turned round, to the values that they were copied from, `edge` away from the end. */
function foldBack(g: tf.Tensor, axis: number, [before, after]: [number, number], edge: number): tf.Tensor {
  if (before + after === 0) return g;
  const size = g.shape[axis] - before - after;
  const [left, middle, right] = tf.split(g, [before, size, after], axis);
  const placed = (part: tf.Tensor, from: number) =>
    tf.pad(
      tf.reverse(part, axis),
      g.shape.map((_, a) => (a === axis ? [from, size - from - part.shape[axis]] : [0, 0])),
    );
  return tf.addN([middle, placed(left, edge), placed(right, size - edge - after)]);
}

export function registerGradients(): void {
  for (const gradient of [transposedConvolution3d, ...steps]) {
    if (tf.getGradient(gradient.kernelName) === undefined) tf.registerGradient(gradient);
  }
  for (const gradient of [...extremes, ...ofTwo, ...parts, mirrorPad]) {
    tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
