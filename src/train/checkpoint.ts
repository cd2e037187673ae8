import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { refuse } from "../tensor/validate";
import type { OptimizerState } from "./optimizerState";
import type { Run } from "./run";
import type { TensorData } from "./tensors";

/** The end of an epoch: all that the next epoch depends on. The order of its batches follows from the seed. */
export interface Checkpoint {
  run: Run;
  weights: TensorData[];
  optimizer: OptimizerState;
}

/**
 * One file an experiment: magic, length of the header, header (JSON), numbers of the tensors one after
 * the other (little-endian). The header holds the Run so far, each tensor's name, shape and dtype, and
 * the SHA-256 of the numbers.
 */
const magic = "normlab-checkpoint/1\n";

interface Header {
  run: Run;
  iterations: number;
  weights: TensorHeader[];
  optimizer: TensorHeader[];
  sha256: string;
}
type TensorHeader = Omit<TensorData, "values">;

/** Where the experiment `name` is kept in `folder`. */
function checkpointFile(folder: string, name: string): string {
  // Letters and digits of any script stay readable; a hash tells apart what the rest made equal.
  const slug = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60);
  const suffix = slug === name ? "" : `-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
  return join(folder, `${slug}${suffix}.checkpoint`);
}

/** Writes beside the old file and renames: a process killed at any moment leaves one of the two, whole. */
export function saveCheckpoint(folder: string, { run, weights, optimizer }: Checkpoint): void {
  mkdirSync(folder, { recursive: true });
  const numbers = Buffer.concat([...weights, ...optimizer.tensors].map(({ values }) => bytesOf(values)));
  const header: Header = {
    run,
    iterations: optimizer.iterations,
    weights: weights.map(withoutValues),
    optimizer: optimizer.tensors.map(withoutValues),
    sha256: sha256(numbers),
  };
  const json = Buffer.from(JSON.stringify(header, nanAsText));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);

  const path = checkpointFile(folder, run.name);
  const temporary = `${path}.${process.pid}-${Math.floor(performance.now() * 1000)}.tmp`;
  const file = openSync(temporary, "w");
  try {
    for (const part of [Buffer.from(magic), length, json, numbers]) writeFileSync(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
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
  const damaged = (what: string): never => {
    throw new Error(`checkpoint ${path} is damaged: ${what}; delete it to train from the beginning.`);
  };
  if (bytes.toString("latin1", 0, magic.length) !== magic) damaged("it does not begin as one of normlab's");
  if (bytes.length < magic.length + 4) damaged("it ends in its header");
  const start = magic.length + 4;
  const end = start + bytes.readUInt32LE(magic.length);
  let header: Header;
  try {
    header = JSON.parse(bytes.toString("utf8", start, end), textAsNan) as Header;
  } catch {
    return damaged("it ends in its header");
  }
  const numbers = bytes.subarray(end);
  if (sha256(numbers) !== header.sha256) damaged("its numbers have another SHA-256 than its header says");
  // A copy, because typed arrays need aligned memory.
  const { buffer } = Uint8Array.from(numbers);
  let offset = 0;
  const withValues = (tensor: TensorHeader): TensorData => {
    const size = tensor.shape.reduce((product, n) => product * n, 1);
    const type = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[tensor.dtype];
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
    throw new Error(
      `checkpoint ${path} belongs to another experiment: ${field} differs${values}. ` +
        "Use another name or folder, or delete it to train from the beginning.",
    );
  }
  if (saved.epochs.length > fresh.configuration.epochs) {
    refuse(
      "epochs",
      fresh.configuration.epochs,
      `at least ${saved.epochs.length}: checkpoint ${path} has as many`,
    );
  }
}

const withoutValues = ({ name, shape, dtype }: TensorData): TensorHeader => ({ name, shape, dtype });
const bytesOf = ({ buffer, byteOffset, byteLength }: TensorData["values"]) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** JSON has no NaN or Infinity, but a diverged run must come back as it was. */
const nanAsText = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? `number:${value}` : value;
const textAsNan = (_: string, value: unknown): unknown =>
  typeof value === "string" && /^number:(NaN|-?Infinity)$/.test(value) ? Number(value.slice(7)) : value;
