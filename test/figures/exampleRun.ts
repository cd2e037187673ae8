/** Made-up runs for the tests of figures. */
import type { CurvesOfRun, ResultOfRun } from "normlab";

const many = (count: number, f: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => f(i));

export function exampleRun(
  name: string,
  speed: number,
  epochs = 3,
  steps = epochs * 40,
): CurvesOfRun & ResultOfRun {
  return {
    name,
    seed: 7,
    configuration: { epochs, batchSize: 10, examples: { train: 395 } },
    steps: {
      loss: many(steps, (i) => 2.3 * Math.exp((-i / 20) * speed) + 0.02),
      accuracy: many(steps, (i) => 0.99 - 0.9 * Math.exp((-i / 15) * speed)),
    },
    epochs: many(Math.floor(steps / 40), (i) => i).map((i) => ({
      epoch: i + 1,
      loss: 0.1 / (i + 1),
      accuracy: 0.97 + 0.005 * i,
      validationLoss: 0.12 / (i + 1),
      validationAccuracy: 0.96 + 0.005 * i,
    })),
    test: { loss: 0.05, accuracy: 0.9812 },
    timings: { secondsPerEpoch: [2, 9, 3] },
  };
}
