import type { LayersModel } from "@tensorflow/tfjs";
import { join } from "node:path";
import workerThreads, { type ResourceLimits } from "node:worker_threads";
import type { Examples } from "../data";
import { inSharedMemory } from "../data/dataset";
import { removeUnfinishedCheckpoint } from "./checkpoint";
import type { Interrupt } from "./interrupt";
import type { Experiment, WorkerMessage } from "./messages";
import { writeOptimizer } from "./optimizerState";
import { addReport, type Place, progressOf } from "./reports";
import { type Progress, type Run, TrainingError } from "./run";
import { writeWeights } from "./tensors";

/** How long the kernel's interrupt waits for a step to end before the worker is ended with it. */
const graceMilliseconds = 700;

/** What became of an experiment in a worker. */
type WorkerOutcome =
  | { run: Run }
  /** The worker can't build the model: train it on this thread. */
  | { unknownClass: string }
  /** Interrupted before the first step. */
  | "notBegun";

/** Trains in a worker thread; afterwards `model` has the trained weights and the optimizer's state. */
export async function trainInWorker(
  model: LayersModel,
  experiment: Omit<Experiment, "stop">,
  interrupt: Interrupt,
  {
    onProgress,
    resourceLimits,
  }: { onProgress?: (progress: Progress) => void; resourceLimits?: ResourceLimits },
): Promise<WorkerOutcome> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const { data } = experiment;
  const workerData: Experiment = {
    ...experiment,
    data: { train: shared(data.train), test: data.test && shared(data.test) },
    stop,
  };
  // Without this process's own flags: a test runner's or debugger's are not for the worker.
  const worker = new workerThreads.Worker(join(__dirname, "worker.js"), {
    workerData,
    resourceLimits,
    execArgv: [],
  });
  const { threadId } = worker; // −1 when it has ended
  let run: Run | undefined;
  let place: Place | undefined;
  const { name } = experiment.settings;
  const where = () =>
    place ? ` in epoch ${place.epoch}, after step ${place.step}` : " before its first step";

  try {
    return await new Promise<WorkerOutcome>((resolve, reject) => {
      const fail = (message: string, cause?: unknown) => {
        const text = `train: ${message}`;
        if (run === undefined) return reject(new Error(text, { cause }));
        run.ended = { ...run.ended, how: "failed", message: text };
        reject(new TrainingError(text, run, { cause }));
      };
      interrupt.onInterrupt(() => {
        Atomics.store(stop, 0, 1);
        if (run === undefined) resolve("notBegun");
        else if (interrupt.by === "cell")
          setTimeout(() => resolve({ run: abandoned(run!) }), graceMilliseconds).unref();
      });
      worker.on("message", (message: WorkerMessage) => {
        try {
          switch (message.kind) {
            case "report":
              run = addReport(run, message.report);
              place = message.report.position;
              return onProgress?.(progressOf(run, place));
            case "ended":
              writeWeights(model, message.weights);
              writeOptimizer(model.optimizer, message.optimizer);
              return resolve({ run: message.run });
            case "unknownClass":
              return resolve({ unknownClass: message.reason });
            case "refused":
              return reject(message.error as RangeError);
            case "failed":
              return fail(
                `the experiment "${name}" failed${where()}: ${textOf(message.error)}`,
                message.error,
              );
          }
        } catch (error) {
          // onProgress is the caller's; what it throws goes back to the caller.
          reject(error);
        }
      });
      worker.on("messageerror", (error) => fail(`the worker of "${name}" sent what can't be read`, error));
      worker.on("error", (error: NodeJS.ErrnoException) => {
        const ranOut = error.code === "ERR_WORKER_OUT_OF_MEMORY";
        fail(
          `the worker of "${name}" ${ranOut ? "ran out of memory" : "died"}${where()}: ${textOf(error)}`,
          error,
        );
      });
      worker.on("exit", (code) => {
        fail(`the worker of "${name}" was ended from outside${where()} (exit code ${code}).`);
      });
    });
  } finally {
    await worker.terminate();
    removeUnfinishedCheckpoint(experiment.settings, threadId);
  }
}

function abandoned(run: Run): Run {
  const message =
    "the step under way took too long to wait for; the model keeps the weights it had before training";
  return { ...run, ended: { ...run.ended, message } };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The same examples in shared memory: those of loadMnist() are there already. */
function shared<T extends Examples>(examples: T): T {
  return {
    ...examples,
    images: inSharedMemory(examples.images),
    labels: inSharedMemory(examples.labels),
  };
}
