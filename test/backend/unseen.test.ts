/** Strides longer than the windows: what lies between them, and at the end, is in no window. */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";

type Operation = (x: tf.Tensor) => tf.Tensor;
type Five = tf.Tensor5D;

beforeAll(async () => {
  await initBackend();
});

describe("windows of one value, every second one, along axes of 4 and 5", () => {
  const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);
  const inVolumes = [1, 4, 1, 5, 1];
  const inImages = [1, 4, 5, 1];
  const cases: [string, number[], Operation][] = [
    ["conv3d", inVolumes, (x) => tf.conv3d(x as Five, ones(1, 1, 1, 1, 1) as Five, 2, "same")],
    ["maxPool3d", inVolumes, (x) => tf.maxPool3d(x as Five, 1, 2, "same")],
    ["avgPool3d", inVolumes, (x) => tf.avgPool3d(x as Five, 1, 2, "same")],
    ["conv2d", inImages, (x) => tf.conv2d(x as tf.Tensor4D, ones(1, 1, 1, 1) as tf.Tensor4D, 2, "same")],
    [
      "depthwiseConv2d",
      inImages,
      (x) => tf.depthwiseConv2d(x as tf.Tensor4D, ones(1, 1, 1, 1) as tf.Tensor4D, 2, "same"),
    ],
    ["maxPool", inImages, (x) => tf.maxPool(x as tf.Tensor4D, 1, 2, "same")],
    ["avgPool", inImages, (x) => tf.avgPool(x as tf.Tensor4D, 1, 2, "same")],
  ];
  const seen = [0, 2, 4, 10, 12, 14];
  it.each(cases)("%s begins at the first", (_name, shape, f) => {
    const x: tf.Tensor = tf.reshape(tf.range(0, 20), shape);
    expect(Array.from(f(x).dataSync())).toEqual(seen);
    const dy = tf.reshape(tf.range(1, 7), f(x).shape);
    const expected = Array.from({ length: 20 }, (_, i) => seen.indexOf(i) + 1);
    expect(Array.from(tf.grad(f)(x, dy).dataSync())).toEqual(expected);
  });

  it("the gradient of conv3d's filter is of these", () => {
    const x = tf.reshape(tf.range(0, 20), inVolumes) as tf.Tensor as Five;
    const f = (filter: tf.Tensor) => tf.conv3d(x, filter as Five, 2, "same");
    expect(
      tf
        .grad(f)(ones(1, 1, 1, 1, 1))
        .dataSync()[0],
    ).toBe(42);
  });

  it("conv3dTranspose puts them there", () => {
    const layer = tf.layers.conv3dTranspose({
      filters: 1,
      kernelSize: 1,
      strides: [2, 1, 2],
      padding: "same",
      kernelInitializer: "ones",
    });
    const y = layer.apply(tf.reshape(tf.range(1, 7), [1, 2, 1, 3, 1])) as tf.Tensor;
    const expected = [1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    expect(Array.from(y.dataSync())).toEqual(expected);
  });
});

it("depthwise windows of two, every third: two of each three values count", () => {
  const x = tf.reshape(tf.range(0, 6), [1, 1, 6, 1]) as tf.Tensor4D;
  const y = tf.depthwiseConv2d(x, tf.ones([1, 2, 1, 1]), 3, "same");
  expect(Array.from(y.dataSync())).toEqual([1, 7]);
});
