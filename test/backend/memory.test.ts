import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
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
