import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The first four bytes of a file of images and of one of labels, as a big-endian number. */
export const imagesMagic: number = 0x803;
export const labelsMagic: number = 0x801;

/** What an IDX file must look like. */
interface IdxFormat {
  /** imagesMagic or labelsMagic */
  magic: number;
  /** The dimensions after the magic number, [60000, 28, 28] for images; undefined where any size will do. */
  shape: readonly (number | undefined)[];
}

/** The numbers of an IDX file, one byte each, row-major. */
export interface IdxBytes {
  values: Uint8Array;
  shape: number[];
}

/** The bytes of `path`, or of `path`.gz, decompressed; the error names the file. */
export function readPlainOrGzip(path: string): Buffer {
  const plain = readIfThere(path);
  if (plain) return plain;
  const compressed = `${path}.gz`;
  const bytes = readIfThere(compressed);
  if (!bytes) throw new Error(`${path}: no such file; expected it plain or as ${compressed}.`);
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(
      `${compressed}: found ${bytes.length} bytes that can't be decompressed (${(error as Error).message}); ` +
        "expected a complete gzip file.",
    );
  }
}

/** Nothing where no file is: what is there and can't be read is another fault, and has another remedy. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${path}: can't be read (${(error as Error).message}); expected an IDX file.`);
  }
}

/**
 * The numbers of an IDX file of bytes, and their shape.
 *
 * Throws when the magic number, a dimension or the length differs from `format`; every message names
 * the file, what was found and what was expected. Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST
 * database", section on file formats.
 */
export function parseIdx(file: string, bytes: Uint8Array, { magic, shape: expected }: IdxFormat): IdxBytes {
  const headerLength = 4 + 4 * expected.length;
  const fail = (what: string, found: string | number, wanted: string | number): never => {
    throw new Error(`${file}: ${what}: found ${found}, expected ${wanted}.`);
  };
  if (bytes.length < headerLength)
    fail("truncated header", `${bytes.length} bytes`, `at least ${headerLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const foundMagic = view.getUint32(0);
  if (foundMagic !== magic) fail("wrong magic number", hexadecimal(foundMagic), hexadecimal(magic));
  const shape = expected.map((_, i) => view.getUint32(4 + 4 * i));
  const differs = (size: number, i: number) => size !== (expected[i] ?? size) || size === 0;
  const wanted = expected.map((size) => size ?? "any");
  if (differs(shape[0], 0)) fail("wrong count", shape[0], expected[0] ?? "at least 1");
  if (shape.some(differs)) fail("wrong image size", shape.slice(1).join("×"), wanted.slice(1).join("×"));
  const expectedLength = headerLength + shape.reduce((product, size) => product * size, 1);
  if (bytes.length < expectedLength) fail("truncated", `${bytes.length} bytes`, `${expectedLength} bytes`);
  if (bytes.length > expectedLength) fail("too long", `${bytes.length} bytes`, `${expectedLength} bytes`);
  return { values: bytes.subarray(headerLength), shape };
}

const hexadecimal = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;
