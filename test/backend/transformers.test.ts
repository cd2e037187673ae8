/**
 * The kernels of Transformers beside attention: activations, softmax, rows of a table, cross-entropy of class numbers.
 * Their values and gradients for ordinary numbers are in operations.test.ts, PyTorch's in ../layers/transformers.test.ts.
 */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { noise, noiseTensor, on, relativeError } from "./support";

const activations = ["exp", "sigmoid", "tanh", "swish", "gelu", "gelu_new", "softmax", "logSoftmax"] as const;
type Name = (typeof activations)[number];

/** As a layer of tfjs computes it. */
function apply(name: Name, x: tf.Tensor): tf.Tensor {
  if (name === "exp") return tf.exp(x);
  const [constructor] = tf.serialization.SerializationMap.getMap().classNameMap[name];
  return (new constructor({}) as unknown as { apply(x: tf.Tensor): tf.Tensor }).apply(x);
}

/** 1 for what is finite, otherwise what it is. */
const kinds = (values: ArrayLike<number>) =>
  Array.from(values, (value) => (Number.isFinite(value) ? 1 : value));

beforeAll(async () => {
  await initBackend();
});

describe.each(activations)("%s", (name) => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e30, -1e30, 100, -100, 3e-39, 0.5];

  it("is NaN, infinite or 0 where tfjs's is", async () => {
    // One to a row, beside ordinary numbers: softmax works along rows.
    const both = ["wasm", "cpu"] as const;
    const run = () =>
      tf.tidy(() => [
        apply(
          name,
          tf.tensor2d(
            special.flatMap((v) => [0.3, v, -2, 1, 0.1]),
            [special.length, 5],
          ),
        ),
      ]);
    const [[ours], [stock]] = [await on(both[0], run), await on(both[1], run)];
    expect(kinds(ours)).toEqual(kinds(stock));
    const finite = (values: ArrayLike<number>) =>
      Array.from(values, (v, i) => (Number.isFinite(stock[i]) ? v : 0));
    // 10³⁰ cubed is beyond float32 in both; what is left is compared to its own size.
    finite(ours).forEach((value, i) =>
      expect(Math.abs(value - finite(stock)[i])).toBeLessThan(1e-5 * (1 + Math.abs(value))),
    );
  });

  it.each([1, 2, 3, 4, 5, 7, 64, 65])("does the same for rows of %i, and their gradients", async (width) => {
    const run = () =>
      tf.tidy(() => {
        const x = noiseTensor([3, width], 4);
        return [apply(name, x), tf.grad((v: tf.Tensor) => apply(name, v))(x, noiseTensor([3, width], 5))];
      });
    const [ours, stock] = [await on("wasm", run), await on("cpu", run)];
    ours.forEach((values, i) =>
      values.forEach((value, k) => expect(Math.abs(value - stock[i][k])).toBeLessThan(3e-6)),
    );
  });

  it("takes nothing", () => {
    const x = tf.zeros([0, 3]);
    expect(apply(name, x).shape).toEqual([0, 3]);
    expect(tf.grad((v: tf.Tensor) => apply(name, v))(x, tf.zeros([0, 3])).shape).toEqual([0, 3]);
  });
});

it("GELU can be differentiated twice, as tfjs's", async () => {
  const run = () =>
    tf.tidy(() => {
      const [x, dy] = [noiseTensor([3, 5], 4), noiseTensor([3, 5], 5)];
      const slope = (v: tf.Tensor, d: tf.Tensor) =>
        tf.square(tf.grad((u: tf.Tensor) => apply("gelu", u))(v, d));
      return tf.grads(slope)([x, dy]);
    });
  const [ours, stock] = [await on("wasm", run), await on("cpu", run)];
  ours.forEach((values, i) => expect(relativeError(values, stock[i])).toBeLessThan(1e-5));
});

it("GELU and swish follow their definitions to far out, where little is left", () => {
  const x = Array.from({ length: 401 }, (_, i) => (i - 200) / 20);
  const ours = (name: Name) => apply(name, tf.tensor1d(x)).dataSync();
  // erfc by its continued fraction, from Numerical Recipes or any table: Φ(−5), Φ(−3), Φ(−1).
  const tails: [number, number][] = [
    [-5, 2.866515718791939e-7],
    [-3, 1.349898031630095e-3],
    [-1, 0.15865525393145707],
    [2, 0.9772498680518208],
  ];
  for (const [at, share] of tails) {
    const value = ours("gelu")[x.indexOf(at)];
    expect(Math.abs(value / (at * share) - 1), `gelu(${at})`).toBeLessThan(3e-6);
  }
  x.forEach((value, i) => {
    const swish = value / (1 + Math.exp(-value));
    expect(Math.abs(ours("swish")[i] - swish)).toBeLessThan(3e-7 * (1e-3 + Math.abs(swish)) + 1e-9);
  });
});

