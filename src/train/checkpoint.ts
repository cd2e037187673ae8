import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf } from "../data/dataset";
import { removeUnfinished, writeWhole } from "./files";
import { fromJson, toJson } from "./json";
import type { OptimizerState } from "./optimizerState";
import type { Run } from "./run";
import type { Settings } from "./settings";
import type { TensorData } from "./tensors";

/** The end of an epoch: all that the next epoch depends on. The order of its batches follows from the seed. */
export interface Checkpoint {
  run: Run;
  weights: TensorData[];
  optimizer: OptimizerState;
}

/**
 * One file an experiment: magic, SHA-256 of all that follows, length of the header, header (JSON), numbers of
 * the tensors one after the other (little-endian). The header holds the Run so far, and each tensor's name,
 * shape and dtype. Format 1 had a hash of the numbers alone, so nothing vouches for the rest of such a file:
 * it is refused rather than believed.
 */
const format = "normlab-checkpoint/";
const magic = `${format}2\n`;
const hashLength = 32;

interface Header {
  run: Run;
  iterations: number;
  weights: TensorHeader[];
  optimizer: TensorHeader[];
}
type TensorHeader = Omit<TensorData, "values">;

/** Where the experiment `name` is kept in `folder`. */
function checkpointFile(folder: string, name: string): string {
  // Letters and digits of any script stay readable; a hash tells apart what the rest made equal.
  const slug = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60);
  const suffix = slug === name ? "" : `-${sha256([Buffer.from(name)]).toString("hex", 0, 4)}`;
  return join(folder, `${slug}${suffix}.checkpoint`);
}

export function saveCheckpoint(folder: string, { run, weights, optimizer }: Checkpoint): void {
  const header: Header = {
    run,
    iterations: optimizer.iterations,
    weights: weights.map(withoutValues),
    optimizer: optimizer.tensors.map(withoutValues),
  };
  const json = Buffer.from(toJson(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const numbers = [...weights, ...optimizer.tensors].map(({ values }) => bytesOf(values));
  const content = [length, json, ...numbers];
  writeWhole(checkpointFile(folder, run.name), [magic, sha256(content), ...content]);
}

/** Removes what a thread that is gone left of a checkpoint which it was ended in the middle of. */
export function removeUnfinishedCheckpoint({ checkpoint, name }: Settings, thread: number): void {
  if (checkpoint !== undefined) removeUnfinished(checkpointFile(checkpoint, name), thread);
}

/** The checkpoint of the experiment that `fresh` describes, or nothing when there is none yet. */
export function loadCheckpoint(folder: string, fresh: Run): Checkpoint | undefined {
  const path = checkpointFile(folder, fresh.name);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`checkpoint ${path} can't be read: ${(error as Error).message}`);
  }
  const checkpoint = parse(path, bytes);
  checkSameExperiment(path, checkpoint.run, fresh);
  return checkpoint;
}

function parse(path: string, bytes: Buffer): Checkpoint {
  const fail = (what: string): never => {
    throw new Error(`checkpoint ${path} ${what}; delete it to train from the beginning.`);
  };
  const damaged = (what: string) => fail(`is damaged: ${what}`);
  const begin = bytes.toString("latin1", 0, magic.length);
  if (!begin.startsWith(format)) damaged("it does not begin as one of normlab's");
  if (begin !== magic)
    fail("was written by another version of normlab, in a format that this one does not read");
  const content = bytes.subarray(magic.length + hashLength);
  if (content.length < 4) damaged("it ends in its header");
  if (!sha256([content]).equals(bytes.subarray(magic.length, magic.length + hashLength)))
    damaged("its content has another SHA-256 than it says");

  const end = 4 + content.readUInt32LE(0);
  const header = readHeader(content.toString("utf8", 4, end));
  if (header === undefined) return damaged("its header is not one of normlab's");
  // A copy, because typed arrays need aligned memory.
  const { buffer } = Uint8Array.from(content.subarray(end));
  let offset = 0;
  const withValues = (tensor: TensorHeader): TensorData => {
    const size = tensor.shape.reduce((product, n) => product * n, 1);
    const type = types[tensor.dtype];
    const values = new type(buffer.slice(offset, offset + size * type.BYTES_PER_ELEMENT));
    offset += values.byteLength;
    return { ...tensor, values };
  };
  return {
    run: header.run,
    weights: header.weights.map(withValues),
    optimizer: { iterations: header.iterations, tensors: header.optimizer.map(withValues) },
  };
}

/** The header, where it is one: a right hash only says that the file is as somebody wrote it. */
function readHeader(json: string): Header | undefined {
  let header: Header | null;
  try {
    header = fromJson(json) as Header | null;
  } catch {
    return undefined;
  }
  const { run, iterations, weights, optimizer } = header ?? ({} as Partial<Header>);
  const isOurs =
    run?.format === "normlab-run/1" &&
    Number.isSafeInteger(iterations) &&
    [weights, optimizer].every((tensors) => Array.isArray(tensors) && tensors.every(isTensorHeader));
  return isOurs ? header! : undefined;
}

const types = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const isTensorHeader = ({ name, shape, dtype }: Partial<TensorHeader>) =>
  typeof name === "string" && Array.isArray(shape) && Object.hasOwn(types, String(dtype));

/** What is asked for is not what the checkpoint holds: nothing has failed, the caller's arguments don't fit. */
export class OtherExperiment extends RangeError {}

/** Going on with other data, another model or another seed would give a Run that says what it is not. */
function checkSameExperiment(path: string, saved: Run, fresh: Run): void {
  const identity = ({ seed, dataHash, configuration, versions }: Run): Record<string, unknown> => {
    const { epochs: _, ...rest } = configuration;
    return { seed, dataHash, ...rest, backend: versions.backend };
  };
  const now = identity(fresh);
  for (const [field, value] of Object.entries(identity(saved))) {
    const [was, is] = [JSON.stringify(value), JSON.stringify(now[field])];
    if (was === is) continue;
    const values = was.length + is.length < 200 ? `: there it is ${was}, here ${is}` : "";
    throw new OtherExperiment(
      `checkpoint ${path} belongs to another experiment: ${field} differs${values}. ` +
        "Use another name or folder, or delete it to train from the beginning.",
    );
  }
  const { epochs } = fresh.configuration;
  if (saved.epochs.length > epochs) {
    const least = `at least ${saved.epochs.length}: checkpoint ${path} has as many`;
    throw new OtherExperiment(`epochs is ${epochs}; it must be ${least}.`);
  }
}

const withoutValues = ({ name, shape, dtype }: TensorData): TensorHeader => ({ name, shape, dtype });
const sha256 = (parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
