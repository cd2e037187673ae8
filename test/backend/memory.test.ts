import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "normlab";

describe("a tensor that the wasm backend has no memory for", () => {
  beforeAll(() => initBackend());

  it.each([
    // More than is left, so malloc answers 0; more than 32 bits can say, so malloc sees 2³² less.
    ["of nearly 4 GiB", 1_073_725_000, "4,096 MiB"],
    ["of 5 GB", 1_250_000_000, "4,769 MiB"],
  ])("%s: one error that says how much was asked for, and the process goes on", (_, size, asked) => {
    const { numTensors } = tf.memory();
    expect(() => tf.fill([size], 1)).toThrow(
      new RegExp(
        `^out of memory: ${asked} were asked for at once, .* Use a smaller batch, a smaller model or fewer`,
      ),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(tf.tidy(() => tf.add(tf.ones([3]), 1).arraySync())).toEqual([2, 2, 2]);
  });
});

it("a kernel whose code stops says that its memory may be damaged", async () => {
  await initBackend();
  const indices = tf.tensor([[1e9]], [1, 1], "int32");
  expect(() => tf.gatherND(tf.ones([3]), indices).dataSync()).toThrow(
    /^GatherNd: its WebAssembly code stopped with "memory access out of bounds".* restart the kernel/,
  );
});

describe("with little memory left", () => {
  const blocks: tf.TensorInfo[] = [];
  const backend = () => tf.backend() as BackendWasm;
  // Room that nothing writes to, and so no memory of the machine's.
  const fill = (size: number) => {
    expect(() => {
      for (;;) blocks.push(backend().makeOutput([size], "float32"));
    }).toThrow("out of memory");
  };

  beforeAll(() => initBackend());
  afterAll(() => {
    for (const { dataId } of blocks) backend().disposeData(dataId);
  });

  it("tensors beyond 2 GiB keep their values, and kernels that have no room for themselves say so", () => {
    fill(2 ** 26);
    const [image, filter] = [tf.ones([1, 1000, 1000, 1]) as tf.Tensor4D, tf.ones([3, 3, 1, 1])];
    expect(backend().dataIdMap.get(image.dataId).memoryOffset).toBeGreaterThan(2 ** 31);
    const convolved = (x: tf.Tensor4D) =>
      tf.tidy(() => tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, "same").dataSync());
    expect(Array.from(convolved(image).subarray(0, 3))).toEqual([4, 6, 6]);
    const written = tf.tensor(Array.from({ length: 2 ** 18 }, (_, i) => i));
    expect(Array.from(written.dataSync().subarray(-2))).toEqual([2 ** 18 - 2, 2 ** 18 - 1]);

    const larger = tf.ones([1, 1000, 1100, 1]) as tf.Tensor4D;
    const spare = backend().makeOutput([1.5e6], "float32");
    for (let size = 2 ** 24; size >= 2 ** 10; size /= 4) fill(size);
    backend().disposeData(spare.dataId);
    const { numTensors } = tf.memory();
    // There is room for the output, but not for the nine addresses of each of its values.
    expect(() => convolved(larger)).toThrow(
      /^out of memory: DepthwiseConv2dNative found no room for what it works with, and .* Use a smaller batch/,
    );
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(Array.from(convolved(tf.ones([1, 1, 2, 1])))).toEqual([2, 2]);
  });
});
