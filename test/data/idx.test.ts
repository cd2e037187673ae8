import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { parseIdx, readPlainOrGzip } from "../../dist/data/idx";

/** Two pictures of 1×3 pixels, in the middle of a larger memory. */
const pictures = { magic: 0x803, shape: [2, 1, 3] };
const memory = Uint8Array.of(99, 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60, 99);
const bytes = memory.subarray(1, 23);
const changed = (place: number, value: number) => bytes.map((byte, i) => (i === place ? value : byte));

describe("parseIdx", () => {
  it("gives the numbers behind the header", () => {
    const { values, shape } = parseIdx("f", bytes, pictures);
    expect([...values]).toEqual([10, 20, 30, 40, 50, 60]);
    expect(shape).toEqual([2, 1, 3]);
    const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
    expect([...parseIdx("f", labels, { magic: 0x801, shape: [2] }).values]).toEqual([7, 9]);
  });

  it.each<[string, Uint8Array, string]>([
    ["no whole header", bytes.subarray(0, 15), "truncated header: found 15 bytes, expected at least 16"],
    ["nothing but a header", bytes.subarray(0, 16), "truncated: found 16 bytes, expected 22 bytes"],
    ["another kind", changed(3, 1), "wrong magic number: found 0x00000801, expected 0x00000803"],
    ["another number of pictures", changed(7, 3), "wrong count: found 3, expected 2"],
    ["pictures of another height", changed(11, 2), "wrong image size: found 2×3, expected 1×3"],
    ["pictures of another width", changed(15, 4), "wrong image size: found 1×4, expected 1×3"],
    ["a byte too few", bytes.subarray(0, 21), "truncated: found 21 bytes, expected 22 bytes"],
    ["a byte too many", memory.subarray(1), "too long: found 23 bytes, expected 22 bytes"],
  ])("refuses %s", (_, found, message) => {
    expect(() => parseIdx("a/file", found, pictures)).toThrow(new Error(`a/file: ${message}.`));
  });
});

describe("readPlainOrGzip", () => {
  const folder = mkdtempSync(join(tmpdir(), "normlab-idx-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);

  it("reads the plain file, else the compressed one", () => {
    writeFileSync(path("both"), "plain");
    writeFileSync(path("both.gz"), gzipSync("compressed"));
    writeFileSync(path("one.gz"), gzipSync("compressed"));
    expect(readPlainOrGzip(path("both")).toString()).toBe("plain");
    expect(readPlainOrGzip(path("one")).toString()).toBe("compressed");
  });

  it("says which file is missing, cannot be read, or is no gzip file", () => {
    expect(() => readPlainOrGzip(path("no"))).toThrow(
      new Error(`${path("no")}: no such file; expected it plain or as ${path("no.gz")}.`),
    );
    expect(() => readPlainOrGzip(folder)).toThrow(/: can't be read \(EISDIR.*\); expected an IDX file\.$/);
    writeFileSync(path("bad.gz"), "not compressed");
    expect(() => readPlainOrGzip(path("bad"))).toThrow(
      /bad\.gz: found 14 bytes that can't be decompressed \(.+\); expected a complete gzip file\.$/,
    );
  });
});
