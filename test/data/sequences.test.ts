import fc from "fast-check";
import {
  batches,
  bucketBatches,
  type Examples,
  hashDataset,
  padded,
  type PaddedExamples,
  splitValidation,
  windows,
} from "normlab";
import { describe, expect, it } from "vitest";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
/** The rows of a matrix of this many columns. */
const rows = (values: ArrayLike<number>, columns: number) =>
  upTo(values.length / columns).map((n) => Array.from(values).slice(n * columns, (n + 1) * columns));

describe("windows", () => {
  it("are cut one after the other, each position with the token that follows", () => {
    const { images, labels, shape, labelShape } = windows(upTo(10), { length: 3 });
    expect([shape, labelShape]).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(rows(images, 3)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ]);
    expect([...labels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([images.buffer, labels.buffer].every((memory) => memory instanceof SharedArrayBuffer)).toBe(true);
  });

  it("of any stride hold what their formula says, to the last whole one", () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 8 }),
        (more, length, stride) => {
          const tokens = Int32Array.from({ length: length + 1 + more }, (_, i) => (7 * i * i) % 101);
          const { images, labels, shape } = windows(tokens, { length, stride });
          const expected = upTo(tokens.length).filter((n) => n * stride + length < tokens.length);
          expect(shape).toEqual([expected.length, length]);
          expect(rows(images, length)).toEqual(
            expected.map((n) => [...tokens.subarray(n * stride, n * stride + length)]),
          );
          expect(rows(labels, length)).toEqual(
            expected.map((n) => [...tokens.subarray(n * stride + 1, n * stride + length + 1)]),
          );
        },
      ),
    );
  });

  it('have one label each with predict "last"', () => {
    const { images, labels, labelShape } = windows(upTo(6), { length: 2, stride: 1, predict: "last" });
    expect(rows(images, 2)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect([...labels]).toEqual([2, 3, 4, 5]);
    expect(labelShape).toEqual([4]);
  });

  it.each<[unknown, unknown, string]>([
    [
      "text",
      { length: 2 },
      'tokens is "text"; it must be a list of tokens, an Int32Array or an array of numbers.',
    ],
    [[1, 2, -1], { length: 2 }, "tokens[2] is -1; it must be a token, a whole number from 0 to 2³¹ − 1."],
    [[1, 0.5, 1], { length: 2 }, "tokens[1] is 0.5; it must be a token"],
    [[1, "a", 1], { length: 2 }, 'tokens[1] is "a"; it must be a token'],
    [
      [1, 2, 3],
      { length: 3 },
      "tokens.length is 3; it must be 4 or more, a window of length 3 and a token behind it.",
    ],
    [[1, 2, 3], { length: 0 }, "windows: length is 0; it must be a positive whole number."],
    [[1, 2, 3], {}, "windows: length is undefined; it must be a positive whole number."],
    [[1, 2, 3], { length: 1, stride: 0 }, "windows: stride is 0; it must be a positive whole number."],
    [
      [1, 2, 3],
      { length: 1, step: 1 },
      'windows: "step" is not an option; the options are length, stride, predict.',
    ],
    [[1, 2, 3], { length: 1, predict: "next" }, 'windows: predict is "next"; it must be one of every, last.'],
  ])("refuse %j, %j", (tokens, options, message) => {
    expect(() => windows(tokens as number[], options as { length: number })).toThrow(message);
  });
});

