import { LayersModel } from "@tensorflow/tfjs";
import { availableParallelism } from "node:os";
import { describeBackend } from "../backend";
import type { Dataset } from "../data";
import { announceSource } from "../tensor/sources";
import { refuse } from "../tensor/validate";
import { listenForInterrupt, type Interrupt } from "./interrupt";
import { trainInWorker } from "./inWorker";
import { newRun } from "./loop";
import { trainOnThisThread } from "./onThisThread";
import { readOptimizer } from "./optimizerState";
import { toPortable } from "./portable";
import { finalPlace, progressOf } from "./reports";
import type { Run } from "./run";
import {
  checkedSettings,
  checkModelAndData,
  checkTrainingOptions,
  type Settings,
  type TrainingOptions,
} from "./settings";
import { Slots } from "./slots";
import { readWeights } from "./tensors";

/**
 * One worker more than cores: three equal experiments on two cores then take 1½ times as long as one,
 * where two first and one after them would take twice as long and leave a core idle at the end.
 */
const workers = new Slots(availableParallelism() + 1);
/** On the caller's own thread two experiments would only slow each other down. */
const thisThread = new Slots(1);
const inTraining = new WeakSet<LayersModel>();

/**
 * Trains a compiled tfjs model and answers what happened as a Run; afterwards `model` has the trained
 * weights.
 *
 * The experiment runs in a worker thread, so the caller's event loop stays free;
 * `Promise.all([train(a, …), train(b, …)])` runs as many side by side as keep the cores busy, the rest wait
 * their turn; the results are the same as one after the other. The order of the batches depends on `seed` alone, so that models
 * trained with the same seed see the same batches. A model with a loss function or classes of the
 * caller's own can't travel to a worker: it trains on the caller's thread, yields after every step,
 * and says so in `run.notes`.
 *
 * `options.signal` or the notebook's interrupt stops it within one step; the promise then resolves
 * with the partial Run (`ended.how` is "interrupted"). With `options.checkpoint` an experiment that was
 * interrupted or killed goes on after its last finished epoch and ends with the same weights, bit for
 * bit.
 *
 * @throws RangeError or Error when an option, the model or the data does not fit; TrainingError, with
 * the Run so far, when training fails or its worker dies.
 */
export async function train(model: LayersModel, data: Dataset, options: TrainingOptions = {}): Promise<Run> {
  if (!(model instanceof LayersModel)) refuse("model", model, "a compiled tf.LayersModel");
  checkTrainingOptions(options);
  const settings = checkedSettings(options, model.name);
  checkModelAndData(model, data, settings);
  if (inTraining.has(model)) {
    throw new Error(
      `train: the model "${model.name}" is in training already; build another for a second experiment.`,
    );
  }
  inTraining.add(model);
  const interrupt = listenForInterrupt(options.signal);
  try {
    const run =
      (await begin(model, data, settings, options, interrupt)) ?? (await newRun(model, data, settings, []));
    announceSources(run);
    options.onProgress?.(progressOf(run, finalPlace(run)));
    return run;
  } finally {
    interrupt.release();
    inTraining.delete(model);
  }
}

/** Trains where the model can be trained; answers nothing when interrupted before the first step. */
async function begin(
  model: LayersModel,
  data: Dataset,
  settings: Settings,
  options: TrainingOptions,
  interrupt: Interrupt,
): Promise<Run | undefined> {
  const portable = toPortable(model);
  let reason: string;
  if ("reason" in portable) {
    reason = portable.reason;
  } else {
    const { name } = describeBackend();
    const experiment = {
      model: portable,
      weights: await readWeights(model),
      optimizer: await readOptimizer(model.optimizer),
      data,
      settings,
      backend: name === "none" ? undefined : name,
    };
    const outcome = await workers.use(interrupt, () => trainInWorker(model, experiment, interrupt, options));
    if (outcome === undefined || outcome === "notBegun") return undefined;
    if ("run" in outcome) return outcome.run;
    reason = outcome.unknownClass;
  }
  return thisThread.use(interrupt, () =>
    trainOnThisThread(model, data, settings, interrupt, { reason, onProgress: options.onProgress }),
  );
}

/** Tells where a Run's numbers come from: what its worker tells stays in that thread, and a stored Run draws nothing. */
export function announceSources({ seed, dataHash, configuration }: Run): void {
  announceSource({ dataHash });
  announceSource({ seed });
  // Those of the initial weights stand in tfjs's JSON of the model.
  JSON.stringify(configuration.model, (key, value: unknown) => {
    if (key === "seed" && typeof value === "number") announceSource({ seed: value });
    return value;
  });
}