it("swish has its α", () => {
  const [constructor] = tf.serialization.SerializationMap.getMap().classNameMap.swish;
  const swish = new constructor({}) as unknown as { apply(x: tf.Tensor, alpha: number): tf.Tensor };
  const f = (x: tf.Tensor) => swish.apply(x, 2.5);
  const x = noiseTensor([11]);
  const plain = (x: tf.Tensor) => tf.mul(x, tf.sigmoid(tf.mul(x, 2.5)));
  expect(relativeError(f(x).dataSync(), plain(x).dataSync())).toBeLessThan(1e-6);
  expect(relativeError(tf.grad(f)(x).dataSync(), tf.grad(plain)(x).dataSync())).toBeLessThan(1e-6);
});

describe("rows of a table", () => {
  it("are taken by their numbers, and their gradient goes where they came from, as often as they did", () => {
    const table = noiseTensor([5, 7]);
    const indices = tf.tensor2d([3, 0, 3, 3], [2, 2], "int32");
    const f = (table: tf.Tensor) => tf.gather(table, indices);
    const rows = Array.from({ length: 5 }, (_, r) => Array.from(noise(35).subarray(r * 7, r * 7 + 7)));
    expect(f(table).shape).toEqual([2, 2, 7]);
    expect(Array.from(f(table).dataSync())).toEqual([3, 0, 3, 3].flatMap((r) => rows[r]));
    const dy = noise(28, 2);
    const expected = new Float64Array(35);
    [3, 0, 3, 3].forEach((r, n) => {
      for (let c = 0; c < 7; c++) expected[r * 7 + c] += dy[n * 7 + c];
    });
    const dx = tf.grad(f)(table, tf.tensor(dy, [2, 2, 7]));
    expect(relativeError(dx.dataSync(), expected)).toBeLessThan(1e-6);
    const twice = tf.grad((t: tf.Tensor) => tf.grad((u: tf.Tensor) => tf.square(f(u)))(t));
    expect(Array.from(twice(table).dataSync()).map(Math.round)).toEqual(
      [2, 0, 0, 6, 0].flatMap((value) => Array<number>(7).fill(value)),
    );
  });

  it("along another axis, of whole numbers, of nothing and of a vector are as tfjs has them", async () => {
    const run = () =>
      tf.tidy(() => {
        const at = (values: number[]) => tf.tensor1d(values, "int32");
        return [
          tf.gather(noiseTensor([2, 3, 2]), at([2, 0]), 1),
          tf.gather(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), at([1, 1, 0])),
          tf.gather(noiseTensor([4]), at([3, 3, 1])),
          tf.gather(noiseTensor([4, 2]), at([])),
          tf.gather(noiseTensor([4, 2]), at([1]), -2),
        ];
      });
    const [ours, stock] = [await on("wasm", run), await on("cpu", run)];
    expect(ours.map((values) => Array.from(values))).toEqual(stock.map((values) => Array.from(values)));
  });

  it.each([
    [[0, 5], /gather: an index is 5; it must be a whole number from 0 to 4/],
    [[-1, 9], /gather: an index is -1/],
  ])("that are not there are refused: %o", (numbers, message) => {
    const before = tf.memory().numTensors;
    const table = noiseTensor([5, 2]);
    const indices = tf.tensor1d(numbers, "int32");
    expect(() => tf.gather(table, indices)).toThrow(message);
    tf.dispose([table, indices]);
    expect(tf.memory().numTensors).toBe(before);
    const layer = tf.layers.embedding({ inputDim: 5, outputDim: 2 });
    expect(() => layer.apply(tf.tensor2d(numbers, [1, 2]))).toThrow(message);
  });
});

