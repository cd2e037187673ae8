/** The thread of one experiment: started by inWorker.ts with an Experiment, ends when it is trained. */
import { parentPort, workerData } from "node:worker_threads";
import { type BackendName, initBackend } from "../backend";
import { OtherExperiment } from "./checkpoint";
import { runLoop } from "./loop";
import type { Experiment, WorkerMessage } from "./messages";
import { readOptimizer, writeOptimizer } from "./optimizerState";
import { fromPortable } from "./portable";
import { reporter, throttle } from "./reports";
import { buffersOf, readWeights, writeWeights } from "./tensors";

const post = (message: WorkerMessage, transfer: ArrayBuffer[] = []) =>
  parentPort!.postMessage(message, transfer);

async function work({
  model: portable,
  weights,
  optimizer,
  data,
  settings,
  backend,
  stop,
}: Experiment): Promise<void> {
  await initBackend({ backend: backend as BackendName | undefined });
  let model: Awaited<ReturnType<typeof fromPortable>>;
  try {
    model = await fromPortable(portable);
  } catch (error) {
    return post({ kind: "unknownClass", reason: (error as Error).message });
  }
  writeWeights(model, weights);
  writeOptimizer(model.optimizer, optimizer);

  const report = reporter();
  const isDue = throttle();
  const run = await runLoop(model, data, settings, {
    mayRecord: true,
    shouldStop: () => Atomics.load(stop, 0) !== 0,
    afterStep: (position) => {
      if (isDue()) post({ kind: "report", report: report(position) });
    },
    notes: [],
  });
  const trained = await readWeights(model);
  const state = await readOptimizer(model.optimizer);
  post({ kind: "ended", run, weights: trained, optimizer: state }, buffersOf([...trained, ...state.tensors]));
}

work(workerData as Experiment).catch((error: unknown) =>
  post({ kind: error instanceof OtherExperiment ? "refused" : "failed", error }),
);
