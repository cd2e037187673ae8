import type * as tf from "@tensorflow/tfjs";
import { type Batch, type Dataset, type Examples, hashDataset, splitValidation } from "../data";
import { batchesOfEpoch, countedLabels, epochRandom, gatherBatch } from "../data/batches";
import { describeBackend } from "../backend";
import { type BatchValues, batchValues } from "./batchValues";
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint";
import { readOptimizer, writeOptimizer } from "./optimizerState";
import { describeModel } from "./portable";
import { EvaluationSteps, TrainingSteps } from "./modelSteps";
import type { Metrics, Run } from "./run";
import type { Settings } from "./settings";
import { hashTensors, readWeights, writeWeights } from "./tensors";

import { versions } from "./versions";

/** What the loop asks of, and tells, the thread it runs on. */
interface Host {
  /** Whether nobody else touches the model between steps, and all of its classes are known. */
  mayRecord: boolean;
  /** Asked after every step and every validation batch. */
  shouldStop(): boolean;
  /** Called after every step; where the thread has other work, it may wait for that to be done. */
  afterStep(position: Position): Promise<void> | void;
  notes: string[];
}

/** Where the loop is; `run` is the loop's own and goes on changing. */
export interface Position extends Metrics {
  run: Run;
  epoch: number;
  step: number;
  stepsPerEpoch: number;
  secondsLeft: number;
}

const evaluationBatch = 100;

/**
 * Trains `model` as `settings` say and leaves the trained weights in it; the same on a worker and on the
 * caller's own thread. Not tfjs's `fit`, which shuffles with an unseeded generator and can't be resumed.
 */
export async function runLoop(
  model: tf.LayersModel,
  data: Dataset,
  settings: Settings,
  host: Host,
): Promise<Run> {
  const steps = new TrainingSteps(model, host.mayRecord);
  const evaluation = new EvaluationSteps(model, host.mayRecord);
  try {
    return await trainAndTest(model, data, settings, host, steps, evaluation);
  } finally {
    steps.dispose();
    evaluation.dispose();
  }
}

async function trainAndTest(
  model: tf.LayersModel,
  data: Dataset,
  settings: Settings,
  host: Host,
  steps: TrainingSteps,
  evaluation: EvaluationSteps,
): Promise<Run> {
  const began = performance.now();
  const seconds = (since: number) => (performance.now() - since) / 1000;
  const { train, validation } = splitValidation(data.train, settings.validationSplit);
  const count = train.shape[0];
  const stepsPerEpoch = Math.ceil(count / settings.batchSize);
  const toValues = batchValues(model);

  const fresh = await newRun(model, data, settings, host.notes);
  const saved = settings.checkpoint === undefined ? undefined : loadCheckpoint(settings.checkpoint, fresh);
  const run = saved?.run ?? fresh;
  if (saved !== undefined) resume(model, saved, fresh);
  run.timings.startSeconds = seconds(began);

  const before = run.timings.totalSeconds;
  const loopBegan = performance.now();
  const finish = (how: Run["ended"]["how"], epoch: number, step: number): Run => {
    run.ended = { how, epoch, step };
    if (steps.problem !== undefined) noteOnce(run, `steps were not recorded: a step ${steps.problem}`);
    run.timings.totalSeconds = before + seconds(loopBegan);
    return run;
  };

  const firstEpoch = run.epochs.length;
  for (let epoch = firstEpoch; epoch < settings.epochs; epoch++) {
    const epochBegan = performance.now();
    const random = epochRandom(settings.seed, epoch);
    const total = { loss: 0, accuracy: 0, labels: 0 };
    let step = 0;
    const order = settings.shuffle ? random : undefined;
    for (const batch of batchesOfEpoch(train, settings.batchSize, order)) {
      if (host.shouldStop()) return finish("interrupted", epoch + 1, step);
      const [loss, accuracy] = await withRandom(random.uniform, () => steps.run(toValues(batch)));
      run.steps.loss.push(shortest(loss));
      run.steps.accuracy.push(shortest(accuracy));
      const size = countedLabels(batch);
      total.loss += loss * size;
      total.accuracy += accuracy * size;
      total.labels += size;
      step++;
      const stepsDone = (epoch - firstEpoch) * stepsPerEpoch + step;
      const stepsLeft = (settings.epochs - epoch) * stepsPerEpoch - step;
      await host.afterStep({
        run: Object.assign(run, { ended: { how: "interrupted", epoch: epoch + 1, step } }),
        epoch: epoch + 1,
        step,
        stepsPerEpoch,
        loss: total.loss / total.labels,
        accuracy: total.accuracy / total.labels,
        secondsLeft: (seconds(loopBegan) / stepsDone) * stepsLeft,
      });
    }
    if (!run.steps.loss.slice(-stepsPerEpoch).every(Number.isFinite)) noteDivergence(run, stepsPerEpoch);
    const validated = validation && (await evaluate(evaluation, validation, toValues, host));
    if (validation && !validated) return finish("interrupted", epoch + 1, stepsPerEpoch);
    run.epochs.push({
      epoch: epoch + 1,
      loss: shortest(total.loss / total.labels),
      accuracy: shortest(total.accuracy / total.labels),
      ...(validated && { validationLoss: validated.loss, validationAccuracy: validated.accuracy }),
    });
    run.timings.secondsPerEpoch.push(seconds(epochBegan));
    if (settings.checkpoint !== undefined) {
      finish("interrupted", epoch + 1, stepsPerEpoch);
      await keep(settings.checkpoint, model, run);
    }
  }

  if (data.test && !run.test) {
    const testBegan = performance.now();
    run.test = await evaluate(evaluation, data.test, toValues, host);
    if (!run.test) return finish("interrupted", settings.epochs, stepsPerEpoch);
    run.timings.testSeconds = seconds(testBegan);
  }
  finish("completed", settings.epochs, stepsPerEpoch);
  if (settings.checkpoint !== undefined) await keep(settings.checkpoint, model, run);
  return run;
}

