import { LayersModel } from "@tensorflow/tfjs";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Dataset, hashDataset } from "../../data";
import { checkBoolean, checkFunction, checkOptions, refuse } from "../../tensor/validate";
import { checkJson } from "../json";
import { newRun } from "../loop";
import type { Progress, Run } from "../run";
import { checkedSettings, checkModelAndData, liveOptions, type TrainingOptions } from "../settings";
import { readWeights, writeWeights } from "../tensors";
import { announceSources, train } from "../train";
import { functionText } from "./functionText";
import { hashOfConfiguration, packWeights, type StoredRecord, today, unpackWeights } from "./records";
import { openStore, type Store, tellStored } from "./store";
import { checkSweepName } from "./stored";
import { SweepClock, type SweepProgress } from "./sweepProgress";

/** One network to be trained, with the settings of `train`. */
export interface Experiment extends Pick<
  TrainingOptions,
  "name" | "epochs" | "batchSize" | "validationSplit" | "shuffle" | "seed"
> {
  /** A compiled model, as `train` takes it. */
  model: LayersModel;
  /** What it learns from and is tested with, where that is not the sweep's data. */
  data?: Dataset;
  /** Whether the Run keeps loss and accuracy of each step, which fill the file where there are many; default true. */
  keepSteps?: boolean;
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
  /** As that of `train`, for all networks under way; and how far the whole sweep is. */
  onProgress?: (underWay: Progress[], sweep: SweepProgress) => void;
}

/**
 * Trains networks, on `data` where they have none of their own; answers their Runs in the same order.
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
  checkOptions<SweepOptions>("sweep", options, liveOptions);
  if (!Array.isArray(experiments)) refuse("experiments", experiments, "a list of experiments");
  const checked = experiments.map((experiment) => checkExperiment(experiment, data));
  const models = checked.map(({ model }) => model);
  const twice = models.findIndex((model, i) => models.indexOf(model) < i);
  if (twice >= 0)
    refuse(`experiments[${twice}].model`, models[twice].name, "a model that no other one trains");

  const store = openStore(name);
  const dataHashes = new Map<Dataset, string>();
  const dataHashOf = (one: Dataset): string => {
    const known = dataHashes.get(one) ?? hashDataset(one);
    dataHashes.set(one, known);
    return known;
  };
  const runs = new Map<Experiment, Run>();
  const missing: Identified[] = [];
  const found: StoredRecord[] = [];
  for (const experiment of checked) {
    const identified = await identify(experiment, dataHashOf(experiment.data));
    const record = store.find(identified.hash);
    const run = record && (await recall(record, identified));
    if (run) found.push(record);
    else missing.push(identified);
    runs.set(experiment, run ?? identified.fresh);
  }
  const lanes = lanesOf(missing);
  const clock = new SweepClock(new Map(lanes.map((lane) => [lane[0].training, lane.at(-1)!.fresh])));
  const underWay = new Map<Experiment, Progress>();
  let done = 0;
  const onProgressOf =
    ({ experiment, training }: Identified) =>
    (progress: Progress) => {
      underWay.set(experiment, progress);
      if (progress.ended) underWay.delete(experiment);
      if (progress.ended === "completed") done++;
      clock.hear(training, progress.run);
      const sweepProgress = { done, total: missing.length, secondsLeft: clock.secondsLeft() };
      options.onProgress?.(underWay.size > 0 ? [...underWay.values()] : [progress], sweepProgress);
    };
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      const checkpoint = store.checkpoints && join(store.checkpoints, lane[0].training);
      for (const identified of lane) {
        const { experiment, hash } = identified;
        const onProgress = onProgressOf(identified);
        const how = { checkpoint, signal: options.signal, onProgress };
        const run = await trainAndKeep(experiment, hash, store, how);
        runs.set(experiment, run);
        if (run.ended.how === "interrupted") return;
      }
      if (checkpoint !== undefined) rmSync(checkpoint, { recursive: true, force: true });
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  const isComplete = ({ experiment }: Identified) => runs.get(experiment)!.ended.how === "completed";
  tellStored(name, found, missing.filter(isComplete).length);
  return checked.map((experiment) => runs.get(experiment)!);
}

/** An experiment with the data that it is for. */
type WithData = Experiment & { data: Dataset };

