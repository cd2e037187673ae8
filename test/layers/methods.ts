/** The layers of all methods, for the tests of their behaviour and of their mathematics: to add a method, add it here. */
import * as tf from "@tensorflow/tfjs";
import * as n from "normlab";

const { layers } = n;

export type Factory = (config?: object) => tf.layers.Layer;

const weightNorm: Factory = (config) =>
  layers.weightNorm({ layer: tf.layers.conv2d({ filters: 4, kernelSize: 1 }), ...config });

/** Each with settings that are not the defaults. */
export const methods: [name: string, make: Factory, config: Record<string, unknown>][] = [
  ["batchNorm", layers.batchNorm, { axis: -1, momentum: 0.5, epsilon: 0.01 }],
  ["layerNorm", layers.layerNorm, { axis: [1, 2, 3], epsilon: 0.01 }],
  ["instanceNorm", layers.instanceNorm, { epsilon: 0.01 }],
  ["groupNorm", layers.groupNorm, { groups: 2, epsilon: 0.01 }],
  ["rmsNorm", layers.rmsNorm, { axis: [3], epsilon: 0.01 }],
  ["dyt", layers.dyt, { alphaInitializer: { className: "Constant", config: { value: 0.25 } } }],
  ["switchableNorm", layers.switchableNorm, { momentum: 0.5, epsilon: 0.01 }],
  ["weightNorm", weightNorm, {}],
];

/** Random numbers that float32 holds exactly, so that both sides see the same ones. */
export const normal = (shape: number[], seed: number, mean = 0.4) =>
  n.randomNormal(shape, { seed, mean, standardDeviation: 1.3 }).map(Math.fround);

export interface Case {
  name: string;
  layer: tf.layers.Layer;
  shape: number[];
  weights: Record<string, n.Tensor>;
  /** The float64 forward with those weights, and its gradients by the weights' names. */
  reference: (
    x: n.Tensor,
    dy: n.Tensor,
  ) => { y: n.Tensor; dx: n.Tensor; gradients: Record<string, n.Tensor>; state?: Record<string, n.Tensor> };
}

const gamma = normal([6], 1);
const beta = normal([6], 2);
export const both = { gamma, beta };
export const logits = { mean_logits: normal([3], 3), variance_logits: normal([3], 4) };
export const moving = {
  moving_mean: normal([6], 5),
  moving_variance: normal([6], 6).square().map(Math.fround),
};

