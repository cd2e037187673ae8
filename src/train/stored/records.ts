/**
 * What is kept of an experiment, and the file of a sweep: JSON with all its records, in the order of their hashes,
 * compressed by Brotli, which finds what is repeated megabytes apart (Runs of the same network over 1, 2, 3 … epochs).
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { bytesOf } from "../../data/dataset";
import type { Source } from "../../tensor/sources";
import { isObject } from "../../tensor/validate";
import { writeWhole } from "../files";
import { fromJson, toJson } from "../json";
import type { Run } from "../run";
import type { TensorData } from "../tensors";

export interface StoredRecord {
  /** Of the experiment's whole configuration. */
  hash: string;
  /** The day on which it was computed: 2026-11-27. */
  date: string;
  versions: Partial<Run["versions"]>;
  result: unknown;
  /** The seeds and data sets that it was computed from, where the result does not say it itself. */
  sources?: Source[];
  /** The trained weights, float32, one after the other, in base64. */
  weights?: string;
}

const format = "normlab-records/1";

/** The hash under which an experiment is kept. */
export const hashOfConfiguration = (configuration: object): string =>
  createHash("sha256").update(toJson(configuration)).digest("hex").slice(0, 16);

export const today = (): string => new Date().toISOString().slice(0, 10);

export function writeRecords(path: string, records: readonly StoredRecord[]): void {
  const sorted = [...records].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  writeWhole(path, [compressed(toJson({ format, records: sorted }))]);
}

const compressed = (text: string): Uint8Array =>
  brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });

/** The records of a file, none where there is no file. */
export function readRecords(path: string): StoredRecord[] {
  if (!existsSync(path)) return [];
  let content: unknown;
  try {
    content = fromJson(brotliDecompressSync(readFileSync(path)).toString("utf8"));
  } catch (error) {
    throw new Error(`${path} can't be read (${(error as Error).message}); ${remedy}.`);
  }
  const { format: found, records } = isObject(content) ? content : {};
  if (found !== format || !Array.isArray(records) || !records.every(isRecord))
    throw new Error(`${path} does not hold records of normlab's; ${remedy}.`);
  return records;
}

const remedy = "delete it to compute anew what it held";

const isRecord = (value: unknown): value is StoredRecord =>
  isObject(value) &&
  typeof value.hash === "string" &&
  typeof value.date === "string" &&
  isObject(value.versions);

/** The numbers of float32 tensors, as a record keeps them. */
export function packWeights(weights: readonly TensorData[]): string {
  return Buffer.concat(weights.map(({ values }) => bytesOf(values))).toString("base64");
}

/** The same numbers in tensors shaped as those of `like`; nothing where they don't fill them. */
export function unpackWeights(packed: string, like: readonly TensorData[]): TensorData[] | undefined {
  const bytes = Buffer.from(packed, "base64");
  const size = like.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes.length !== size) return undefined;
  // A copy, because typed arrays need aligned memory.
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  let offset = 0;
  return like.map(({ values, ...tensor }) => {
    const part = numbers.slice(offset, (offset += values.length));
    return { ...tensor, values: part };
  });
}
