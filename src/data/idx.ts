import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** What an IDX file must look like. */
interface IdxFormat {
  /** The first four bytes as a big-endian number: 0x803 for images of bytes, 0x801 for labels. */
  magic: number;
  /** The dimensions after the magic number: [60000, 28, 28] for images, [60000] for labels. */
  shape: number[];
}

/** The bytes of `path`, or of `path`.gz, decompressed; the error names the file. */
export function readPlainOrGzip(path: string): Buffer {
  if (existsSync(path)) return readFile(path);
  const compressed = `${path}.gz`;
  if (!existsSync(compressed)) {
    throw new Error(`${path}: no such file; expected it plain or as ${compressed}.`);
  }
  const bytes = readFile(compressed);
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(
      `${compressed}: found ${bytes.length} bytes that can't be decompressed (${(error as Error).message}); ` +
        "expected a complete gzip file.",
    );
  }
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${path}: can't be read (${(error as Error).message}); expected an IDX file.`);
  }
}

/**
 * The numbers of an IDX file of bytes, without the header.
 *
 * Throws when the magic number, a dimension or the length differs from `format`; every message names
 * the file, what was found and what was expected. Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST
 * database", section on file formats.
 */
export function parseIdx(file: string, bytes: Uint8Array, { magic, shape }: IdxFormat): Uint8Array {
  const headerLength = 4 + 4 * shape.length;
  const fail = (what: string, found: string | number, expected: string | number): never => {
    throw new Error(`${file}: ${what}: found ${found}, expected ${expected}.`);
  };
  if (bytes.length < headerLength)
    fail("truncated header", `${bytes.length} bytes`, `at least ${headerLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const foundMagic = view.getUint32(0);
  if (foundMagic !== magic) fail("wrong magic number", hexadecimal(foundMagic), hexadecimal(magic));
  const foundShape = shape.map((_, i) => view.getUint32(4 + 4 * i));
  if (foundShape[0] !== shape[0]) fail("wrong count", foundShape[0], shape[0]);
  if (foundShape.join() !== shape.join()) {
    fail("wrong image size", foundShape.slice(1).join("×"), shape.slice(1).join("×"));
  }
  const expectedLength = headerLength + shape.reduce((product, size) => product * size, 1);
  if (bytes.length < expectedLength) fail("truncated", `${bytes.length} bytes`, `${expectedLength} bytes`);
  if (bytes.length > expectedLength) fail("too long", `${bytes.length} bytes`, `${expectedLength} bytes`);
  return bytes.subarray(headerLength);
}

const hexadecimal = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;