describe("values in other places", () => {
  it.each([
    [
      [5, 7],
      [1, 0],
    ],
    [
      [64, 33],
      [1, 0],
    ],
    [
      [3, 6, 18],
      [0, 2, 1],
    ],
    [
      [3, 4, 5],
      [2, 0, 1],
    ],
    [
      [3, 4, 5],
      [1, 2, 0],
    ],
    [
      [3, 4, 5],
      [2, 1, 0],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4, 5],
      [0, 1, 3, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 3, 1, 2],
    ],
    [
      [2, 3, 4, 5],
      [3, 2, 0, 1],
    ],
    [
      [2, 1, 4, 5],
      [1, 0, 3, 2],
    ],
    [
      [1, 1, 4],
      [2, 0, 1],
    ],
    [
      [0, 4],
      [1, 0],
    ],
  ])("transposed %o by %o are as tfjs's cpu has them, and their gradient", async (shape, perm) => {
    const run = () =>
      tf.tidy(() => {
        const x = noiseTensor(shape);
        const y = tf.transpose(x, perm);
        expect(y.shape).toEqual(perm.map((axis) => shape[axis]));
        return [y, tf.grad((v: tf.Tensor) => tf.transpose(v, perm))(x, noiseTensor(y.shape, 2))];
      });
    const [ours, stock] = [await on("wasm", run), await on("cpu", run)];
    expect(ours.map((values) => Array.from(values))).toEqual(stock.map((values) => Array.from(values)));
  });

  it.each([[[3, 7]], [[4]], [[1]], [[0, 2]], [[2, 3, 5]]])(
    "picked by a condition %o, NaN as it is",
    (shape) => {
      const size = tf.util.sizeFromShape(shape);
      const [a, b] = [noise(size, 1), noise(size, 2)];
      const condition = Array.from(noise(size, 3), (value) => value > 0);
      if (size > 2) [a[0], b[1]] = [NaN, Infinity];
      const y = tf.where(tf.tensor(condition, shape, "bool"), tf.tensor(a, shape), tf.tensor(b, shape));
      expect(Array.from(y.dataSync())).toEqual(condition.map((isA, i) => (isA ? a[i] : b[i])));
    },
  );

  it("picked of whole numbers, and by a condition for each row, as tfjs does it", () => {
    const rows = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const condition = tf.tensor2d([1, 0], [2, 1], "bool");
    expect(Array.from(tf.where(condition, rows, tf.zerosLike(rows)).dataSync())).toEqual([1, 2, 0, 0]);
    const whole = tf.tensor1d([5, 6], "int32");
    expect(Array.from(tf.where(tf.tensor1d([0, 1], "bool"), whole, tf.neg(whole)).dataSync())).toEqual([
      -5, 6,
    ]);
  });
});

/**
 * A model that only multiplies by 1 before its softmax, so that its inputs are the logits; the softmax is the dense layer's, or
 * a layer's of its own: then the loss is tfjs's, from the softmax's output.
 */
