import type { LayersModel } from "@tensorflow/tfjs";
import { describeBackend, initBackend } from "../backend";
import type { Dataset } from "../data";
import type { Interrupt } from "./interrupt";
import { runLoop } from "./loop";
import { type Place, progressOf, throttle } from "./reports";
import { type Progress, type Run, TrainingError } from "./run";
import type { Settings } from "./settings";

/** Trains on the caller's thread and lets it do other work after every step. */
export async function trainOnThisThread(
  model: LayersModel,
  data: Dataset,
  settings: Settings,
  interrupt: Interrupt,
  { reason, onProgress }: { reason: string; onProgress?: (progress: Progress) => void },
): Promise<Run> {
  if (describeBackend().name === "none") await initBackend();
  const note = `trained on the notebook's own thread, not in a worker: ${reason}`;
  console.warn(`train: "${settings.name}" is ${note}.`);
  const restore = compileForAccuracy(model);
  const isDue = throttle();
  let last: { run: Run; place: Place } | undefined;
  try {
    return await runLoop(model, data, settings, {
      mayRecord: false,
      shouldStop: () => interrupt.by !== undefined,
      afterStep: async ({ run, ...place }) => {
        last = { run, place };
        if (isDue()) onProgress?.(progressOf(run, place));
        await new Promise(setImmediate);
      },
      notes: [note],
    });
  } catch (error) {
    if (last === undefined) throw error;
    const { run, place } = last;
    const message = `train: the experiment "${settings.name}" failed in epoch ${place.epoch}, after step ${place.step}: ${(error as Error).message}`;
    run.ended = { ...run.ended, how: "failed", message };
    throw new TrainingError(message, run, { cause: error });
  } finally {
    restore();
  }
}

/** Makes trainOnBatch answer [loss, accuracy]; answers what brings the caller's own metrics back. */
function compileForAccuracy(model: LayersModel): () => void {
  const { optimizer, loss, metrics } = model;
  const compile = (wanted: LayersModel["metrics"]) =>
    model.compile({ optimizer, loss: loss as string, metrics: wanted as string[] });
  compile(["accuracy"]);
  return () => compile(metrics);
}
