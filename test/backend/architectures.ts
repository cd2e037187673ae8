/**
 * Architectures drawn at random: a list of draws, each of which picks one of the layers that fit what came before, and
 * that layer's settings. Every list is an architecture, so that fast-check can make a failing one smaller.
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { layers } from "normlab";

/** The choices of one draw, as numbers of which the remainders count. */
interface Draw {
  layer: number;
  settings: number[];
  /** Whether, and how, the layer's input is led around it, where the shapes allow that. */
  around: number;
}

export interface Architecture {
  input: number[];
  draws: Draw[];
  /** Of the numbers: weights, inputs and what the outputs are multiplied with. */
  seed: number;
}

const choices = (count: number) => fc.array(fc.nat(1e4), { minLength: count, maxLength: count });

export const architecture: fc.Arbitrary<Architecture> = fc.record({
  input: choices(6),
  draws: fc.array(fc.record({ layer: fc.nat(1e4), settings: choices(8), around: fc.nat(12) }), {
    minLength: 1,
    maxLength: 6,
  }),
  seed: fc.nat(1e6),
});

/** Answers one of the values, each time by the next of a draw's numbers. */
type Choose = <T>(...values: T[]) => T;

function chooser(numbers: number[]): Choose {
  let next = 0;
  return (...values) => values[numbers[next++ % numbers.length] % values.length];
}

type Make = (config: object) => tf.layers.Layer;

/** A layer for an input of this shape (without the batch), or undefined where it does not fit. */
type Kind = (choose: Choose, shape: number[]) => tf.layers.Layer | undefined;

const l = tf.layers as unknown as Record<keyof typeof tf.layers, Make>;
const norms = layers as unknown as Record<keyof typeof layers, Make>;

const simple = ["linear", "relu", "tanh", "elu", "sigmoid", "softplus"];
const rare = ["hardSigmoid", "relu6", "selu", "softmax", "softsign", "swish", "mish", "gelu", "gelu_new"];
const activation = (choose: Choose) => choose(...simple);
const filters = (choose: Choose) => choose(1, 2, 3, 4, 5, 8, 16);
const affine = (choose: Choose) => ({ center: choose(true, true, false), scale: choose(true, true, false) });

/** Of as many axes as the input has before its channels. A part of a window may lie outside. */
function window(choose: Choose, shape: number[]) {
  const all = (n: number) => shape.slice(1).map(() => n);
  const length = choose(1, 2, 3, 3);
  const padding = choose("same", "valid");
  const dilation = choose(1, 1, 1, 2); // tfjs takes no stride beside one
  // In three dimensions tfjs's `cpu` is wrong where strides are longer than windows: kernels.test.ts looks at those.
  const stride = dilation > 1 ? 1 : Math.min(choose(1, 1, 2, 3), shape.length > 3 ? length : 3);
  const reach = (length - 1) * dilation + 1;
  if (padding === "valid" && shape.slice(0, -1).some((size) => size < reach)) return undefined;
  return {
    kernelSize: all(length),
    poolSize: all(length),
    padding,
    dilationRate: all(dilation),
    strides: all(stride),
  };
}

/** A layer with windows, for which `more` chooses the rest. */
function windowed(make: Make, more: (choose: Choose) => object): Kind {
  return (choose, shape) => {
    const settings = window(choose, shape);
    return settings && make({ ...settings, ...more(choose) });
  };
}

/** The same of layers that know no dilation; and none that would make much of what is large already. */
function undilated(make: Make, more: (choose: Choose) => object = () => ({})): Kind {
  return (choose, shape) => {
    const settings = window(choose, shape);
    const isLarge = tf.util.sizeFromShape(shape) > 400;
    return !settings || isLarge || settings.dilationRate[0] > 1
      ? undefined
      : make({ ...settings, ...more(choose) });
  };
}

const convolution = (choose: Choose) => ({
  filters: filters(choose),
  activation: activation(choose),
  useBias: choose(true, true, false),
});
/** Fewer filters: in three dimensions, float64's reference is slow. */
const small = (choose: Choose) => ({ filters: choose(1, 2, 3), activation: activation(choose) });

