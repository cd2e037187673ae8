import { describe, expect, it } from "vitest";
import {
  batches,
  type Dataset,
  type Examples,
  hashDataset,
  loadMnist,
  oneHot,
  splitValidation,
} from "normlab";

/** n examples of two bytes; example i is [i, i + 100] with label i mod 10. */
const examples = (n: number): Examples => ({
  images: Uint8Array.from({ length: 2 * n }, (_, i) => (i >> 1) + 100 * (i & 1)),
  labels: Uint8Array.from({ length: n }, (_, i) => i % 10),
  shape: [n, 2],
});

describe("splitValidation", () => {
  it("keeps the last tenth, as Keras does: ⌊N·(1 − 0.1)⌋ to train on", () => {
    const { train, validation } = splitValidation(loadMnist().train, 0.1);
    expect(train.shape).toEqual([54_000, 28, 28, 1]);
    expect(validation!.shape).toEqual([6_000, 28, 28, 1]);
    expect(splitValidation(examples(25), 0.1).train.shape).toEqual([22, 2]);
  });

  it("does not shuffle", () => {
    const { train, validation } = splitValidation(examples(10), 0.3);
    expect([...train.labels]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...validation!.images]).toEqual([7, 107, 8, 108, 9, 109]);
  });

  it("0 keeps all; nonsense is refused", () => {
    expect(splitValidation(examples(5), 0)).toEqual({ train: examples(5), validation: undefined });
    for (const split of [1, -0.1, NaN]) {
      expect(() => splitValidation(examples(5), split)).toThrow(`validationSplit is ${split}`);
    }
    expect(() => splitValidation(examples(1), 0.5)).toThrow(
      "validationSplit is 0.5; it must be less: of 1 examples it leaves none to train on",
    );
  });
});

