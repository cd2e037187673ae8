/** Winograd's sums cancel but for their rounding errors; Adam, who divides by their size, makes whole steps of those. */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { noiseTensor } from "./support";

type Four = tf.Tensor4D;

beforeAll(async () => {
  await initBackend();
});

/** The nine positions of a 3×3 filter: of which the gradient is exactly 0 for all channels. */
function zeroPositions(x: tf.Tensor, dy: tf.Tensor, pad: "valid" | "same"): number[] {
  const f = (filter: tf.Tensor) => tf.conv2d(x as Four, filter as Four, 1, pad);
  const dFilter = tf
    .grad(f)(noiseTensor([3, 3, 8, 8], 3), dy)
    .dataSync();
  const isZero = (k: number) => dFilter.subarray(k * 64, (k + 1) * 64).every((value) => value === 0);
  return [0, 1, 2, 3, 4, 5, 6, 7, 8].filter(isZero);
}

describe("the gradient of a 3×3 filter is exactly 0 where it meets zeros alone", () => {
  const all = () => noiseTensor([2, 8, 9, 8], 1);
  const dy = () => noiseTensor([2, 8, 9, 8], 2);
  const zeros = (shape: number[]) => tf.zeros(shape);

  it("nowhere, as a rule", () => {
    expect(zeroPositions(all(), dy(), "same")).toEqual([]);
    expect(zeroPositions(all(), dy().slice([0, 0, 0, 0], [2, 6, 7, 8]), "valid")).toEqual([]);
  });

  it("in a layer that pads", () => {
    // Two rows of values under two of zeros: the first row of the filter is over these, for each of the two outputs.
    const x = tf.concat([zeros([2, 2, 9, 8]), all().slice([0, 0, 0, 0], [2, 2, 9, 8])], 1);
    expect(zeroPositions(x, dy().slice([0, 0, 0, 0], [2, 2, 7, 8]), "valid")).toEqual([0, 1, 2]);
    const left = tf.concat(
      [zeros([2, 9, 2, 8]), tf.transpose(all().slice([0, 0, 0, 0], [2, 2, 9, 8]), [0, 2, 1, 3])],
      2,
    );
    expect(zeroPositions(left, dy().slice([0, 0, 0, 0], [2, 7, 2, 8]), "valid")).toEqual([0, 3, 6]);
  });

  it("where only the last row and column of outputs have a gradient, and lie at the border", () => {
    const corner = tf.pad(dy().slice([0, 7, 8, 0], [2, 1, 1, 8]), [[0, 0], [7, 0], [8, 0], [0, 0]]); // prettier-ignore
    expect(zeroPositions(all(), corner, "same")).toEqual([2, 5, 6, 7, 8]);
  });

  it("for no value in one image of the batch only", () => {
    const one = tf.concat([zeros([1, 8, 9, 8]), all().slice([1, 0, 0, 0], [1, 8, 9, 8])], 0);
    expect(zeroPositions(one, dy(), "same")).toEqual([]);
    const last = tf.concat([zeros([2, 8, 9, 7]), noiseTensor([2, 8, 9, 1], 4)], 3);
    expect(zeroPositions(last, dy(), "same")).toEqual([]);
  });
});

it("Adam leaves weights that meet zeros alone as they are", async () => {
  const layer = tf.layers.conv2d({ inputShape: [4, 9, 8], filters: 8, kernelSize: 3 });
  const model = tf.sequential({ layers: [layer] });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const x = tf.concat([tf.zeros([2, 2, 9, 8]), noiseTensor([2, 2, 9, 8], 1)], 1);
  const row = () => Array.from(layer.getWeights()[0].slice([0], [1]).dataSync());
  const before = row();
  for (let step = 0; step < 3; step++) await model.trainOnBatch(x, noiseTensor([2, 2, 7, 8], 2));
  expect(row()).toEqual(before);
});
