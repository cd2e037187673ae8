/** `npx normlab run CONFIG.json --out RUN.json`: one experiment as a command, for sweeps by other engines. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { initBackend } from "../backend";
import { loadMnist } from "../data";
import { type Progress, type Run, train, TrainingError } from "../train";
import { buildModel, checkedConfig } from "../train/config";
import { UsageError } from "./errors";

export const usage: string = `usage: npx normlab run CONFIG.json --out RUN.json [--checkpoint FOLDER]

Trains what CONFIG.json describes (docs/experiments.md) and writes the Run to RUN.json.
Progress goes to standard error. The end of each epoch is kept in FOLDER (default:
RUN.json.checkpoint, removed when all is done), and the same command goes on from there.

exit status  0    completed
             1    training failed; RUN.json has what there is of it
             2    wrong arguments or configuration
             130  interrupted (143 when terminated); RUN.json has the Run so far`;

interface Arguments {
  config: string;
  out: string;
  checkpoint: string;
}

/** A configuration that can't be used; the message names the file and the field. */
class ConfigError extends Error {}

export async function main(args: string[]): Promise<number> {
  const paths = parseArguments(args);
  try {
    return await runExperiment(paths);
  } catch (error) {
    console.error(`normlab run: ${(error as Error).message}`);
    // A RangeError is a model that does not fit the data.
    return error instanceof ConfigError || error instanceof RangeError ? 2 : 1;
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
  const { folder, limit } = config.data;
  const { train: examples, test } = loadMnist({
    folder: folder === undefined ? undefined : resolve(dirname(path), folder),
    limit,
  });
  const interruption = listenForSignals();
  const isNew = !existsSync(checkpoint);
  try {
    const run = await train(
      model,
      { train: examples, test },
      { ...config.settings, checkpoint, signal: interruption.signal, onProgress: reporter() },
    );
    writeJson(out, run);
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
    if (error instanceof TrainingError) writeJson(out, error.run);
    else if (isNew) rmSync(checkpoint, { recursive: true, force: true });
    throw error;
  }
}

/** What `use` makes of the file at `path`; the error names the file. */
async function ofFile<T>(path: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`can't be read (${(error as Error).message}).`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON (${(error as Error).message}).`);
  }
}

/** Ctrl-C and termination end training at the next step instead of losing the epoch's Run. */
function listenForSignals(): { signal: AbortSignal; status: () => number } {
  const controller = new AbortController();
  let status = 1;
  const listen = (name: NodeJS.Signals, exitStatus: number) =>
    process.once(name, () => {
      status = exitStatus;
      controller.abort();
    });
  listen("SIGINT", 130);
  listen("SIGTERM", 143);
  return { signal: controller.signal, status: () => status };
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

/** Whole or not at all: an engine that waits for the file must never see half of it. */
function writeJson(path: string, run: Run): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(run)}\n`);
  renameSync(temporary, path);
}