describe("batches", () => {
  const labelsOf = (options: { batchSize: number; seed?: number; epoch?: number }) =>
    [...batches(examples(37), options)].map(({ images }) => Math.round(images[0] * 255));
  const visited = (options: { batchSize: number; seed?: number; epoch?: number }) =>
    [...batches(examples(37), options)].flatMap(({ images }) =>
      Array.from(images, (pixel) => Math.round(pixel * 255)).filter((_, i) => i % 2 === 0),
    );

  it("visits every example once; the last batch is smaller", () => {
    const all = [...batches(examples(37), { batchSize: 8, seed: 3 })];
    expect(all.map(({ shape }) => shape[0])).toEqual([8, 8, 8, 8, 5]);
    expect(visited({ batchSize: 8, seed: 3 }).sort((a, b) => a - b)).toEqual([...Array(37).keys()]);
  });

  it("know the classes of their labels", () => {
    expect([...oneHot([2, 0], 3)]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(() => oneHot([2, 0], 2.5)).toThrow("classes is 2.5; it must be a positive whole number");
    expect(() => oneHot([2], 2)).toThrow("labels[0] is 2; it must be a class from 0 to 1");
    expect(() => oneHot(undefined as never, 3)).toThrow("labels is undefined; it must be a list of classes");
  });

  it("come in the order of the examples where they are not to be shuffled", () => {
    const all = [...batches(examples(7), { batchSize: 3, seed: 3, epoch: 2, shuffle: false })];
    expect(all.map(({ labels }) => [...labels])).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(() => batches(examples(7), { batchSize: 3, shuffle: 0 as never })).toThrow("shuffle is 0");
  });

  it("scales bytes of any number of pixels", () => {
    for (const pixels of [1, 2, 3, 4, 5, 9]) {
      const images = Uint8Array.from({ length: 3 * pixels }, (_, i) => 255 - 11 * i);
      const all = { images, labels: Uint8Array.of(0, 0, 0), shape: [3, pixels] };
      const [batch] = batches(all, { batchSize: 3, shuffle: false });
      expect(batch.images).toEqual(Float32Array.from(images, (byte) => byte / 255));
    }
  });

  it("keeps images and labels together, and scales bytes to 0 … 1", () => {
    for (const { images, labels } of batches(examples(37), { batchSize: 8 })) {
      for (let row = 0; row < labels.length; row++) {
        expect(labels[row]).toBe(Math.round(images[2 * row] * 255) % 10);
        expect(images[2 * row + 1] - images[2 * row]).toBeCloseTo(100 / 255, 6);
      }
    }
  });

  it("leaves floating-point inputs as they are", () => {
    const floats: Examples = { images: Float32Array.of(-3, 700), labels: Uint8Array.of(0, 1), shape: [2, 1] };
    const [{ images }] = batches(floats, { batchSize: 2 });
    expect([...images].sort((a, b) => a - b)).toEqual([-3, 700]);
  });

  it("the order depends on seed and epoch, and on nothing else", () => {
    const order = visited({ batchSize: 8, seed: 3, epoch: 2 });
    expect(visited({ batchSize: 8, seed: 3, epoch: 2 })).toEqual(order);
    expect(visited({ batchSize: 5, seed: 3, epoch: 2 })).toEqual(order);
    expect(visited({ batchSize: 8, seed: 4, epoch: 2 })).not.toEqual(order);
    expect(visited({ batchSize: 8, seed: 3, epoch: 1 })).not.toEqual(order);
    expect(labelsOf({ batchSize: 8 })).toEqual(labelsOf({ batchSize: 8, seed: 0, epoch: 0 }));
  });

  it("refuses a batch size or seed that is none", () => {
    expect(() => [...batches(examples(3), { batchSize: 0 })]).toThrow("batchSize is 0");
    expect(() => [...batches(examples(3), { batchSize: 1, seed: -1 })]).toThrow("seed is -1");
  });

  it("refuses options and examples that are none, and a misspelt option", () => {
    const wrong = (options: unknown) => () => batches(examples(3), options as { batchSize: number });
    expect(wrong({ batch_size: 8 })).toThrow(
      'batches: "batch_size" is not an option; did you mean "batchSize"?',
    );
    expect(wrong({ batchSize: 8, repeat: 2 })).toThrow(
      'batches: "repeat" is not an option; the options are batchSize, seed, epoch, shuffle.',
    );
    expect(wrong(8)).toThrow("batches: options is 8; it must be an object, { batchSize: … }.");
    expect(() => batches(undefined as unknown as Examples, { batchSize: 1 })).toThrow(
      "examples is undefined",
    );
    expect(() => splitValidation(null as unknown as Examples, 0.1)).toThrow("examples is null; it must be");
    expect(() => hashDataset(examples(3) as unknown as Dataset)).toThrow(
      "dataset is of shape [3, 2]; it must be { train, test }; examples alone go in as { train: examples }.",
    );
  });
});

describe("oneHot", () => {
  it("has one 1 a row", () => {
    expect([...oneHot([2, 0], 3)]).toEqual([0, 0, 1, 1, 0, 0]);
  });
  it("refuses a label that is no class", () => {
    expect(() => oneHot([1, 3], 3)).toThrow("labels[1] is 3; it must be a class from 0 to 2");
  });
});

describe("hashDataset", () => {
  it("refuses what has no bytes to hash", () => {
    const lists = { images: [1, 2], labels: [0], shape: [1, 2] };
    expect(() => hashDataset({ train: lists as never })).toThrow(
      "dataset.train.images is [1, 2]; it must be",
    );
    expect(() => hashDataset({ train: examples(2), test: {} as never })).toThrow(
      "dataset.test.images is undefined",
    );
  });

  it("changes with any image, label or shape", () => {
    const base = hashDataset({ train: examples(5), test: examples(3) });
    expect(hashDataset({ train: examples(5), test: examples(3) })).toBe(base);
    expect(hashDataset({ train: examples(5) })).not.toBe(base);
    const relabelled = examples(5);
    relabelled.labels[4] ^= 1;
    expect(hashDataset({ train: relabelled, test: examples(3) })).not.toBe(base);
    expect(hashDataset({ train: { ...examples(5), shape: [5, 2, 1] }, test: examples(3) })).not.toBe(base);
  });

  it("tells floats from tokens, even where the memory is the same", () => {
    const images = Float32Array.of(0.5, 2);
    const floats: Examples = { images, labels: Uint8Array.of(0, 1), shape: [2, 1] };
    const tokens: Examples = { ...floats, images: new Int32Array(images.buffer) };
    expect(hashDataset({ train: tokens })).not.toBe(hashDataset({ train: floats }));
  });

  it("is that of the numbers alone: a view of a larger memory, a copy and a Buffer are alike", () => {
    const all = examples(9);
    const view = { images: all.images.subarray(4, 10), labels: all.labels.subarray(2, 5), shape: [3, 2] };
    const copy = { images: view.images.slice(), labels: view.labels.slice(), shape: [3, 2] };
    expect(view.images.buffer.byteLength).toBe(18);
    expect(hashDataset({ train: view })).toBe(hashDataset({ train: copy }));
    expect(hashDataset({ train: { ...copy, images: Buffer.from(copy.images) } })).toBe(
      hashDataset({ train: copy }),
    );
  });
});
