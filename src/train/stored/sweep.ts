import { LayersModel } from "@tensorflow/tfjs";
import { type Dataset, hashDataset } from "../../data";
import { checkOptions, refuse } from "../../tensor/validate";
import { checkJson } from "../json";
import { newRun } from "../loop";
import type { Progress, Run } from "../run";
import { checkedSettings, checkModelAndData, type TrainingOptions } from "../settings";
import { readWeights, writeWeights } from "../tensors";
import { announceSources, train } from "../train";
import { functionText } from "./functionText";
import { hashOfConfiguration, packWeights, type StoredRecord, today, unpackWeights } from "./records";
import { openStore, type Store, tellStored } from "./store";
import { checkSweepName } from "./stored";

/** One network to be trained, with the settings of `train`. */
export interface Experiment extends Pick<
  TrainingOptions,
  "name" | "epochs" | "batchSize" | "validationSplit" | "seed"
> {
  /** A compiled model, as `train` takes it. */
  model: LayersModel;
  /** Whether `model` shall have the trained weights afterwards, also where the Run is a stored one. */
  keepWeights?: boolean;
  /**
   * What to take of the trained model, as JSON; it comes as `run.measured`. Its text belongs to the configuration,
   * what it reads from outside does not.
   */
  measure?: (model: LayersModel) => unknown;
}

export interface SweepOptions {
  /** Stops within a step; the Runs under way come back as far as they got. */
  signal?: AbortSignal;
  /** As that of `train`, for all networks under way. */
  onProgress?: (underWay: Progress[]) => void;
}

/**
 * Trains networks on the same data; answers their Runs in the same order.
 *
 * What is stored under the hash of its whole configuration (model and initial weights, data, seed, settings,
 * what is measured) is answered at once, and a line says so with its date and versions. What is not stored, or was
 * changed, trains as with `train`: side by side, interruptible, and after a restart it goes on with the epoch
 * that it was at. Without `keepWeights` the models of stored Runs are left untrained.
 *
 * @param name of the sweep, and of the file in which the course keeps it: small letters, digits and hyphens
 * @throws as `train` does
 */
export async function sweep(
  name: string,
  data: Dataset,
  experiments: readonly Experiment[],
  options: SweepOptions = {},
): Promise<Run[]> {
  checkSweepName(name);
  checkOptions<SweepOptions>("sweep", options, { signal: true, onProgress: true });
  if (!Array.isArray(experiments)) refuse("experiments", experiments, "a list of experiments");
  const checked = experiments.map((experiment) => checkExperiment(experiment, data));
  const store = openStore(name);
  const dataHash = hashDataset(data);
  const underWay = new Map<Experiment, Progress>();
  const found: StoredRecord[] = [];
  let computed = 0;
  const outcomes = await Promise.allSettled(
    checked.map(async (experiment) => {
      const hash = await hashOf(experiment, data, dataHash);
      const record = store.find(hash);
      const run = record && (await recall(record, experiment));
      if (run) {
        found.push(record);
        return run;
      }
      computed++;
      return trainAndKeep(experiment, data, hash, store, {
        signal: options.signal,
        onProgress: (progress) => {
          underWay.set(experiment, progress);
          if (progress.ended) underWay.delete(experiment);
          options.onProgress?.(underWay.size > 0 ? [...underWay.values()] : [progress]);
        },
      });
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  tellStored(name, found, computed);
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Run>).value);
}

const settingsOf = ({ model, name, epochs, batchSize, validationSplit, seed }: Experiment) =>
  checkedSettings({ name, epochs, batchSize, validationSplit, seed }, model.name);

function checkExperiment(experiment: Experiment, data: Dataset): Experiment {
  checkOptions<Experiment>("sweep", experiment, {
    model: true,
    name: true,
    epochs: true,
    batchSize: true,
    validationSplit: true,
    seed: true,
    keepWeights: true,
    measure: true,
  });
  const { model, measure } = experiment;
  if (!(model instanceof LayersModel)) refuse("model", model, "a compiled tf.LayersModel");
  if (measure !== undefined && typeof measure !== "function")
    refuse("measure", measure, "a function of the model");
  checkModelAndData(model, data, settingsOf(experiment));
  return experiment;
}

async function hashOf(experiment: Experiment, data: Dataset, dataHash: string): Promise<string> {
  const { measure } = experiment;
  const { configuration, seed } = await newRun(experiment.model, data, settingsOf(experiment), [], dataHash);
  const measured = measure && functionText(measure);
  return hashOfConfiguration({ configuration, seed, dataHash, measured });
}

/** The stored Run under the experiment's name; nothing where weights are wanted and not stored. */
async function recall(
  { result, weights, date }: StoredRecord,
  experiment: Experiment,
): Promise<Run | undefined> {
  const { model, keepWeights } = experiment;
  if (keepWeights) {
    const trained = weights === undefined ? undefined : unpackWeights(weights, await readWeights(model));
    if (trained === undefined) return undefined;
    writeWeights(model, trained);
  }
  const run = result as Run;
  announceSources(run);
  return { ...run, name: settingsOf(experiment).name, notes: [...run.notes, `stored: trained on ${date}`] };
}

async function trainAndKeep(
  experiment: Experiment,
  data: Dataset,
  hash: string,
  store: Store,
  options: Pick<TrainingOptions, "signal" | "onProgress">,
): Promise<Run> {
  const { model, keepWeights, measure } = experiment;
  const { checkpoint: _, ...settings } = settingsOf(experiment);
  const run = await train(model, data, { ...settings, ...options, checkpoint: store.checkpointOf(hash) });
  if (run.ended.how !== "completed") return run;
  const result: Run = measure ? { ...run, measured: measure(model) } : run;
  checkJson("what measure() returns", result.measured ?? null);
  const weights = keepWeights ? packWeights(await readWeights(model)) : undefined;
  store.keep({ hash, date: today(), versions: run.versions, result, ...(weights && { weights }) });
  return result;
}
