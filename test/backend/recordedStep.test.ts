import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { initBackend } from "normlab";
import { beforeAll, expect, it } from "vitest";
import { Homes } from "../../dist/backend/recording/homes";
import { RecordedStep, runStep, type Step } from "../../dist/backend/recording/recordedStep";

beforeAll(() => initBackend());

const batch = (value: number) => [{ values: Float32Array.of(value, 2 * value), shape: [2] }];

it("notices that a step computes with other tensors of the same shapes", () => {
  let step = 0;
  const wired: Step = ([x]) =>
    tf.tidy(() => {
      const [double, triple] = [tf.mul(x, 2), tf.mul(x, 3)];
      return [tf.sum(step++ % 2 ? double : triple)];
    });
  const recorded = new RecordedStep(wired, new Homes([]));
  expect([1, 2, 3, 4].map((value) => recorded.run(batch(value))[0])).toEqual([9, 12, 27, 24]);
  expect(recorded.problem).toBe("does other operations from step to step");
});

it.each([0, 1, 2])("a step that throws the %d-th time leaves no tensor behind", (time) => {
  let step = 0;
  const throwing: Step = ([x]) =>
    tf.tidy(() => {
      if (step++ === time) throw new Error("no more");
      return [tf.sum(tf.mul(x, 2))];
    });
  const sizes = () => [tf.memory().numTensors, (tf.backend() as BackendWasm).dataIdMap.numDataIds()];
  const before = sizes();
  const recorded = new RecordedStep(throwing, new Homes([]));
  for (let i = 0; i < time; i++) recorded.run(batch(1));
  if (time < 2) expect(() => recorded.run(batch(1))).toThrow("no more");
  // From the third time on it is not asked any more.
  else expect(recorded.run(batch(1))).toEqual([6]);
  recorded.dispose();
  expect(sizes()).toEqual(before);
});

it("an unrecorded step that throws leaves no tensor behind", () => {
  const before = tf.memory().numTensors;
  const throwing: Step = () => {
    throw new Error("no more");
  };
  expect(() => runStep(throwing, batch(1))).toThrow("no more");
  expect(tf.memory().numTensors).toBe(before);
});
