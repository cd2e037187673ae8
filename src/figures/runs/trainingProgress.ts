import type { Figure } from "../figure";
import { checkList } from "../options";
import { stylesFor } from "../theme";
import { inWords } from "../words";
import { type CurvesOfRun, trainingCurves } from "./trainingCurves";

/** What this figure reads of what train() reports on its way. */
export interface ProgressOfRun {
  epoch: number;
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  loss: number;
  accuracy: number;
  secondsLeft: number;
  run: CurvesOfRun;
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "time left unknown";
  if (seconds < 0.5) return "done";
  return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
}

/**
 * Training curves as far as they go, and below the title one line a run: epoch, step, loss, accuracy, time left.
 * For a live display: `onProgress: (p) => { latest.set(p.name, p); live.update(trainingProgress([...latest.values()])); }`.
 */
export function trainingProgress(progress: readonly ProgressOfRun[]): Figure {
  checkList("trainingProgress: progress", progress, "at least one report");
  const titles = stylesFor(progress.map(({ run }) => run.name)).map(({ title }) => title);
  const caption = progress.map(
    (p, i) =>
      `${titles[i]}: epoch ${p.epoch} of ${p.epochs}, step ${p.step} of ${p.stepsPerEpoch}, ` +
      `loss ${inWords(p.loss)}, accuracy ${(100 * p.accuracy).toFixed(1)} %, ${duration(p.secondsLeft)}`,
  );
  return trainingCurves(
    progress.map(({ run }) => run),
    { title: "Training …", caption },
  );
}