/** The Run of an experiment before its first step; who has hashed the data already hands that over. */
export async function newRun(
  model: tf.LayersModel,
  data: Dataset,
  settings: Settings,
  notes: string[],
  dataHash: string = hashDataset(data),
): Promise<Run> {
  const { name, seed, epochs, batchSize, validationSplit, shuffle } = settings;
  const { topology, optimizer, loss } = describeModel(model);
  const { train, validation } = splitValidation(data.train, validationSplit);
  return {
    format: "normlab-run/1",
    name,
    seed,
    configuration: {
      model: topology,
      parameters: model.countParams(),
      initialWeightsHash: hashTensors(await readWeights(model)),
      optimizer,
      loss,
      epochs,
      batchSize,
      validationSplit,
      ...(!shuffle && { shuffle }),
      examples: {
        train: train.shape[0],
        validation: validation?.shape[0] ?? 0,
        test: data.test?.shape[0] ?? 0,
      },
    },
    dataHash,
    versions: versions(describeBackend().name),
    steps: { loss: [], accuracy: [] },
    epochs: [],
    timings: { totalSeconds: 0, secondsPerEpoch: [], startSeconds: 0, resumedAfterEpochs: [] },
    notes: [...notes],
    ended: { how: "interrupted", epoch: 1, step: 0 },
  };
}

function resume(model: tf.LayersModel, { run, weights, optimizer }: Checkpoint, fresh: Run): void {
  writeWeights(model, weights);
  writeOptimizer(model.optimizer, optimizer);
  // More epochs may be asked for than when the checkpoint was written; then the test comes again.
  const hasMoreEpochs = fresh.configuration.epochs > run.epochs.length;
  if (hasMoreEpochs) delete run.test;
  run.configuration.epochs = fresh.configuration.epochs;
  if (hasMoreEpochs || run.ended.how !== "completed") run.timings.resumedAfterEpochs.push(run.epochs.length);
}

async function keep(folder: string, model: tf.LayersModel, run: Run): Promise<void> {
  saveCheckpoint(folder, {
    run,
    weights: await readWeights(model),
    optimizer: await readOptimizer(model.optimizer),
  });
}

/** Loss and accuracy over all examples, or nothing when it was told to stop. */
async function evaluate(
  evaluation: EvaluationSteps,
  examples: Examples,
  toValues: (batch: Batch) => BatchValues,
  host: Host,
): Promise<Metrics | undefined> {
  const count = examples.shape[0];
  const total = { loss: 0, accuracy: 0, labels: 0 };
  for (let start = 0; start < count; start += evaluationBatch) {
    if (host.shouldStop()) return undefined;
    const size = Math.min(evaluationBatch, count - start);
    const indices = Array.from({ length: size }, (_, i) => start + i);
    const batch = gatherBatch(examples, indices);
    const [loss, accuracy] = evaluation.run(toValues(batch));
    const counted = countedLabels(batch);
    total.loss += loss * counted;
    total.accuracy += accuracy * counted;
    total.labels += counted;
  }
  return { loss: shortest(total.loss / total.labels), accuracy: shortest(total.accuracy / total.labels) };
}

/**
 * Draws what is drawn during a step (dropout masks, noise) from the run's own numbers: tfjs takes
 * Math.random where no seed is given, and where one is given it repeats the same mask each step.
 */
async function withRandom<T>(random: () => number, use: () => Promise<T>): Promise<T> {
  const original = Math.random;
  Math.random = random;
  try {
    return await use();
  } finally {
    Math.random = original;
  }
}

function noteOnce({ notes }: Run, note: string): void {
  if (!notes.includes(note)) notes.push(note);
}

function noteDivergence(run: Run, stepsPerEpoch: number): void {
  if (run.notes.some((note) => note.startsWith("diverged"))) return;
  const step = run.steps.loss.findIndex((loss) => !Number.isFinite(loss));
  run.notes.push(
    `diverged: the loss was ${run.steps.loss[step]} in epoch ${Math.floor(step / stepsPerEpoch) + 1}, ` +
      `step ${(step % stepsPerEpoch) + 1}`,
  );
}

/** Nine significant digits tell every float32 from its neighbours; more would only make the JSON longer. */
const shortest = (value: number): number => Number(value.toPrecision(9));