function recurrent(choose: Choose): tf.layers.Layer {
  return choose(
    l.simpleRNN,
    l.gru,
    l.lstm,
  )({
    units: choose(2, 3, 4),
    returnSequences: choose(true, false),
    goBackwards: choose(false, false, true),
    useBias: choose(true, true, false),
    activation: choose("tanh", "relu"),
  });
}

/** For inputs of any rank. */
const general: Kind[] = [
  (choose) =>
    l.dense({
      units: choose(1, 2, 3, 4, 7, 8),
      activation: activation(choose),
      useBias: choose(true, false),
    }),
  (choose) => l.activation({ activation: choose(...simple, ...rare) }),
  (choose) => choose(l.leakyReLU, l.elu, l.softmax, l.thresholdedReLU)({ theta: 0.4, axis: -1 }),
  (choose) => l.reLU({ maxValue: choose(undefined, 1) }),
  (choose, shape) => l.prelu(shape.length > 1 ? { sharedAxes: choose(undefined, [1]) } : {}),
  (choose) => l.dropout({ rate: choose(0.2, 0.5), seed: choose(1, 2, 3) }),
  () => l.rescaling({ scale: 0.5, offset: 0.2 }),
  (choose) => l.batchNormalization(affine(choose)),
  (choose) => l.layerNormalization(affine(choose)),
  (choose) =>
    norms.batchNorm({ ...affine(choose), axis: choose(-1, 1), virtualBatchSize: choose(null, null, 3) }),
  (choose, shape) =>
    norms.layerNorm({
      ...affine(choose),
      axis: choose<unknown>(
        -1,
        shape.map((_, axis) => axis + 1),
      ),
    }),
  (choose) => choose(norms.rmsNorm, norms.dyt)({}),
  (choose, shape) =>
    norms.groupNorm({
      ...affine(choose),
      groups: choose(1, shape.length > 1 ? -1 : 1, shape.at(-1)! % 2 === 0 ? 2 : 1),
    }),
  (choose) =>
    norms.weightNorm({ layer: l.dense({ units: choose(2, 3, 8), activation: activation(choose) }) }),
  (choose, shape) =>
    shape.length > 1 ? choose(norms.instanceNorm, norms.switchableNorm)(affine(choose)) : undefined,
  (choose, shape) =>
    norms.residual({
      layers: [norms.layerNorm({}), l.dense({ units: shape.at(-1)!, activation: choose(...simple, "gelu") })],
    }),
  (_, shape) => (shape.length > 1 ? l.flatten({}) : l.repeatVector({ n: 3 })),
  (choose, shape) =>
    shape.length > 1
      ? l.permute({ dims: choose([2, 1], [1, 2]).concat(shape.slice(2).map((_, i) => i + 3)) })
      : undefined,
  (_, shape) => l.reshape({ targetShape: [...shape].reverse() }),
];

/** For inputs of some rank (without the batch). */
const special: Record<number, Kind[]> = {
  2: [
    windowed(l.conv1d, convolution),
    undilated(l.maxPooling1d),
    undilated(l.averagePooling1d),
    (choose) => choose(l.globalAveragePooling1d, l.globalMaxPooling1d)({}),
    recurrent,
    recurrent,
    (choose) =>
      l.bidirectional({ layer: recurrent(choose), mergeMode: choose("concat", "sum", "mul", "ave") }),
    (choose) =>
      l.timeDistributed({ layer: l.dense({ units: choose(2, 3), activation: activation(choose) }) }),
    (choose) =>
      norms.multiHeadAttention({
        numHeads: choose(1, 2, 3),
        keyDim: choose(1, 2, 5),
        valueDim: choose(undefined, 3),
        useBias: choose(true, false),
        causal: choose(true, false),
      }),
    (choose, shape) => norms.positionEmbedding({ sequenceLength: shape[0] + choose(0, 2) }),
    (choose) => l.spatialDropout1d({ rate: 0.3, seed: choose(1, 2) }),
  ],
  3: [
    windowed(l.conv2d, convolution),
    windowed(l.conv2d, convolution),
    windowed((config) => l.conv2d({ ...config, padding: "same", dataFormat: "channelsFirst" }), convolution),
    windowed((config) => norms.weightNorm({ layer: l.conv2d(config) }), convolution),
    windowed(l.depthwiseConv2d, (choose) => ({
      depthMultiplier: choose(1, 2),
      activation: activation(choose),
    })),
    windowed(l.separableConv2d, (choose) => ({ ...convolution(choose), depthMultiplier: choose(1, 2) })),
    undilated(l.conv2dTranspose, convolution),
    undilated(l.maxPooling2d),
    undilated(l.averagePooling2d),
    undilated((config) => l.maxPooling2d({ ...config, padding: "same", dataFormat: "channelsFirst" })),
    (choose) => choose(l.globalAveragePooling2d, l.globalMaxPooling2d)({}),
    (choose, shape) =>
      tf.util.sizeFromShape(shape) > 400
        ? undefined
        : l.upSampling2d({
            size: choose([2, 2], [1, 2], [2, 3]),
            interpolation: choose("nearest", "bilinear"),
          }),
    (choose) =>
      l.zeroPadding2d({
        padding: choose(
          [1, 1],
          [
            [0, 2],
            [1, 0],
          ],
        ),
      }),
    (_, [height, width]) =>
      height > 2 && width > 2
        ? l.cropping2D({
            cropping: [
              [1, 0],
              [0, 1],
            ],
          })
        : undefined,
  ],
  4: [
    undilated(l.conv3d, small),
    undilated(l.conv3dTranspose, small),
    undilated(l.maxPooling3d),
    undilated(l.averagePooling3d),
    (choose) =>
      l.convLstm2d({
        filters: choose(1, 2),
        kernelSize: 2,
        padding: "same",
        returnSequences: choose(true, false),
      }),
  ],
};

