import { describe, expect, it } from "vitest";
import type { Run } from "normlab";
import { addReport, reporter } from "../../dist/train/reports";

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
