import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { hashDataset, type IdxOptions, loadIdx, loadMnist } from "normlab";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { idxFile, writeIdxFolder } from "../support/idx";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-idx-"));
  writeIdxFolder(folder, { train: [3, 1, 2, 0, 1], test: [2, 2] });
});
afterEach(() => rmSync(folder, { recursive: true }));
const put = (name: string, shape: number[], bytes: number[]) =>
  writeFileSync(join(folder, name), idxFile(shape, bytes));

describe("loadIdx", () => {
  it("reads images of any size with their labels, into memory that workers share", () => {
    const { train, test, hash } = loadIdx(folder);
    expect(train.shape).toEqual([5, 2, 3, 1]);
    expect([...train.labels]).toEqual([3, 1, 2, 0, 1]);
    expect([...train.images.subarray(6, 12)]).toEqual([6, 7, 8, 9, 10, 11]);
    expect(test.shape).toEqual([2, 2, 3, 1]);
    expect([...test.labels]).toEqual([2, 2]);
    expect(train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(hash).toBe(hashDataset({ train, test }));
  });

  it("limit keeps the first of each part, and the hash tells", () => {
    const { train, test, hash } = loadIdx(folder, { limit: 3 });
    expect(train.shape).toEqual([3, 2, 3, 1]);
    expect([...train.labels]).toEqual([3, 1, 2]);
    expect(train.images).toHaveLength(18);
    expect(test.shape).toEqual([2, 2, 3, 1]);
    expect(hash).not.toBe(loadIdx(folder).hash);
  });

  it("reads .gz files and files of other names", () => {
    const { hash } = loadIdx(folder);
    const name = join(folder, "t10k-images-idx3-ubyte");
    writeFileSync(
      `${name}.gz`,
      gzipSync(
        idxFile(
          [2, 2, 3],
          Array.from({ length: 12 }, (_, i) => i),
        ),
      ),
    );
    rmSync(name);
    renameSync(join(folder, "train-labels-idx1-ubyte"), join(folder, "letters"));
    expect(loadIdx(folder, { files: { trainLabels: "letters" } }).hash).toBe(hash);
  });

  it("takes the folder among its options, too", () => {
    expect(loadIdx({ folder })).toEqual(loadIdx(folder));
    expect(loadIdx({ folder, classes: 4, limit: 3 })).toEqual(loadIdx(folder, { classes: 4, limit: 3 }));
  });

  it("carries the classes' names, which say how many there are and are no part of the hash", () => {
    const classNames = ["T-shirt/top", "Trouser", "Pullover", "Dress"];
    const named = loadIdx({ folder, classNames });
    expect(named).toEqual({ ...loadIdx(folder), classNames });
    expect(loadIdx(folder)).not.toHaveProperty("classNames");
    expect(() => loadIdx({ folder, classNames: classNames.slice(1) })).toThrow(
      "expected 0 to 2 (`classes` is 3)",
    );
  });

  it("MNIST itself is the same as by loadMnist()", () => {
    const mnist = loadMnist({ limit: 3 });
    const part = ({ images, labels }: typeof mnist.train) => ({ images: [...images], labels: [...labels] });
    writeIdxFolder(folder, { train: part(mnist.train), test: part(mnist.test), size: [28, 28] });
    expect(loadIdx(folder)).toEqual(mnist);
  });

  it.each<[string, () => void, string]>([
    [
      "a label that is no class",
      () => put("train-labels-idx1-ubyte", [5], [3, 1, 10, 0, 1]),
      "train-labels-idx1-ubyte: label 2 is no class: found 10, expected 0 to 9",
    ],
    [
      "fewer labels than images",
      () => put("t10k-labels-idx1-ubyte", [1], [2]),
      "t10k-labels-idx1-ubyte: wrong count: found 1, expected 2",
    ],
    [
      "test images of another size",
      () => put("t10k-images-idx3-ubyte", [2, 3, 2], new Array<number>(12).fill(0)),
      "t10k-images-idx3-ubyte: wrong image size: found 3×2, expected 2×3",
    ],
    [
      "no images",
      () => put("train-images-idx3-ubyte", [0, 2, 3], []),
      "train-images-idx3-ubyte: wrong count: found 0, expected at least 1",
    ],
    [
      "images without height",
      () => put("train-images-idx3-ubyte", [5, 0, 3], []),
      "train-images-idx3-ubyte: wrong image size: found 0×3, expected any×any",
    ],
    [
      "images cut short",
      () => put("train-images-idx3-ubyte", [5, 2, 3], [1, 2]),
      "train-images-idx3-ubyte: truncated: found 18 bytes, expected 46 bytes",
    ],
    [
      "labels where images should be",
      () => put("train-images-idx3-ubyte", [40], new Array<number>(40).fill(0)),
      "train-images-idx3-ubyte: wrong magic number: found 0x00000801, expected 0x00000803",
    ],
    [
      "a missing file",
      () => rmSync(join(folder, "t10k-labels-idx1-ubyte")),
      "t10k-labels-idx1-ubyte: no such file; expected it plain or as",
    ],
  ])("refuses %s, and names the file, what was found and what was expected", (_, damage, message) => {
    damage();
    expect(() => loadIdx(folder)).toThrow(message);
  });

  it("takes the number of classes that is said: labels from 0 to one less", () => {
    expect(loadIdx(folder, { classes: 4 }).train.labels[0]).toBe(3);
    expect(() => loadIdx(folder, { classes: 3 })).toThrow("found 3, expected 0 to 2 (`classes` is 3)");
  });

  it("refuses options and a folder that are none", () => {
    const refused: [unknown, unknown, string][] = [
      [folder, { clases: 3 }, 'loadIdx: "clases" is not an option; did you mean "classes"?'],
      [folder, 5, "loadIdx: options is 5; it must be an object"],
      [folder, { classes: 0 }, "classes is 0; it must be a positive whole number"],
      [folder, { limit: 0 }, "limit is 0; it must be a positive whole number"],
      [folder, { files: { trainImage: "x" } }, 'loadIdx: files: "trainImage" is not an option; did you mean'],
      [folder, { files: { testLabels: 5 } }, "loadIdx: files: testLabels is 5; it must be a text."],
      [folder, null, "loadIdx: options is null; it must be an object"],
      [
        folder,
        { folder },
        'loadIdx: "folder" is not an option; the options are classes, classNames, limit, files.',
      ],
      [
        folder,
        { classNames: "abc" },
        'loadIdx: classNames is "abc"; it must be a list of names, ["T-shirt/top", …].',
      ],
      [folder, { classNames: [] }, "loadIdx: classNames is []; it must be a list of names"],
      [folder, { classNames: ["a", ""] }, "loadIdx: classNames is an array of 2; it must be a list of names"],
      [
        folder,
        { classNames: ["a", "b", "a"] },
        'loadIdx: classNames is "a"; it must be another name for each class.',
      ],
      [
        folder,
        { classNames: ["a"], classes: 4 },
        "classNames.length is 1; it must be 4, the number of `classes`.",
      ],
      [{ foldr: folder }, undefined, 'loadIdx: "foldr" is not an option; did you mean "folder"?'],
      [{ folder: 5 }, undefined, "folder is 5; it must be a folder with train-images-idx3-ubyte, "],
      [
        { folder },
        { limit: 3 },
        "loadIdx: options is an object; it must be left out: the folder stands among options.",
      ],
      [{}, undefined, "folder is undefined; it must be a folder with train-images-idx3-ubyte, "],
      [undefined, {}, "folder is undefined; it must be a folder with train-images-idx3-ubyte, "],
      [join(folder, "nowhere"), {}, "(plain or .gz), but nothing is there"],
    ];
    for (const [place, options, message] of refused) {
      expect(() => loadIdx(place as string, options as IdxOptions)).toThrow(message);
    }
  });
});
