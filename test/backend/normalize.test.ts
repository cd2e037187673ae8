import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { normalize } from "normlab";
import { noiseTensor, on, relativeError } from "./support";

interface Case {
  title: string;
  shape: number[];
  axes: number[];
  parameters?: number[];
  center?: boolean;
}

const cases: Case[] = [
  { title: "batch norm", shape: [4, 5, 6, 8], axes: [0, 1, 2], parameters: [1, 1, 1, 8] },
  { title: "batch norm, odd channels", shape: [3, 5, 5, 7], axes: [0, 1, 2], parameters: [1, 1, 1, 7] },
  { title: "batch norm of features", shape: [9, 12], axes: [0], parameters: [1, 12] },
  { title: "batch norm, channels first", shape: [3, 6, 4, 5], axes: [0, 2, 3], parameters: [1, 6, 1, 1] },
  { title: "layer norm, last axis", shape: [2, 3, 4, 8], axes: [-1], parameters: [1, 1, 1, 8] },
  { title: "layer norm, odd width", shape: [5, 13], axes: [1], parameters: [1, 13] },
  { title: "layer norm over an image", shape: [3, 4, 5, 6], axes: [1, 2, 3], parameters: [1, 4, 5, 6] },
  {
    title: "layer norm, parameters per channel",
    shape: [3, 4, 5, 6],
    axes: [1, 2, 3],
    parameters: [1, 1, 1, 6],
  },
  { title: "layer norm over the middle", shape: [3, 6, 4, 5], axes: [1], parameters: [1, 6, 1, 1] },
  { title: "instance norm", shape: [3, 4, 5, 8], axes: [1, 2], parameters: [1, 1, 1, 8] },
  { title: "group norm", shape: [3, 4, 5, 4, 2], axes: [1, 2, 4], parameters: [1, 1, 1, 4, 2] },
  { title: "group norm, odd groups", shape: [2, 3, 3, 3, 5], axes: [1, 2, 4], parameters: [1, 1, 1, 3, 5] },
  { title: "RMS norm", shape: [6, 16], axes: [1], parameters: [1, 16], center: false },
  {
    title: "RMS norm over an image",
    shape: [3, 4, 4, 3],
    axes: [1, 2, 3],
    parameters: [1, 1, 1, 3],
    center: false,
  },
  {
    title: "uncentered batch norm",
    shape: [6, 4, 4, 8],
    axes: [0, 1, 2],
    parameters: [1, 1, 1, 8],
    center: false,
  },
  { title: "a batch of one", shape: [1, 5, 5, 8], axes: [0, 1, 2], parameters: [1, 1, 1, 8] },
  { title: "no parameters", shape: [4, 3, 3, 8], axes: [0, 1, 2] },
  { title: "no parameters, rows", shape: [4, 24], axes: [1] },
  { title: "scalar parameters", shape: [4, 24], axes: [1], parameters: [1, 1] },
];

/** The definition, differentiated by tfjs itself. */
function definition(c: Case, x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor[] {
  const mean = tf.mean(x, c.axes, true);
  const centered = c.center === false ? x : tf.sub(x, mean);
  const variance = tf.mean(tf.mul(centered, centered), c.axes, true);
  const y = tf.add(tf.mul(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
  const shape = c.shape.filter(
    (_, a) => !c.axes.map((axis) => (axis + c.shape.length) % c.shape.length).includes(a),
  );
  return [y, c.center === false ? tf.zeros(shape) : tf.reshape(mean, shape), tf.reshape(variance, shape)];
}

function both(c: Case, f: typeof definition): () => tf.Tensor[] {
  return () =>
    tf.tidy(() => {
      const x = tf.add(noiseTensor(c.shape), 0.4);
      const parameters = c.parameters ?? c.shape.map(() => 1);
      const gamma = noiseTensor(parameters, 2);
      const beta = noiseTensor(parameters, 3);
      const outputs = f(c, x, gamma, beta, 1e-3);
      // Weights that differ everywhere, so that no term of the gradient cancels.
      const loss = (...[a, b, d]: tf.Tensor[]) =>
        tf.addN(
          f(c, a, b, d, 1e-3).map((output, i) => tf.sum(tf.mul(output, noiseTensor(output.shape, 5 + i)))),
        );
      return [...outputs, ...tf.grads(loss as (...args: tf.Tensor[]) => tf.Scalar)([x, gamma, beta])];
    });
}

describe("normalize", () => {
  it.each(cases)("agrees with the definition and its gradient: $title", async (c) => {
    const ours: typeof definition = (c, x, gamma, beta, epsilon) => {
      const parameters = c.parameters ? { gamma, beta } : {};
      const result = normalize(x, { axes: c.axes, center: c.center, epsilon, ...parameters });
      // Without parameters the definition's γ and β still enter, outside.
      const y = c.parameters ? result.y : tf.add(tf.mul(result.y, gamma), beta);
      return [y, result.mean, result.variance];
    };
    const expected = await on("cpu", both(c, definition));
    for (const backend of ["wasm", "cpu"] as const) {
      const got = await on(backend, both(c, ours));
      got.forEach((values, i) =>
        expect(relativeError(values, expected[i]), `${backend} ${i}`).toBeLessThan(1e-5),
      );
    }
  });

  it("keeps its precision where the mean is far from 0", async () => {
    const [y] = await on("wasm", () =>
      tf.tidy(() => [
        normalize(tf.add(tf.mul(noiseTensor([64, 4]), 0.01), 1e4), { axes: [0], epsilon: 1e-12 }).y,
      ]),
    );
    let sum = 0;
    for (const value of y) sum += value * value;
    expect(sum / y.length).toBeCloseTo(1, 1);
  });

  it("refuses what makes no sense, naming it", async () => {
    await on("wasm", () => {
      const x = noiseTensor([2, 3]);
      expect(() => normalize(x, { axes: [2], epsilon: 1e-3 })).toThrow(/axes is 2; .*from -2 to 1/);
      expect(() => normalize(x, { axes: [0, -2], epsilon: 1e-3 })).toThrow(/axes is \[0, -2\]; .*twice/);
      expect(() => normalize(x, { axes: [], epsilon: 1e-3 })).toThrow(/axes is \[\]; .*one or more/);
      expect(() => normalize(x, { axes: [0], epsilon: 0 })).toThrow(/epsilon is 0; .*positive/);
      expect(() => normalize(x, { axes: [0], epsilon: NaN })).toThrow(/epsilon is NaN; .*positive/);
      expect(() => normalize(x, { axes: [0], epsilon: 1e-3, gamma: tf.ones([3]) })).toThrow(
        /gamma is of shape \[3\]; .*along each axis of \[2, 3\]/,
      );
      expect(() => normalize(x, { axes: [0], epsilon: 1e-3, beta: tf.ones([1, 2]) })).toThrow(
        /beta is of shape \[1, 2\]/,
      );
      return [x];
    });
  });
});
