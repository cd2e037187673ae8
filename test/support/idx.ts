/** Small data sets in MNIST's file format. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], bytes: Iterable<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x800 + shape.length, 0);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Uint8Array.from(bytes)]);
}

type Part = number[] | { images: number[]; labels: number[] };

/** The four files under MNIST's names; a part given by its labels alone gets the pixels 0, 1, 2, … */
export function writeIdxFolder(
  folder: string,
  { train, test, size = [2, 3] }: { train: Part; test: Part; size?: [number, number] },
): void {
  for (const [prefix, part] of [
    ["train", train],
    ["t10k", test],
  ] as const) {
    const labels = Array.isArray(part) ? part : part.labels;
    const pixels = labels.length * size[0] * size[1];
    const images = Array.isArray(part) ? Array.from({ length: pixels }, (_, i) => i % 256) : part.images;
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idxFile([labels.length, ...size], images));
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idxFile([labels.length], labels));
  }
}