export function cases(): Case[] {
  const named = ({ dx, dGamma, dBeta }: { dx: n.Tensor; dGamma: n.Tensor; dBeta?: n.Tensor }) => ({
    dx,
    gradients: { gamma: dGamma, ...(dBeta && { beta: dBeta }) },
  });
  const whole = { gamma: normal([3, 4, 6], 7), beta: normal([3, 4, 6], 8) };
  const switchable = (shape: number[]): Case => ({
    name: `switchableNorm ${shape}`,
    layer: layers.switchableNorm({ epsilon: 1e-5, momentum: 0.9 }),
    shape,
    weights: { ...both, ...logits, ...moving },
    reference(x, dy) {
      const r = n.switchableNorm(x, {
        ...{ ...both, meanLogits: logits.mean_logits, varianceLogits: logits.variance_logits },
        ...{
          movingMean: moving.moving_mean,
          movingVariance: moving.moving_variance,
          epsilon: 1e-5,
          momentum: 0.9,
        },
      });
      const g = n.switchableNormGrad(dy, r.cache);
      return {
        ...{ y: r.y, dx: g.dx, state: { moving_mean: r.movingMean, moving_variance: r.movingVariance } },
        gradients: {
          gamma: g.dGamma,
          beta: g.dBeta,
          mean_logits: g.dMeanLogits,
          variance_logits: g.dVarianceLogits,
        },
      };
    },
  });
  /** Each part of `sizes` examples by `batchNorm` alone; of the statistics the means over all examples. */
  const ghosts = (virtualBatchSize: number, axis: number, shape: number[], sizes: number[]): Case => ({
    name: `batchNorm of ghost batches ${sizes}, channels at ${axis}`,
    layer: layers.batchNorm({ virtualBatchSize, axis, momentum: 0.9, epsilon: 1e-4 }),
    ...{ shape, weights: { ...both, ...moving } },
    reference(x, dy) {
      const size = x.data.length / shape[0];
      const part = (t: n.Tensor, from: number, count: number) =>
        n.tensor([...t.data.slice(from * size, (from + count) * size)], [count, ...shape.slice(1)]);
      let from = 0;
      const parts = sizes.map((count) => {
        const options = { ...both, axis, epsilon: 1e-4, momentum: 0.9 };
        const [xOfPart, dyOfPart] = [x, dy].map((t) => part(t, from, count));
        from += count;
        const r = n.batchNorm(xOfPart, {
          ...options,
          ...{ movingMean: moving.moving_mean, movingVariance: moving.moving_variance },
        });
        return { r, g: n.batchNormGrad(dyOfPart, r.cache), count };
      });
      const joined = (of: (p: (typeof parts)[number]) => n.Tensor) =>
        n.tensor(
          parts.flatMap((p) => [...of(p).data]),
          shape,
        );
      const sum = (of: (p: (typeof parts)[number]) => n.Tensor) => parts.map(of).reduce((a, b) => a.add(b));
      // One step from the old statistics towards a mean is the mean of the steps.
      const mean = (of: (p: (typeof parts)[number]) => n.Tensor) => sum((p) => of(p).mul(p.count / shape[0]));
      return {
        y: joined(({ r }) => r.y),
        dx: joined(({ g }) => g.dx),
        gradients: { gamma: sum(({ g }) => g.dGamma), beta: sum(({ g }) => g.dBeta) },
        state: {
          moving_mean: mean(({ r }) => r.movingMean),
          moving_variance: mean(({ r }) => r.movingVariance),
        },
      };
    },
  });
  return [
    ghosts(2, -1, [6, 3, 4, 6], [2, 2, 2]),
    ghosts(3, 1, [7, 6, 2, 3], [3, 3, 1]),
    ghosts(4, -1, [9, 6], [4, 4, 1]),
    ghosts(8, -1, [5, 6], [5]),
    {
      name: "batchNorm",
      layer: layers.batchNorm({ momentum: 0.9, epsilon: 1e-4 }),
      ...{ shape: [5, 3, 4, 6], weights: { ...both, ...moving } },
      reference(x, dy) {
        const options = { ...both, movingMean: moving.moving_mean, movingVariance: moving.moving_variance };
        const r = n.batchNorm(x, { ...options, momentum: 0.9, epsilon: 1e-4 });
        const state = { moving_mean: r.movingMean, moving_variance: r.movingVariance };
        return { y: r.y, state, ...named(n.batchNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "layerNorm over the whole image",
      ...{ layer: layers.layerNorm({ axis: [1, 2, 3] }), shape: [5, 3, 4, 6], weights: whole },
      reference(x, dy) {
        const r = n.layerNorm(x, { ...whole, axes: [1, 2, 3] });
        return { y: r.y, ...named(n.layerNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "layerNorm of tokens",
      ...{ layer: layers.layerNorm(), shape: [2, 5, 6], weights: both },
      reference(x, dy) {
        const r = n.layerNorm(x, both);
        return { y: r.y, ...named(n.layerNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "instanceNorm",
      ...{ layer: layers.instanceNorm(), shape: [2, 5, 4, 6], weights: both },
      reference(x, dy) {
        const r = n.instanceNorm(x, both);
        return { y: r.y, ...named(n.instanceNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "groupNorm",
      ...{ layer: layers.groupNorm({ groups: 3 }), shape: [2, 5, 4, 6], weights: both },
      reference(x, dy) {
        const r = n.groupNorm(x, { ...both, groups: 3 });
        return { y: r.y, ...named(n.groupNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "rmsNorm",
      ...{ layer: layers.rmsNorm({ axis: [2] }), shape: [2, 5, 6], weights: { gamma } },
      reference(x, dy) {
        const r = n.rmsNorm(x, { gamma, axes: [2] });
        return { y: r.y, ...named(n.rmsNormGrad(dy, r.cache)) };
      },
    },
    {
      name: "dyt",
      ...{ layer: layers.dyt(), shape: [4, 3, 6], weights: { ...both, alpha: n.tensor([0.75]) } },
      reference(x, dy) {
        const r = n.dyt(x, { ...both, alpha: 0.75 });
        const g = n.dytGrad(dy, r.cache);
        return { y: r.y, dx: g.dx, gradients: { alpha: g.dAlpha, gamma: g.dGamma, beta: g.dBeta } };
      },
    },
    switchable([3, 4, 5, 6]),
    switchable([4, 5, 6]),
    {
      name: "weightNorm of a dense layer",
      layer: layers.weightNorm({ layer: tf.layers.dense({ units: 4 }) }),
      ...{ shape: [5, 6], weights: { g: normal([4], 1), kernel: normal([6, 4], 2), bias: normal([4], 3) } },
      reference(x, dy) {
        const { g, kernel, bias } = this.weights;
        const r = n.weightNorm(kernel, g, { axes: [0] });
        const product = (a: n.Tensor, b: n.Tensor) =>
          a
            .reshape([...a.shape, 1])
            .mul(b.reshape([1, ...b.shape]))
            .sum([1]);
        const { dv, dg } = n.weightNormGrad(product(x.transpose(), dy), r.cache);
        return {
          y: product(x, r.w).add(bias),
          ...{ dx: product(dy, r.w.transpose()), gradients: { g: dg, kernel: dv, bias: dy.sum([0]) } },
        };
      },
    },
  ];
}
