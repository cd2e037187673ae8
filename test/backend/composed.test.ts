/** The kernels under ours: what runs where there is no SIMD, and on tfjs's `cpu` backend. */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { conv2dBackpropFilter } from "../../dist/backend/composed/convolution";
import { noiseTensor, relativeError } from "./support";

type Four = tf.Tensor4D;

beforeAll(async () => {
  await initBackend();
});

describe("the gradient of a filter without SIMD", () => {
  it.each([
    { strides: [1, 1], pad: "valid", dilations: [1, 1] },
    { strides: [2, 3], pad: "same", dilations: [1, 1] },
    { strides: [1, 1], pad: "same", dilations: [2, 3] },
    { strides: [3, 2], pad: 1, dilations: [1, 1] },
  ] as { strides: [number, number]; pad: "valid" | "same" | number; dilations: [number, number] }[])(
    "is that of our kernel, channels last and first: %o",
    (attrs) => {
      const filterShape: [number, number, number, number] = [3, 2, 3, 4];
      const x = noiseTensor([2, 9, 8, 3], 1);
      const f = (filter: tf.Tensor) =>
        tf.conv2d(x as Four, filter as Four, attrs.strides, attrs.pad, "NHWC", attrs.dilations);
      const dy = noiseTensor(f(noiseTensor(filterShape)).shape, 2);
      const expected = tf.grad(f)(noiseTensor(filterShape, 3), dy).dataSync();
      for (const dataFormat of ["NHWC", "NCHW"]) {
        const placed = (t: tf.Tensor) => (dataFormat === "NCHW" ? tf.transpose(t, [0, 3, 1, 2]) : t);
        const dFilter = conv2dBackpropFilter({
          inputs: { x: placed(x), dy: placed(dy) },
          attrs: { ...attrs, dataFormat, filterShape },
          backend: tf.backend(),
        }) as tf.Tensor;
        expect(dFilter.shape).toEqual(filterShape);
        expect(relativeError(dFilter.dataSync(), expected)).toBeLessThan(1e-5);
      }
    },
  );
});

it("what is borrowed from cpu leaves nothing there", () => {
  const x = noiseTensor([1, 3, 3, 3, 1]);
  const f = (x: tf.Tensor) =>
    tf.conv3d(x as tf.Tensor5D, noiseTensor([2, 2, 2, 1, 1]) as tf.Tensor5D, 1, "same");
  const step = () => tf.tidy(() => tf.grad(f)(x).dataSync());
  step();
  const { numTensors } = tf.memory();
  const onCpu = tf.findBackend("cpu").numDataIds();
  step();
  expect(tf.findBackend("cpu").numDataIds()).toBe(onCpu);
  expect(tf.memory().numTensors).toBe(numTensors);
});