interface Identified {
  experiment: WithData;
  /** Its Run before the first step. */
  fresh: Run;
  /** Of its whole configuration. */
  hash: string;
  /** Of what it has in common with longer and shorter ones, and with those of which something else is measured. */
  training: string;
}

/**
 * What can train side by side. Experiments that differ only in their number of epochs, or in what is measured, are
 * stages of one training, and each goes on where the one before it ended.
 */
function lanesOf(experiments: readonly Identified[]): Identified[][] {
  const lanes = new Map<string, Identified[]>();
  for (const one of experiments) lanes.set(one.training, [...(lanes.get(one.training) ?? []), one]);
  const epochsOf = ({ fresh }: Identified) => fresh.configuration.epochs;
  return [...lanes.values()].map((lane) => lane.sort((a, b) => epochsOf(a) - epochsOf(b)));
}

const settingsOf = ({ model, name, epochs, batchSize, validationSplit, shuffle, seed }: Experiment) =>
  checkedSettings({ name, epochs, batchSize, validationSplit, shuffle, seed }, model.name);

function checkExperiment(experiment: Experiment, sweepData: Dataset): WithData {
  checkOptions<Experiment>("sweep", experiment, {
    model: true,
    data: true,
    keepSteps: checkBoolean,
    name: true,
    epochs: true,
    batchSize: true,
    validationSplit: true,
    shuffle: true,
    seed: true,
    keepWeights: true,
    measure: checkFunction,
  });
  const { model, data = sweepData } = experiment;
  if (!(model instanceof LayersModel)) refuse("model", model, "a compiled tf.LayersModel");
  checkModelAndData(model, data, settingsOf(experiment));
  return { ...experiment, data };
}

async function identify(experiment: WithData, dataHash: string): Promise<Identified> {
  const { model, data, measure, keepSteps } = experiment;
  const fresh = await newRun(model, data, settingsOf(experiment), [], dataHash);
  const { configuration, seed, name } = fresh;
  const { epochs: _, ...rest } = configuration;
  return {
    experiment,
    fresh,
    hash: hashOfConfiguration({
      configuration,
      seed,
      dataHash,
      measured: measure && functionText(measure),
      ...(keepSteps === false && { keepSteps }),
    }),
    training: hashOfConfiguration({ rest, seed, dataHash, name }),
  };
}

/** The stored Run under the experiment's name; nothing where weights are wanted and not stored. */
async function recall(
  { result, weights, date }: StoredRecord,
  { experiment, fresh }: Identified,
): Promise<Run | undefined> {
  const { model, keepWeights } = experiment;
  if (keepWeights) {
    const trained = weights === undefined ? undefined : unpackWeights(weights, await readWeights(model));
    if (trained === undefined) return undefined;
    writeWeights(model, trained);
  }
  const run = result as Run;
  announceSources(run);
  return { ...run, name: fresh.name, notes: [...run.notes, `stored: trained on ${date}`] };
}

async function trainAndKeep(
  experiment: WithData,
  hash: string,
  store: Store,
  options: Pick<TrainingOptions, "checkpoint" | "signal" | "onProgress">,
): Promise<Run> {
  const { model, data, keepWeights, keepSteps, measure } = experiment;
  const run = await train(model, data, { ...settingsOf(experiment), ...options });
  if (run.ended.how !== "completed") return run;
  const result: Run = {
    ...run,
    ...(keepSteps === false && { steps: { loss: [], accuracy: [] } }),
    ...(measure && { measured: measure(model) }),
  };
  checkJson("what measure() returns", result.measured ?? null);
  const weights = keepWeights ? packWeights(await readWeights(model)) : undefined;
  store.keep({ hash, date: today(), versions: run.versions, result, ...(weights && { weights }) });
  return result;
}