/** Inputs: vectors, sequences, images, volumes; and words. */
const inputs: ((choose: Choose) => { shape: number[]; words?: number })[] = [
  (choose) => ({ shape: [choose(1, 3, 5, 8)] }),
  (choose) => ({ shape: [choose(3, 5, 8), choose(1, 3, 4)] }),
  (choose) => ({ shape: [choose(3, 5, 8), choose(4, 6, 8), choose(1, 3, 4, 8)] }),
  (choose) => ({ shape: [choose(2, 3, 4), choose(3, 4), choose(3, 5), choose(1, 2)] }),
  (choose) => ({ shape: [choose(3, 5)], words: 6 }),
];

export interface Drawn {
  model: tf.LayersModel;
  /** Of the input, with the batch. */
  shape: number[];
  /** How many words there are, 0 standing for none of them; undefined where the input is numbers. */
  words: number | undefined;
}

/** The model that an architecture describes. */
export function build({ input, draws }: Architecture): Drawn {
  const choose = chooser(input);
  const { shape, words } = choose(...inputs)(choose);
  const start = tf.input({ shape, dtype: words ? "int32" : "float32" });
  const apply = (layer: tf.layers.Layer, to: unknown) =>
    layer.apply(to as tf.SymbolicTensor) as tf.SymbolicTensor;
  let masked = (words !== undefined || shape.length === 2) && choose(true, false);
  let y = start;
  if (words !== undefined) y = apply(l.embedding({ inputDim: words, outputDim: 3, maskZero: masked }), y);
  else if (masked) y = apply(l.masking({}), y);
  for (const draw of draws) {
    const layer = layerFor(draw, y.shape.slice(1) as number[], masked);
    if (layer === undefined) continue;
    const x = y;
    y = apply(layer, x);
    // Added, multiplied, … where the shapes are the same.
    const merge = [l.add, l.concatenate, l.multiply, l.average, l.maximum, l.minimum].at(draw.around);
    if (merge && x.shape.join() === y.shape.join()) y = apply(merge({}), [x, y]);
    masked &&= y.rank === 3;
  }
  return { model: tf.model({ inputs: start, outputs: y }), shape: [2, ...shape], words };
}

/** The draw's layer, if any fits; of those that take a mask where there is one. */
function layerFor({ layer, settings }: Draw, shape: number[], masked: boolean): tf.layers.Layer | undefined {
  const own = special[shape.length] ?? [];
  const kinds = [...own, ...general, ...own];
  for (let k = 0; k < kinds.length; k++) {
    const made = kinds[(layer + k) % kinds.length](chooser(settings), shape);
    // A softmax takes a mask of its input's whole shape, as in Keras.
    const takesMask = made?.supportsMasking && made.getClassName() !== "Softmax";
    if (made && (takesMask || !masked)) return made;
  }
  return undefined;
}
