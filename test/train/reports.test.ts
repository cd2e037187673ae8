import { afterEach, describe, expect, it, vi } from "vitest";
import type { Run } from "normlab";
import { addReport, finalPlace, progressOf, reporter, throttle } from "../../dist/train/reports";

afterEach(() => vi.restoreAllMocks());

describe("reports", () => {
  it("add up to the Run, however many epochs lie between two of them", () => {
    const run = {
      steps: { loss: [], accuracy: [] },
      epochs: [],
      timings: { secondsPerEpoch: [] },
      notes: [],
      ended: { how: "interrupted", epoch: 1, step: 0 },
    } as unknown as Run;
    const report = reporter();
    let told: Run | undefined;
    const tell = (epoch: number, step: number) => {
      run.ended = { how: "interrupted", epoch, step };
      const position = { run, epoch, step, stepsPerEpoch: 2, loss: 0, accuracy: 0, secondsLeft: 0 };
      // As a message between threads: a copy.
      told = addReport(told, structuredClone(report(position)));
      expect(told).toEqual(run);
    };
    const trainStep = (loss: number) => {
      run.steps.loss.push(loss);
      run.steps.accuracy.push(1 / loss);
    };
    const endEpoch = (epoch: number) => {
      run.epochs.push({ epoch, loss: epoch, accuracy: 0 });
      run.timings.secondsPerEpoch.push(epoch / 8);
      run.notes.push(`epoch ${epoch}`);
    };

    trainStep(9);
    tell(1, 1);
    trainStep(8);
    endEpoch(1);
    trainStep(7);
    tell(2, 1);
    trainStep(6);
    endEpoch(2);
    endEpoch(3);
    tell(4, 0);
    tell(4, 0);
  });
});

describe("throttle", () => {
  it("lets pass the first, and then one each 200 ms", () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const isDue = throttle();
    const passed = [0, 0, 199, 200, 201, 399, 400, 1000, 1199].filter((time) => {
      now = time;
      return isDue();
    });
    expect(passed).toEqual([0, 200, 400, 1000]);
  });
});

describe("where a Run stands", () => {
  const run = (change: object) =>
    ({
      name: "it",
      configuration: { epochs: 4, batchSize: 8, examples: { train: 20 } },
      steps: { loss: [3, 2], accuracy: [0.25, 0.5] },
      epochs: [],
      ended: { how: "interrupted", epoch: 1, step: 2 },
      ...change,
    }) as unknown as Run;

  it("is told with the last epoch's metrics, else the last step's, else with none", () => {
    const epochs = [
      { epoch: 1, loss: 9, accuracy: 0.125 },
      { epoch: 2, loss: 1, accuracy: 0.75 },
    ];
    const place = { epoch: 1, step: 2, stepsPerEpoch: 3, secondsLeft: 0, ended: "interrupted" };
    expect(finalPlace(run({ epochs }))).toEqual({ ...place, loss: 1, accuracy: 0.75 });
    expect(finalPlace(run({}))).toEqual({ ...place, loss: 2, accuracy: 0.5 });
    expect(finalPlace(run({ steps: { loss: [], accuracy: [] } }))).toEqual({
      ...place,
      loss: NaN,
      accuracy: NaN,
    });
  });

  it("is told with a copy that later steps don't change", () => {
    const original = run({});
    const place = { ...finalPlace(original), secondsLeft: 5 };
    const progress = progressOf(original, place);
    expect(progress).toEqual({ ...place, name: "it", epochs: 4, run: original });
    original.steps.loss.push(1);
    expect(progress.run.steps.loss).toEqual([3, 2]);
  });
});
