/**
 * Every layer of tfjs on our backend: its output against tfjs's `cpu`, and its gradients against differences of that
 * output. (tfjs's own gradients are no reference: `cpu` shares several of their faults.)
 */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { noise, noiseTensor, relativeError } from "./support";

type Make = () => tf.layers.Layer;

const l = tf.layers;
const seeded = { kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) };
const recurrent = { ...seeded, recurrentInitializer: tf.initializers.glorotUniform({ seed: 2 }), units: 3 };
/** Both paddings with strides and dilations that fit badly: windows of which a part lies outside. */
const windows = (rank: number) =>
  (["same", "valid"] as const).flatMap((padding) =>
    [1, 2].map((stride) => ({ padding, strides: Array<number>(rank).fill(stride) })),
  );

const cases: [name: string, shape: number[], make: Make][] = [
  ...windows(1).flatMap((window): [string, number[], Make][] => [
    [
      `conv1d ${spoken(window)}`,
      [2, 7, 3],
      () => l.conv1d({ filters: 4, kernelSize: 3, ...seeded, ...window }),
    ],
    [`maxPooling1d ${spoken(window)}`, [2, 7, 3], () => l.maxPooling1d({ poolSize: 3, ...one(window) })],
    [
      `averagePooling1d ${spoken(window)}`,
      [2, 7, 3],
      () => l.averagePooling1d({ poolSize: 3, ...one(window) }),
    ],
  ]),
  ...windows(2).flatMap((window): [string, number[], Make][] => [
    [
      `conv2d ${spoken(window)}`,
      [2, 7, 6, 3],
      () => l.conv2d({ filters: 4, kernelSize: 3, ...seeded, ...two(window) }),
    ],
    [
      `conv2dTranspose ${spoken(window)}`,
      [2, 4, 5, 3],
      () => l.conv2dTranspose({ filters: 4, kernelSize: 3, ...seeded, ...two(window) }),
    ],
    [
      `depthwiseConv2d ${spoken(window)}`,
      [2, 7, 6, 3],
      () =>
        l.depthwiseConv2d({
          kernelSize: 3,
          depthMultiplier: 2,
          depthwiseInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          ...two(window),
        }),
    ],
    [
      `separableConv2d ${spoken(window)}`,
      [2, 7, 6, 3],
      () =>
        l.separableConv2d({
          filters: 4,
          kernelSize: 3,
          depthwiseInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          pointwiseInitializer: tf.initializers.glorotUniform({ seed: 4 }),
          ...two(window),
        }),
    ],
    [`maxPooling2d ${spoken(window)}`, [2, 7, 6, 3], () => l.maxPooling2d({ poolSize: 3, ...two(window) })],
    [
      `averagePooling2d ${spoken(window)}`,
      [2, 7, 6, 3],
      () => l.averagePooling2d({ poolSize: 3, ...two(window) }),
    ],
  ]),
  ...windows(3).flatMap((window): [string, number[], Make][] => [
    [
      `conv3d ${spoken(window)}`,
      [2, 5, 4, 3, 2],
      () => l.conv3d({ filters: 3, kernelSize: 2, ...seeded, ...three(window) }),
    ],
    [
      `conv3dTranspose ${spoken(window)}`,
      [2, 3, 4, 3, 2],
      () => l.conv3dTranspose({ filters: 3, kernelSize: 2, ...seeded, ...three(window) }),
    ],
    [
      `maxPooling3d ${spoken(window)}`,
      [2, 5, 4, 3, 2],
      () => l.maxPooling3d({ poolSize: [2, 2, 2], ...three(window) }),
    ],
    [
      `averagePooling3d ${spoken(window)}`,
      [2, 5, 4, 3, 2],
      () => l.averagePooling3d({ poolSize: [2, 2, 2], ...three(window) }),
    ],
  ]),
  [
    "conv2d dilated, channels first",
    [2, 3, 8, 7],
    () =>
      l.conv2d({
        filters: 4,
        kernelSize: 3,
        dilationRate: 2,
        dataFormat: "channelsFirst",
        activation: "tanh",
        ...seeded,
      }),
  ],
  ["conv1d dilated", [2, 9, 3], () => l.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, ...seeded })],
  ["conv2d dilated", [2, 8, 7, 3], () => l.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, ...seeded })],
  [
    "depthwiseConv2d dilated",
    [2, 8, 7, 3],
    () =>
      l.depthwiseConv2d({
        kernelSize: 3,
        dilationRate: 2,
        depthwiseInitializer: tf.initializers.glorotUniform({ seed: 3 }),
      }),
  ],
  ["dense", [2, 5], () => l.dense({ units: 3, ...seeded })],
  ["dense over tokens", [2, 4, 5], () => l.dense({ units: 3, ...seeded })],
  ...(
    [
      "elu",
      "hardSigmoid",
      "linear",
      "relu",
      "relu6",
      "selu",
      "sigmoid",
      "softmax",
      "softplus",
      "softsign",
      "tanh",
      "swish",
      "mish",
      "gelu",
      "gelu_new",
    ] as const
  ).map((activation): [string, number[], Make] => [
    `activation ${activation}`,
    [3, 7],
    () => l.activation({ activation: activation as "relu" }),
  ]),
  ["leakyReLU", [3, 7], () => l.leakyReLU()],
  ["prelu", [3, 7], () => l.prelu({ alphaInitializer: tf.initializers.constant({ value: 0.3 }) })],
  ["thresholdedReLU", [3, 7], () => l.thresholdedReLU({ theta: 0.4 })],
  ["simpleRNN", [2, 4, 5], () => l.simpleRNN(recurrent)],
  ["simpleRNN over one step", [2, 1, 5], () => l.simpleRNN(recurrent)],
  ["gru", [2, 4, 5], () => l.gru(recurrent)],
  ["lstm", [2, 4, 5], () => l.lstm({ ...recurrent, returnSequences: true })],
  [
    "bidirectional",
    [2, 4, 5],
    () => l.bidirectional({ layer: l.gru(recurrent) as tf.RNN, mergeMode: "concat" }),
  ],
  [
    "convLstm2d",
    [2, 3, 4, 3, 2],
    () => l.convLstm2d({ ...recurrent, filters: 2, kernelSize: 2, padding: "same" } as never),
  ],
  [
    "stackedRNNCells",
    [2, 4, 5],
    () => l.rnn({ cell: [l.gruCell(recurrent), l.lstmCell(recurrent)] as never }),
  ],
  ["spatialDropout1d", [2, 4, 5], () => l.spatialDropout1d({ rate: 0.3, seed: 1 })],
  ["dropout", [2, 5], () => l.dropout({ rate: 0.3, seed: 1 })],
  ["resizing", [2, 3, 4, 2], () => l.resizing({ height: 5, width: 3 })],
  ["masking", [2, 4, 5], () => l.masking({ maskValue: 0.1 })],
  ["timeDistributed", [2, 4, 5], () => l.timeDistributed({ layer: l.dense({ units: 3, ...seeded }) })],
  ["globalAveragePooling1d", [2, 7, 3], () => l.globalAveragePooling1d({})],
  ["globalAveragePooling2d", [2, 5, 4, 3], () => l.globalAveragePooling2d({})],
  ["globalMaxPooling1d", [2, 7, 3], () => l.globalMaxPooling1d({})],
  ["globalMaxPooling2d", [2, 5, 4, 3], () => l.globalMaxPooling2d({})],
  ["upSampling2d nearest", [2, 3, 4, 2], () => l.upSampling2d({ size: [2, 3] })],
  ["upSampling2d bilinear", [2, 3, 4, 2], () => l.upSampling2d({ size: [2, 3], interpolation: "bilinear" })],
  [
    "zeroPadding2d",
    [2, 3, 4, 2],
    () =>
      l.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
  ],
  [
    "cropping2d",
    [2, 5, 6, 2],
    () =>
      l.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
  ],
  ["repeatVector", [2, 5], () => l.repeatVector({ n: 3 })],
  ["permute", [2, 3, 4], () => l.permute({ dims: [2, 1] })],
  ["reshape", [2, 3, 4], () => l.reshape({ targetShape: [4, 3] })],
  ["flatten", [2, 3, 4], () => l.flatten()],
  [
    "batchNormalization",
    [4, 3, 4, 2],
    () => l.batchNormalization({ gammaInitializer: tf.initializers.constant({ value: 1.5 }) }),
  ],
  ["layerNormalization", [4, 5], () => l.layerNormalization({})],
  ["rescaling", [2, 5], () => l.rescaling({ scale: 0.5, offset: 1 })],
];

