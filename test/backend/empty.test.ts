import * as tf from "@tensorflow/tfjs";
import { initBackend, normalize } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(async () => {
  await initBackend();
  // Numbers where the next tensors will be: what a kernel leaves unwritten is seen.
  tf.dispose(Array.from({ length: 40 }, (_, i) => tf.fill([i + 1], 7)));
});

describe("tensors without elements", () => {
  it.each([
    ["sum", 0],
    ["mean", NaN],
    ["max", -Infinity],
    ["min", Infinity],
    ["prod", 1],
  ] as const)("%s to %d, as in TensorFlow", (name, value) => {
    const x = tf.zeros([0, 2]);
    expect(tf[name](x, 0).arraySync()).toEqual([value, value]);
    expect(tf[name](x, 0, true).arraySync()).toEqual([[value, value]]);
    expect(tf[name](x).arraySync()).toBe(value);
  });

  it("hold for all, and for none of any", () => {
    const x = tf.zeros([0, 2], "bool");
    expect(tf.all(x, 0).arraySync()).toEqual([1, 1]);
    expect(tf.any(x, 0).arraySync()).toEqual([0, 0]);
    expect(tf.any(x).dtype).toBe("bool");
  });

  it("are broadcast", () => {
    const [x, y] = [tf.zeros([0, 2, 3]), tf.ones([1, 1, 3])];
    for (const name of ["add", "sub", "mul", "div", "maximum", "squaredDifference"] as const) {
      expect(tf[name](x, y).shape).toEqual([0, 2, 3]);
    }
    expect(tf.greater(x, y)).toMatchObject({ shape: [0, 2, 3], dtype: "bool" });
  });

  it("have a product of 0 along an axis without elements, to which a bias is added", () => {
    expect(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).arraySync()).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
    const bias = tf.tensor([1, -2, 3]);
    const y = tf.fused.matMul({ a: tf.zeros([1, 0]), b: tf.zeros([0, 3]), bias, activation: "relu" });
    expect(y.arraySync()).toEqual([[1, 0, 3]]);
  });

  it("are normalized to none, with gradients of 0", () => {
    const x = tf.zeros([0, 3]);
    const f = (gamma: tf.Tensor, beta: tf.Tensor) =>
      normalize(x, { axes: [0], epsilon: 1e-3, gamma, beta }).y;
    expect(normalize(x, { axes: [0], epsilon: 1e-3 }).variance.arraySync()).toEqual([0, 0, 0]);
    const [dGamma, dBeta] = tf.grads(f)([tf.ones([1, 3]), tf.zeros([1, 3])]);
    expect(dGamma.arraySync()).toEqual([[0, 0, 0]]);
    expect(dBeta.arraySync()).toEqual([[0, 0, 0]]);
  });
});