describe("padded", () => {
  const sequences = [[5, 6, 7, 8], [1, 2], Int32Array.of(3, 4, 3)];

  it("predicts the next token, with −1 where there is padding", () => {
    const { images, labels, mask, shape, labelShape } = padded(sequences, { padToken: 0 });
    expect([shape, labelShape]).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(rows(images, 3)).toEqual([
      [5, 6, 7],
      [1, 0, 0],
      [3, 4, 0],
    ]);
    expect(rows(labels, 3)).toEqual([
      [6, 7, 8],
      [2, -1, -1],
      [4, 3, -1],
    ]);
    expect(rows(mask, 3)).toEqual([
      [1, 1, 1],
      [1, 0, 0],
      [1, 1, 0],
    ]);
  });

  it("pads before, to a length that cuts the longer ones", () => {
    const { images, labels, mask } = padded(sequences, { padToken: 9, padding: "before", length: 2 });
    expect(rows(images, 2)).toEqual([
      [5, 6],
      [9, 1],
      [3, 4],
    ]);
    expect(rows(labels, 2)).toEqual([
      [6, 7],
      [-1, 2],
      [4, 3],
    ]);
    expect([...mask]).toEqual([1, 1, 0, 1, 1, 1]);
  });

  it("takes a class for each sequence, or a label for each token", () => {
    const classes = padded(sequences, { padToken: 0, labels: [1, 0, 2] });
    expect([classes.shape, classes.labelShape]).toEqual([[3, 4], [3]]);
    expect([...classes.labels]).toEqual([1, 0, 2]);
    expect(rows(classes.images, 4)[2]).toEqual([3, 4, 3, 0]);
    const each = padded(sequences, {
      padToken: 0,
      labels: [
        [1, 1, 0, -1],
        [1, 1],
        [0, 1, 0],
      ],
    });
    expect(rows(each.labels, 4)).toEqual([
      [1, 1, 0, -1],
      [1, 1, -1, -1],
      [0, 1, 0, -1],
    ]);
    // One token each: still a label a sequence in the one case, a position in the other.
    expect(padded([[1], [2]], { padToken: 0, labels: [0, 1] }).labelShape).toEqual([2]);
    expect(padded([[1], [2]], { padToken: 0, labels: [[0], [1]] }).labelShape).toEqual([2, 1]);
  });

  it.each<[unknown, unknown, string]>([
    [[], { padToken: 0 }, "sequences is []; it must be a list of one or more sequences of tokens."],
    [Int32Array.of(1, 2), { padToken: 0 }, "sequences is a Int32Array; it must be a list"],
    [[[1, 2], [1]], { padToken: 0 }, "sequences[1].length is 1; it must be 2 or more, a token and the next."],
    [[[1, 2], []], { padToken: 0, labels: [0, 1] }, "sequences[1].length is 0; it must be 1 or more."],
    [
      [[1, -2]],
      { padToken: 0 },
      "sequences[0][1] is -2; it must be a token, a whole number from 0 to 2³¹ − 1.",
    ],
    [[[1, 2]], {}, "padded: padToken is undefined; it must be a token, a whole number from 0 to 2³¹ − 1."],
    [
      [[1, 2]],
      { padToken: 2 ** 31 },
      "padded: padToken is 2147483648; it must be a token, a whole number from 0 to",
    ],
    [
      [[1, 2 ** 31]],
      { padToken: 0 },
      "sequences[0][1] is 2147483648; it must be a token, a whole number from 0 to",
    ],
    [[[1, 2]], { padToken: 0, labels: [1, 2] }, 'labels is [1, 2]; it must be "next", or a list of 1, '],
    [[[1, 2]], { padToken: 0, labels: "last" }, 'labels is "last"; it must be "next", or a list of 1, '],
    [
      [[1, 2]],
      { padToken: 0, labels: [-2] },
      "labels[0] is -2; it must be a class (0, 1, …), or −1 for none.",
    ],
    [
      [[1, 2]],
      { padToken: 0, labels: [[1]] },
      "labels[0].length is 1; it must be 2, as many as sequences[0] has",
    ],
    [[[1, 2]], { padToken: 0, labels: [[1, 0.5]] }, "labels[0][1] is 0.5; it must be a class"],
    [[[1, 2]], { padToken: 0, pad: 1 }, 'padded: "pad" is not an option; did you mean'],
    [
      [[1, 2]],
      { padToken: 0, padding: "left" },
      'padded: padding is "left"; it must be one of after, before.',
    ],
  ])("refuses %j, %j", (given, options, message) => {
    expect(() => padded(given as number[][], options as { padToken: number })).toThrow(message);
  });
});

