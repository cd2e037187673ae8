import type { Position } from "./loop";
import type { EpochMetrics, Progress, Run } from "./run";

/** What a worker tells of a Run: all of it at first, then what was added since the last report. */
export interface Report {
  start?: Run;
  steps: Run["steps"];
  epochs: EpochMetrics[];
  secondsPerEpoch: number[];
  notes: string[];
  position: Place;
}

/** A Position without its Run; at the Run's end with how it ended. */
export interface Place extends Omit<Position, "run"> {
  ended?: Run["ended"]["how"];
}

const millisecondsBetween = 200;

/** Answers true at the first call and then at most five times a second. */
export function throttle(): () => boolean {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < millisecondsBetween) return false;
    last = now;
    return true;
  };
}

/** Makes the reports of one Run, one after the other. */
export function reporter(): (position: Position) => Report {
  let sent: { steps: number; epochs: number; notes: number } | undefined;
  return ({ run, ...position }) => {
    const { steps, epochs, notes } = sent ?? { steps: 0, epochs: 0, notes: 0 };
    const report: Report = {
      start: sent === undefined ? run : undefined,
      steps: { loss: run.steps.loss.slice(steps), accuracy: run.steps.accuracy.slice(steps) },
      epochs: run.epochs.slice(epochs),
      secondsPerEpoch: run.timings.secondsPerEpoch.slice(epochs),
      notes: run.notes.slice(notes),
      position,
    };
    sent = { steps: run.steps.loss.length, epochs: run.epochs.length, notes: run.notes.length };
    return report;
  };
}

/** The Run as far as the reports tell: `run` with one more report. */
export function addReport(run: Run | undefined, report: Report): Run {
  const { start, steps, epochs, secondsPerEpoch, notes, position } = report;
  const known = start ?? run!;
  if (start === undefined) {
    known.steps.loss.push(...steps.loss);
    known.steps.accuracy.push(...steps.accuracy);
    known.epochs.push(...epochs);
    known.timings.secondsPerEpoch.push(...secondsPerEpoch);
    known.notes.push(...notes);
  }
  known.ended = { how: "interrupted", epoch: position.epoch, step: position.step };
  return known;
}

/** What the caller's onProgress gets; the Run in it is a copy that later steps don't change. */
export function progressOf(run: Run, place: Place): Progress {
  const { epoch, step, stepsPerEpoch, loss, accuracy, secondsLeft, ended } = place;
  const { name, configuration } = run;
  return {
    name,
    epoch,
    epochs: configuration.epochs,
    step,
    stepsPerEpoch,
    loss,
    accuracy,
    secondsLeft,
    ...(ended && { ended }),
    run: structuredClone(run),
  };
}

/** Where a Run that has ended stands. */
export function finalPlace({ epochs, ended, configuration, steps }: Run): Place {
  const last = epochs.at(-1);
  return {
    epoch: ended.epoch,
    step: ended.step,
    stepsPerEpoch: Math.ceil(configuration.examples.train / configuration.batchSize),
    loss: last?.loss ?? steps.loss.at(-1) ?? NaN,
    accuracy: last?.accuracy ?? steps.accuracy.at(-1) ?? NaN,
    secondsLeft: 0,
    ended: ended.how,
  };
}