function spoken({ padding, strides }: { padding: string; strides: number[] }): string {
  return `${padding}, stride ${strides[0]}`;
}
interface Window {
  padding: "same" | "valid";
  strides: number[];
}
function one({ padding, strides }: Window) {
  return { padding, strides: strides[0] };
}
function two({ padding, strides }: Window) {
  return { padding, strides: strides as [number, number] };
}
function three({ padding, strides }: Window) {
  return { padding, strides: strides as [number, number, number] };
}

beforeAll(async () => {
  await initBackend();
});

/** Evenly spaced numbers in random order: no two so close that a small step changes which of them is the largest. */
function inputOf(shape: number[]): tf.Tensor {
  const values = noise(tf.util.sizeFromShape(shape), 5);
  const ranks = Float32Array.from(values).sort();
  return tf.tensor(
    Array.from(values, (value) => (3.4 * (ranks.indexOf(value) + 0.3)) / ranks.length - 1.7),
    shape,
  );
}

/** The layer, built, with weights of no special value. */
function built(make: Make, shape: number[]): tf.layers.Layer {
  const layer = make();
  layer.build(shape);
  layer.built = true;
  return layer;
}

describe.each(cases)("the layer %s", (_name, shape, make) => {
  it("computes what tfjs's cpu backend does", async () => {
    const output = async (backend: string) => {
      await tf.setBackend(backend);
      return (built(make, shape).call(inputOf(shape), { training: true }) as tf.Tensor).data();
    };
    const expected = await output("cpu");
    const actual = await output("wasm");
    expect(relativeError(actual, expected)).toBeLessThan(1e-5);
  });

  it("has the gradients that its output's differences have", () => {
    const layer = built(make, shape);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const x = tf.variable(inputOf(shape));
    const all = [x, ...variables];
    const run = () => layer.call(x, { training: true }) as tf.Tensor;
    const dy = noiseTensor(run().shape, 7);
    const loss = () => tf.sum(tf.mul(run(), dy)) as tf.Scalar;
    const { grads } = tf.variableGrads(loss, all);
    for (const [k, variable] of all.entries()) {
      const gradient = grads[variable.name].dataSync();
      // A few directions: all of them at once, and some single numbers.
      for (const direction of directions(variable.size)) {
        const expected = slope(loss, variable, direction);
        const actual = direction.reduce((sum, value, i) => sum + value * gradient[i], 0);
        const size = Math.hypot(...gradient) * Math.hypot(...direction);
        expect(Math.abs(actual - expected) / (size || 1), `weight ${k}`).toBeLessThan(0.01);
      }
    }
  });
});

function directions(size: number): Float32Array[] {
  const ofOne = (at: number) => Float32Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));
  return [noise(size, 11), noise(size, 12), ofOne(0), ofOne(size - 1), ofOne(Math.floor(size / 3))];
}

/** The loss's slope along a direction, from a difference to both sides. */
function slope(loss: () => tf.Scalar, variable: tf.Variable, direction: Float32Array): number {
  const step = 0.001;
  const at = variable.clone();
  const [before, after] = [-step, step].map((h) => {
    variable.assign(tf.add(at, tf.mul(tf.tensor(direction, variable.shape), h)));
    return loss().dataSync()[0];
  });
  variable.assign(at);
  return (after - before) / (2 * step);
}
