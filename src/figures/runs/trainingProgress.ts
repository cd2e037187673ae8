import type { Figure } from "../figure";
import { checkCount } from "../../tensor/validate";
import { checkList, withParts } from "../options";
import { stylesFor } from "../theme";
import { inWords } from "../words";
import { checkRun, type CurvesOfRun, trainingCurves } from "./trainingCurves";

/** What this figure reads of what train() reports on its way. */
export interface ProgressOfRun {
  epoch: number;
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  loss: number;
  accuracy: number;
  secondsLeft: number;
  /** how it ended, in the last report */
  ended?: "completed" | "interrupted" | "failed";
  run: CurvesOfRun;
}

/** What it reads of what sweep() reports of all its networks. */
export interface ProgressOfSweep {
  done: number;
  total: number;
  secondsLeft: number;
}

const sweepParts = withParts<ProgressOfSweep>({
  done: { required: checkCount },
  total: { required: checkCount },
  secondsLeft: true,
});
const progressParts = withParts<Pick<ProgressOfRun, "run">>({ run: { required: checkRun } });

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "time left unknown";
  if (seconds < 0.5) return "done";
  if (seconds < 90) return `${Math.ceil(seconds)} s left`;
  return seconds < 90 * 60 ? `${Math.ceil(seconds / 60)} min left` : `${(seconds / 3600).toFixed(1)} h left`;
}

const isInterrupted = ({ ended }: ProgressOfRun): boolean => ended === "interrupted";

/** What is going on; or, when it was interrupted, in which epoch, if that is the same in all runs. */
function titleOf(progress: readonly ProgressOfRun[]): string {
  const places = new Set(
    progress.filter(isInterrupted).map(({ epoch, epochs }) => ` in epoch ${epoch} of ${epochs}`),
  );
  if (places.size === 0) return "Training …";
  return `Interrupted${places.size === 1 ? [...places][0] : ""}`;
}

function whereIs(p: ProgressOfRun): string {
  if (isInterrupted(p) && p.run.steps.loss.length === 0) return "interrupted before its first step";
  const place =
    `epoch ${p.epoch} of ${p.epochs}, step ${p.step} of ${p.stepsPerEpoch}, ` +
    `loss ${inWords(p.loss)}, accuracy ${(100 * p.accuracy).toFixed(1)} %`;
  return isInterrupted(p) ? `interrupted in ${place}` : `${place}, ${duration(p.secondsLeft)}`;
}

/**
 * Training curves as far as they go, and below the title one line a run: epoch, step, loss, accuracy, time left, or
 * that it was interrupted.
 * For a live display: `onProgress: (p) => { latest.set(p.name, p); live.update(trainingProgress([...latest.values()])); }`.
 *
 * @param sweep what `sweep` reports of all its networks: how many are trained, of how many, and the time left for all
 */
export function trainingProgress(progress: readonly ProgressOfRun[], sweep?: ProgressOfSweep): Figure {
  checkList("trainingProgress: progress", progress, "at least one report", progressParts);
  const titles = stylesFor(progress.map(({ run }) => run.name)).map(({ title }) => title);
  const caption = progress.map((p, i) => `${titles[i]}: ${whereIs(p)}`);
  if (sweep !== undefined) {
    sweepParts("trainingProgress: sweep", sweep);
    const { done, total, secondsLeft } = sweep;
    if (total > progress.length)
      caption.unshift(`${done} of ${total} networks trained, ${duration(secondsLeft)}`);
  }
  return trainingCurves(
    // A Run that is under way says of itself that it was interrupted where it is.
    progress.map(({ run }) => ({ ...run, ended: undefined })),
    { title: titleOf(progress), caption },
  );
}