function softmaxOf(shape: number[], isApart: boolean): tf.LayersModel {
  const activation = isApart ? "linear" : "softmax";
  const dense = { inputShape: shape, units: shape.at(-1)!, kernelInitializer: "identity" as const };
  const model = tf.sequential({ layers: [tf.layers.dense({ ...dense, activation })] });
  if (isApart) model.add(tf.layers.activation({ activation: "softmax" }));
  model.compile({
    optimizer: tf.train.sgd(0.5),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Mean loss and accuracy over what counts, in float64. */
function lossAndAccuracy(logits: ArrayLike<number>, labels: number[], classes: number): number[] {
  const counted = labels.flatMap((label, n) => (label === -1 ? [] : [n]));
  const rows = counted.map((n) => Array.from({ length: classes }, (_, c) => logits[n * classes + c]));
  const losses = rows.map(
    (row, i) => Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[labels[counted[i]]],
  );
  const right = rows.filter((row, i) => row.indexOf(Math.max(...row)) === labels[counted[i]]);
  const count = counted.length || 1;
  return [losses.reduce((sum, loss) => sum + loss, 0) / count, right.length / count];
}

describe.each([
  ["wasm", false],
  ["cpu", false],
  ["wasm", true],
] as const)("cross-entropy of class numbers on the backend %s, softmax apart: %s", (backend, isApart) => {
  const cases: [string, logits: number[], labels: number[], numbers: number[], dtype: "int32" | "float32"][] =
    [
      ["[N, C], labels [N]", [4, 3], [4], [2, 0, 1, 1], "int32"],
      ["[N, C], labels [N, 1]", [4, 3], [4, 1], [2, 0, 1, 1], "float32"],
      ["[N, C], one of which does not count", [4, 3], [4, 1], [2, -1, 1, 0], "float32"],
      ["[N, T, C], labels [N, T]", [2, 3, 5], [2, 3], [4, 0, -1, 2, -1, -1], "int32"],
      ["[N, T, C], labels [N, T, 1]", [2, 3, 5], [2, 3, 1], [4, 0, -1, 2, -1, -1], "float32"],
      ["[N, T, C], where nothing counts", [1, 2, 5], [1, 2], [-1, -1], "int32"],
      ["[N, H, W, C]", [1, 2, 2, 9], [1, 2, 2], [8, -1, 3, 0], "int32"],
    ];

  it.each(cases)(
    "%s: the mean loss and accuracy of what counts",
    async (_, shape, labels, numbers, dtype) => {
      await initBackend({ backend });
      const model = softmaxOf(shape.slice(1), isApart);
      const logits = noise(tf.util.sizeFromShape(shape), 3);
      const expected = lossAndAccuracy(logits, numbers, shape.at(-1)!);
      const [x, y] = [tf.tensor(logits, shape), tf.tensor(numbers, labels, dtype)];
      const evaluated = (model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[]).map((s) => s.dataSync()[0]);
      const before = tf.memory().numTensors;
      const trained = (await model.trainOnBatch(x, y)) as number[];
      for (const found of [evaluated, trained]) {
        found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
      }
      // The bias has moved by the gradient: the mean of softmax − 1 at the class.
      const classes = shape.at(-1)!;
      const bias = new Float64Array(classes);
      const counted = numbers.filter((label) => label !== -1).length || 1;
      numbers.forEach((label, n) => {
        if (label === -1) return;
        const row = Array.from(logits.subarray(n * classes, (n + 1) * classes), Math.exp);
        const total = row.reduce((sum, e) => sum + e, 0);
        row.forEach((e, c) => (bias[c] -= (0.5 * (e / total - (c === label ? 1 : 0))) / counted));
      });
      expect(relativeError(model.getWeights()[1].dataSync(), bias)).toBeLessThan(1e-5);
      await model.trainOnBatch(x, y);
      expect(tf.memory().numTensors).toBe(before);
      await initBackend();
    },
  );

  it("does not clip: a certain and wrong answer is still learned from", async () => {
    await initBackend({ backend });
    const model = softmaxOf([3], false);
    const [x, y] = [tf.tensor2d([[200, 0, 0]]), tf.tensor2d([[1]])];
    expect(((await model.trainOnBatch(x, y)) as number[])[0]).toBeCloseTo(200, 3);
    expect(Array.from(model.getWeights()[1].dataSync())).toEqual([-0.5, 0.5, 0]);
    await initBackend();
  });
});

it("a class number that is none is named, with the range of those that are", async () => {
  const model = softmaxOf([3], false);
  const train = (label: number) => model.trainOnBatch(tf.zeros([1, 3]), tf.tensor2d([[label]]));
  for (const label of [3, -2, 1e9]) {
    await expect(train(label)).rejects.toThrow(
      `a label is ${label}; it must be a class number from 0 to 2, or −1 where the position does not count`,
    );
  }
});

it("a dense layer takes sequences and images, with bias and activation, and trains on them", () => {
  for (const shape of [
    [2, 5, 6],
    [2, 3, 2, 6],
  ]) {
    for (const activation of ["relu", "gelu", undefined] as const) {
      const layer = tf.layers.dense({ units: 7, activation, biasInitializer: "randomNormal" });
      const x = noiseTensor(shape);
      const y = layer.apply(x) as tf.Tensor;
      const [kernel, bias] = layer.getWeights();
      const plain = (x: tf.Tensor) => {
        const sum = tf.add(tf.matMul(tf.reshape(x, [-1, 6]), kernel), bias);
        return tf.reshape(activation === "relu" ? tf.relu(sum) : activation ? apply("gelu", sum) : sum, [
          ...shape.slice(0, -1),
          7,
        ]);
      };
      expect(y.shape).toEqual(plain(x).shape);
      expect(relativeError(y.dataSync(), plain(x).dataSync())).toBeLessThan(1e-6);
      const dy = noiseTensor(y.shape, 3);
      const [ours, expected] = [(x: tf.Tensor) => layer.apply(x) as tf.Tensor, plain].map((f) =>
        tf.grad(f)(x, dy),
      );
      expect(relativeError(ours.dataSync(), expected.dataSync())).toBeLessThan(1e-6);
    }
  }
});
