import type { Run } from "normlab";
import { expect, it } from "vitest";
import { SweepClock } from "../../../dist/train/stored/sweepProgress";

/** A Run of batches of 10 after so many steps. */
const run = (epochs: number, train: number, steps: number) =>
  ({
    configuration: { epochs, batchSize: 10, examples: { train } },
    steps: { loss: Array(steps).fill(1) },
  }) as unknown as Run;

it("takes the time left from the examples that were trained on since it was first told of them", () => {
  let milliseconds = 500;
  const trainings = new Map([
    ["a", run(2, 95, 0)],
    ["b", run(3, 100, 0)],
  ]);
  const clock = new SweepClock(trainings, () => milliseconds);
  expect(clock.secondsLeft()).toBeNaN();
  clock.hear("a", run(2, 95, 0));
  // What an earlier process did of b took no time here.
  clock.hear("b", run(3, 100, 20));
  milliseconds += 2000;
  expect(clock.secondsLeft()).toBeNaN();
  clock.hear("a", run(2, 95, 10)); // an epoch: its last batch has 5 examples
  expect(clock.secondsLeft()).toBeCloseTo((2 / 95) * (95 + 100));
  milliseconds += 1000;
  clock.hear("a", run(2, 95, 20));
  clock.hear("b", run(3, 100, 30));
  expect(clock.secondsLeft()).toBe(0);
});
