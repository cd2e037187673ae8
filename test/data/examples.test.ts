import {
  batches,
  type Dataset,
  type Examples,
  hashDataset,
  oneHot,
  randomGenerator,
  splitValidation,
} from "normlab";
import { describe, expect, it } from "vitest";

/** Three examples of two pixels. */
const examples = (): Examples => ({
  images: Uint8Array.of(0, 51, 102, 153, 204, 255),
  labels: Uint8Array.of(2, 0, 1),
  shape: [3, 2],
});
const wrong = (part: object) => ({ ...examples(), ...part }) as Examples;
/** What batches() says of examples. */
const refusal = (given: unknown) => () => batches(given as Examples, { batchSize: 2 });

describe("examples that are none", () => {
  const numbers = "a Uint8Array (pixels), a Float32Array or an Int32Array (tokens).";
  const shape = "[N, …shape of one example], whole and positive.";
  it.each<[unknown, string]>([
    [null, "examples is null; it must be examples, { images, labels, shape }."],
    ["mnist", 'examples is "mnist"; it must be examples, { images, labels, shape }.'],
    [{}, `examples.images is undefined; it must be ${numbers}`],
    [wrong({ images: [0, 1, 2, 3, 4, 5] }), `examples.images is [0, 1, 2, 3, 4, 5]; it must be ${numbers}`],
    [wrong({ images: new Float64Array(6) }), `examples.images is a Float64Array; it must be ${numbers}`],
    [wrong({ labels: [2, 0, 1] }), "examples.labels is [2, 0, 1]; it must be a Uint8Array or an Int32Array."],
    [wrong({ shape: 6 }), `examples.shape is 6; it must be ${shape}`],
    [wrong({ shape: [3] }), `examples.shape is [3]; it must be ${shape}`],
    [wrong({ shape: [3, 0] }), `examples.shape is [3, 0]; it must be ${shape}`],
    [wrong({ shape: [0, 2] }), `examples.shape is [0, 2]; it must be ${shape}`],
    [wrong({ shape: [1.5, 4] }), `examples.shape is [1.5, 4]; it must be ${shape}`],
    [
      wrong({ shape: [3, 2, 2] }),
      "examples.images.length is 6; it must be 12, as its shape [3, 2, 2] needs.",
    ],
    [wrong({ shape: [2, 3] }), "examples.labels.length is 3; it must be 2, one for each of the images."],
  ])("%o", (given, message) => {
    expect(refusal(given)).toThrow(new RangeError(message));
  });

  it("are named as they were given, in a data set", () => {
    const hash = (dataset: unknown) => () => hashDataset(dataset as Dataset);
    expect(hash(7)).toThrow("dataset is 7; it must be a data set, { train, test }, as loadMnist() gives it.");
    expect(hash(null)).toThrow("dataset is null; it must be a data set");
    expect(hash({})).toThrow("dataset.train is undefined; it must be examples, { images, labels, shape }.");
    expect(hash({ train: examples(), test: 5 })).toThrow("dataset.test is 5; it must be examples");
    expect(hash({ train: examples(), test: null })).toThrow("dataset.test is null");
  });
});

describe("batches", () => {
  it("come in the order of the generator whose seed has the epoch above the lower 32 bits", () => {
    const order = randomGenerator(5 * 2 ** 32 + 9).permutation(3);
    const labels = [...batches(examples(), { batchSize: 1, seed: 9, epoch: 5 })].map(
      (batch) => batch.labels[0],
    );
    expect(labels).toEqual(Array.from(order, (i) => [2, 0, 1][i]));
  });

  it("have the shape of one example behind their size, and pixels of 0 … 1", () => {
    const [{ images, shape, labels }] = batches(wrong({ shape: [3, 2, 1] }), { batchSize: 3 });
    expect(shape).toEqual([3, 2, 1]);
    for (let row = 0; row < 3; row++) {
      const i = [2, 0, 1].indexOf(labels[row]);
      expect([...images.subarray(2 * row, 2 * row + 2)]).toEqual([0.4 * i, 0.4 * i + 0.2].map(Math.fround));
    }
  });

  it("are all there when their size divides the number of examples, or is larger", () => {
    const sizes = (batchSize: number) => [...batches(examples(), { batchSize })].map(({ shape }) => shape[0]);
    expect([1, 3, 100].map(sizes)).toEqual([[1, 1, 1], [3], [3]]);
  });

  it("have a seed of 32 bits", () => {
    const seeded = (seed: unknown) => () => batches(examples(), { batchSize: 1, seed: seed as number });
    for (const seed of [0, 2 ** 32 - 1]) expect(seeded(seed)).not.toThrow();
    for (const seed of [-1, 2 ** 32, 0.5, NaN]) {
      expect(seeded(seed)).toThrow(
        new RangeError(`seed is ${seed}; it must be a whole number from 0 to 2³² − 1.`),
      );
    }
    expect(seeded("1")).toThrow('seed is "1"');
  });
});

describe("oneHot", () => {
  it("takes the first and the last class, and refuses what is below, beyond or between", () => {
    expect([...oneHot([0, 3], 4)]).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
    expect([...oneHot([], 4)]).toEqual([]);
    for (const label of [4, -1, 0.5, NaN]) {
      expect(() => oneHot([0, label], 4)).toThrow(
        new RangeError(`labels[1] is ${label}; it must be a class from 0 to 3.`),
      );
    }
  });
});

describe("splitValidation", () => {
  it("leaves one example to train on, and refuses to leave none", () => {
    expect(splitValidation(examples(), 0.6).train.shape).toEqual([1, 2]);
    expect(() => splitValidation(examples(), 0.7)).toThrow(
      new RangeError("validationSplit is 0.7; it must be less: of 3 examples it leaves none to train on."),
    );
  });

  it("refuses what is no part of one", () => {
    for (const split of [1, -0.1, NaN]) {
      expect(() => splitValidation(examples(), split)).toThrow(
        new RangeError(`validationSplit is ${split}; it must be a number, at least 0 and less than 1.`),
      );
    }
    expect(() => splitValidation(examples(), "0.1" as never)).toThrow('validationSplit is "0.1"');
    expect(() => splitValidation(examples(), null as never)).toThrow("validationSplit is null");
  });

  it("shares the numbers instead of copying them", () => {
    const all = examples();
    const { train, validation } = splitValidation(all, 0.4);
    expect([train.shape, validation!.shape]).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect([train.images.buffer, validation!.labels.buffer]).toEqual([all.images.buffer, all.labels.buffer]);
    expect(validation!.images.buffer).toBe(all.images.buffer);
  });
});

describe("hashDataset", () => {
  it("is this for these numbers on every machine", () => {
    expect(hashDataset({ train: examples() })).toMatchInlineSnapshot(
      `"d9feccf8a925483d75b7fd5d6041a77652fcb83d6e8b25ec52337670c8be3d5d"`,
    );
    expect(hashDataset({ train: examples(), test: examples() })).toMatchInlineSnapshot(
      `"b4b085aeed44ad5f10e90ace13f2820bac35f7983a79900b4ff6c6525113cb43"`,
    );
  });
});