describe("bucketBatches", () => {
  const sequences = upTo(23).map((n) => upTo(2 + ((n * 7) % 11)).map(() => n));
  const shown = (batch: PaddedExamples) => rows(batch.images, batch.shape[1]).map(([first]) => first);
  const all = (options: { seed?: number; epoch?: number } = {}) => [
    ...bucketBatches(sequences, { batchSize: 4, padToken: 0, ...options }),
  ];

  it("show each sequence once, beside others of similar length, padded to the longest of its batch", () => {
    const found = all();
    expect(found.flatMap(shown).sort((a, b) => a - b)).toEqual(upTo(23));
    expect(found.map(({ shape }) => shape[0]).sort()).toEqual([3, 4, 4, 4, 4, 4]);
    const ranges = found.map(({ mask, shape }) => {
      const lengths = rows(mask, shape[1]).map((row) => row.reduce((sum, one) => sum + one, 0));
      expect(Math.max(...lengths)).toBe(shape[1]);
      return [Math.min(...lengths), Math.max(...lengths)];
    });
    // Sorted by length, no batch reaches into the next one.
    ranges
      .sort(([a], [b]) => a - b)
      .slice(1)
      .forEach(([least], i) => expect(least).toBeGreaterThanOrEqual(ranges[i][1]));
  });

  it("come in an order that depends on seed and epoch, and on nothing else", () => {
    const order = (options: object) => all(options).map(shown);
    expect(order({ seed: 1, epoch: 2 })).toEqual(order({ seed: 1, epoch: 2 }));
    expect(order({})).toEqual(order({ seed: 0, epoch: 0 }));
    expect(order({ seed: 1, epoch: 3 })).not.toEqual(order({ seed: 1, epoch: 2 }));
    expect(order({ seed: 2, epoch: 2 })).not.toEqual(order({ seed: 1, epoch: 2 }));
    const lengths = (options: object) => all(options).map(({ shape }) => shape[1]);
    expect(lengths({ seed: 0 })).not.toEqual([...lengths({ seed: 0 })].sort((a, b) => a - b));
  });

  it("keep each sequence's class, and refuse options that are none at once", () => {
    const classes = upTo(23).map((n) => n % 3);
    for (const batch of bucketBatches(sequences, { batchSize: 5, padToken: 0, labels: classes })) {
      expect([...batch.labels]).toEqual(shown(batch).map((n) => n % 3));
    }
    const wrong = (options: object) => () =>
      bucketBatches(sequences, { padToken: 0, batchSize: 2, ...options });
    expect(wrong({ batchSize: 0 })).toThrow(
      "bucketBatches: batchSize is 0; it must be a positive whole number.",
    );
    expect(wrong({ seed: -1 })).toThrow("seed is -1; it must be a whole number from 0 to 2³² − 1.");
    expect(wrong({ size: 1 })).toThrow('bucketBatches: "size" is not an option');
  });
});

describe("examples with a label at each position", () => {
  const examples = (change: object = {}): Examples => ({
    ...windows(upTo(13), { length: 3 }),
    ...change,
  });

  it("stay together in batches, tokens whole numbers", () => {
    for (const { images, labels, shape, labelShape } of batches(examples(), { batchSize: 3 })) {
      expect(images).toBeInstanceOf(Int32Array);
      expect(labels).toBeInstanceOf(Int32Array);
      expect(labelShape).toEqual(shape);
      expect([...labels]).toEqual(Array.from(images, (token) => token + 1));
    }
    const last = [...batches(examples(), { batchSize: 3 })].at(-1)!;
    expect([last.shape, last.labels.length]).toEqual([[1, 3], 3]);
  });

  it("are split with their labels", () => {
    const { train, validation } = splitValidation(examples(), 0.25);
    expect([train.labelShape, validation!.labelShape]).toEqual([
      [3, 3],
      [1, 3],
    ]);
    expect([...validation!.labels]).toEqual([10, 11, 12]);
  });

  it("have a hash that tells shapes and types of labels, and is older where a label is a byte an example", () => {
    const hash = (change: object) => hashDataset({ train: examples(change) });
    const { labels } = examples();
    expect(hash({ labels: Uint8Array.from(labels) })).not.toBe(hash({}));
    expect(hash({ labels: Int32Array.from(labels).reverse() })).not.toBe(hash({}));
    expect(hash({ labelShape: [4, 3, 1] })).not.toBe(hash({}));
    expect(hash({ images: Float32Array.from(examples().images) })).not.toBe(hash({}));
    const plain: Examples = { images: Uint8Array.of(1, 2), labels: Uint8Array.of(0, 1), shape: [2, 1] };
    expect(hashDataset({ train: { ...plain, labelShape: [2] } })).toBe(hashDataset({ train: plain }));
    const asInts = { ...plain, labels: Int32Array.of(0, 1) };
    expect(hashDataset({ train: { ...asInts, labelShape: [2] } })).toBe(hashDataset({ train: asInts }));
    expect(hashDataset({ train: asInts })).not.toBe(hashDataset({ train: plain }));
  });

  it.each<[object, string]>([
    [
      { labelShape: 4 },
      "examples.labelShape is 4; it must be [4, …shape of one example's labels], whole and",
    ],
    [{ labelShape: [3, 4] }, "examples.labelShape is [3, 4]; it must be [4, …shape of one example's labels]"],
    [{ labelShape: [4, 0] }, "examples.labelShape is [4, 0]; it must be [4, …"],
    [{ labelShape: [4, 2] }, "examples.labels.length is 12; it must be 8, as its labelShape [4, 2] needs."],
    [{ labelShape: undefined }, "examples.labels.length is 12; it must be 4, one for each of the images."],
    [
      { labels: new Float32Array(12) },
      "examples.labels is a Float32Array; it must be a Uint8Array or an Int32Array.",
    ],
  ])("refuse %j", (change, message) => {
    expect(() => batches(examples(change), { batchSize: 1 })).toThrow(message);
  });
});
