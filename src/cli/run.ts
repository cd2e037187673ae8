/** `npx normlab run CONFIG.json --out RUN.json`: one experiment as a command, for sweeps by other engines. */
import { existsSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { initBackend } from "../backend";
import { type Dataset, loadIdx, loadMnist } from "../data";
import { type Progress, type Run, train, TrainingError } from "../train";
import { buildModel, checkedConfig, type ExperimentConfig } from "../train/config";
import { makeFolder, writeWhole } from "../train/files";
import { UsageError } from "./errors";
import { listenForSignals } from "./interruption";

export const usage: string = `usage: npx normlab run CONFIG.json --out RUN.json [--checkpoint FOLDER]

Trains what CONFIG.json describes (docs/experiments.md) and writes the Run to RUN.json.
Progress goes to standard error. The end of each epoch is kept in FOLDER (default:
RUN.json.checkpoint, removed when all is done), and the same command goes on from there.

exit status  0    completed
             1    training failed; RUN.json has what there is of it
             2    wrong arguments or configuration
             130  interrupted (143 when terminated, 129 when the terminal is gone);
                  RUN.json has the Run so far`;

interface Arguments {
  config: string;
  out: string;
  checkpoint: string;
}

/** A configuration, or a place for the Run, that can't be used; the message names the file. */
class InputError extends Error {}

export async function main(args: string[]): Promise<number> {
  const paths = parseArguments(args);
  try {
    return await runExperiment(paths);
  } catch (error) {
    console.error(`normlab run: ${(error as Error).message}`);
    // A RangeError is a model that does not fit the data, or an experiment that does not fit its checkpoint.
    return error instanceof InputError || error instanceof RangeError ? 2 : 1;
  }
}

function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: "string" },
      checkpoint: { type: "string" },
    },
  });
  if (positionals.length !== 1)
    throw new UsageError(`${positionals.length} configurations are given, but it must be one`);
  if (!values.out) throw new UsageError("--out is missing; it must be the file that the Run goes to");
  const out = resolve(values.out);
  return {
    config: resolve(positionals[0]),
    out,
    checkpoint: resolve(values.checkpoint ?? `${out}.checkpoint`),
  };
}

async function runExperiment({ config: path, out, checkpoint }: Arguments): Promise<number> {
  const config = await ofFile(path, () => checkedConfig(readJson(path)));
  await initBackend();
  const model = await ofFile(path, () => buildModel(config));
  const { train: examples, test } = await loadData(path, config.data);
  checkOut(out, path);
  // They end training at the next step instead of losing the epoch's Run.
  const interruption = listenForSignals();
  const isNew = !existsSync(checkpoint);
  try {
    const run = await train(
      model,
      { train: examples, test },
      { ...config.settings, checkpoint, signal: interruption.signal, onProgress: reporter() },
    );
    writeRun(out, run);
    if (run.ended.how === "completed") {
      // The Run is safe; what would bring back the weights is not wanted unless a folder was named.
      if (checkpoint === `${out}.checkpoint`) rmSync(checkpoint, { recursive: true, force: true });
      return 0;
    }
    console.error(
      `normlab run: interrupted after ${run.epochs.length} epochs; the same command goes on from there.`,
    );
    return interruption.status();
  } catch (error) {
    if (error instanceof TrainingError) writeRun(out, error.run);
    else if (isNew) rmSync(checkpoint, { recursive: true, force: true });
    throw error;
  }
}

/** What `use` makes of the file at `path`; the error names the file. */
async function ofFile<T>(path: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** MNIST, or another data set in its format; a folder is seen from the configuration at `path`. */
async function loadData(
  path: string,
  { format, folder, limit, classes }: ExperimentConfig["data"],
): Promise<Dataset> {
  if (folder === undefined) return loadMnist({ limit });
  const place = resolve(dirname(path), folder);
  return ofFile(path, () =>
    format === "idx" ? loadIdx(place, { limit, classes }) : loadMnist({ folder: place, limit }),
  );
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`can't be read (${(error as Error).message}).`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`is not JSON (${(error as Error).message}).`);
  }
}

/** Refuses a place where the Run could not be written, while nothing is lost by it; leaves the folder for it. */
function checkOut(out: string, config: string): void {
  const cantBe = (why: string) => new InputError(`--out ${out} can't be written: ${why}.`);
  if (out === config) throw cantBe("it is the configuration itself");
  let made: string[] = [];
  const probe = join(dirname(out), `.${basename(out)}.${process.pid}.probe`);
  try {
    const found = statSync(out, { throwIfNoEntry: false });
    // To replace a device or a pipe would take it from everybody else.
    if (found && !found.isFile())
      throw cantBe(`it is ${found.isDirectory() ? "a folder" : "not a plain file"}`);
    made = makeFolder(dirname(out));
    writeWhole(probe, []);
  } catch (error) {
    for (const folder of made.reverse()) rmdirSync(folder);
    throw error instanceof InputError ? error : cantBe((error as Error).message);
  }
  rmSync(probe);
}

/** A line an epoch; on a terminal also a line that is rewritten while an epoch is under way. */
function reporter(): (progress: Progress) => void {
  const { stderr } = process;
  let told: number | undefined;
  return ({ name, run, epoch, epochs, step, stepsPerEpoch, loss, accuracy, secondsLeft }) => {
    // Epochs from a checkpoint have been told by the process that trained them.
    told ??= run.timings.resumedAfterEpochs.at(-1) ?? 0;
    const clear = stderr.isTTY ? "\r\x1b[K" : "";
    for (const done of run.epochs.slice(told)) {
      const validation =
        done.validationLoss === undefined
          ? ""
          : `, validation loss ${done.validationLoss.toFixed(4)}, accuracy ${done.validationAccuracy!.toFixed(4)}`;
      stderr.write(
        `${clear}${name}: epoch ${done.epoch}/${epochs}: loss ${done.loss.toFixed(4)}, ` +
          `accuracy ${done.accuracy.toFixed(4)}${validation}, ${run.timings.secondsPerEpoch[done.epoch - 1].toFixed(1)} s\n`,
      );
    }
    told = run.epochs.length;
    if (run.test) {
      stderr.write(
        `${clear}${name}: test loss ${run.test.loss.toFixed(4)}, accuracy ${run.test.accuracy.toFixed(4)}\n`,
      );
    } else if (stderr.isTTY) {
      stderr.write(
        `${clear}${name}: epoch ${epoch}/${epochs}, step ${step}/${stepsPerEpoch}, loss ${loss.toFixed(4)}, ` +
          `accuracy ${accuracy.toFixed(4)}, ${Math.ceil(secondsLeft)} s left`,
      );
    }
  };
}

const writeRun = (path: string, run: Run) => writeWhole(path, [`${JSON.stringify(run)}\n`]);
