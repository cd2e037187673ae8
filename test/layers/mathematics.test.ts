/** Every layer against the float64 functions: forward, backward, state; with γ, β and dy of no special value. */
import * as tf from "@tensorflow/tfjs";
import * as n from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, type Numbers } from "../support/close";
import { runLayer, setWeights, toNumbers } from "./support";

const TOLERANCE = 1e-5;
const { layers } = n;

/** Random numbers that float32 holds exactly, so that both sides see the same ones. */
const normal = (shape: number[], seed: number, mean = 0.4) =>
  n.randomNormal(shape, { seed, mean, standardDeviation: 1.3 }).map(Math.fround);

interface Case {
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
const both = { gamma, beta };
const logits = { mean_logits: normal([3], 3), variance_logits: normal([3], 4) };
const moving = { moving_mean: normal([6], 5), moving_variance: normal([6], 6).square().map(Math.fround) };

function training(): Case[] {
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
  return [
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

describe.each(["wasm", "cpu"] as const)("layers on the backend %s", (backend) => {
  beforeAll(async () => {
    await n.initBackend({ backend });
  });

  it.each(training())(
    "compute what the float64 functions compute: $name",
    ({ layer, shape, weights, reference }) => {
      const x = normal(shape, 11);
      layer.build(shape);
      setWeights(layer, weights);
      const dy = normal(layer.computeOutputShape(shape) as number[], 12, 0.1);
      const expected = reference.call({ weights } as Case, x, dy);
      const actual = runLayer(layer, x, dy, true);
      expectClose("y", actual.y, expected.y, TOLERANCE);
      expectClose("dx", actual.dx, expected.dx, TOLERANCE);
      expect(Object.keys(actual.gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
      for (const [name, gradient] of Object.entries(expected.gradients)) {
        expectClose(`gradient of ${name}`, actual.gradients[name], gradient, TOLERANCE);
      }
      for (const [name, value] of Object.entries(expected.state ?? {})) {
        expectClose(name, actual.state[name], value, TOLERANCE);
      }
    },
  );

  it.each(["batchNorm", "switchableNorm"] as const)(
    "use the moving statistics in inference: %s",
    (method) => {
      const layer = layers[method]();
      layer.build([2, 5, 6]);
      setWeights(layer, { ...both, ...logits, ...moving });
      const [x, dy] = [normal([2, 5, 6], 1), normal([2, 5, 6], 2)];
      const options = {
        ...{
          ...both,
          training: false,
          movingMean: moving.moving_mean,
          movingVariance: moving.moving_variance,
        },
        ...{ meanLogits: logits.mean_logits, varianceLogits: logits.variance_logits },
      };
      const expected =
        method === "batchNorm"
          ? ((r) => ({ y: r.y, ...n.batchNormGrad(dy, r.cache) }))(n.batchNorm(x, options))
          : ((r) => ({ y: r.y, ...n.switchableNormGrad(dy, r.cache) }))(n.switchableNorm(x, options));
      const actual = runLayer(layer, x, dy, false);
      expectClose("y", actual.y, expected.y, TOLERANCE);
      expectClose("dx", actual.dx, expected.dx, TOLERANCE);
      expectClose("dGamma", actual.gradients.gamma, expected.dGamma, TOLERANCE);
      expectClose("moving_mean", actual.state.moving_mean, moving.moving_mean, 0);
      expectClose("moving_variance", actual.state.moving_variance, moving.moving_variance, 0);
    },
  );

  it("compute a weight-normalized convolution", () => {
    const layer = layers.weightNorm({
      layer: tf.layers.conv2d({ filters: 3, kernelSize: 2, useBias: false }),
    });
    layer.build([1, 4, 4, 2]);
    const kernel = normal([2, 2, 2, 3], 1);
    const g = normal([3], 2);
    setWeights(layer, { g, kernel });
    const { w } = n.weightNorm(kernel, g, { axes: [0, 1, 2] });
    const x = tf.randomNormal([1, 4, 4, 2], 0, 1, "float32", 3) as tf.Tensor4D;
    const plain = tf.conv2d(x, tf.tensor4d(Array.from(w.data), [2, 2, 2, 3]), 1, "valid");
    expectClose("y", toNumbers(layer.apply(x) as tf.Tensor), toNumbers(plain), TOLERANCE);
  });

  it.each([
    ["batchNorm", layers.batchNorm({ epsilon: 1e-5 }), [256, 3], [0]],
    ["layerNorm", layers.layerNorm({ epsilon: 1e-5 }), [3, 256], [1]],
    ["groupNorm", layers.groupNorm({ epsilon: 1e-5, groups: 2 }), [3, 256], undefined],
  ] as [string, tf.layers.Layer, number[], number[] | undefined][])(
    "keep their digits at mean 10⁴, σ 0.01: %s",
    (_name, layer, shape, axes) => {
      const x = n.randomNormal(shape, { seed: 1, standardDeviation: 0.01 }).add(1e4).map(Math.fround);
      const dy = normal(shape, 2);
      const expected: { y: Numbers } = axes
        ? { y: n.standardize(x, { axes, epsilon: 1e-5 }).xHat }
        : n.groupNorm(x, { groups: 2, epsilon: 1e-5 });
      expectClose("y", runLayer(layer, x, dy, true).y, expected.y, TOLERANCE);
    },
  );
});
