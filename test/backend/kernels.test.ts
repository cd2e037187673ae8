import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { initBackend } from "normlab";
import { noise, noiseTensor, relativeError } from "./support";

/** Everything below in float64, straight from the definitions. */
interface Convolution {
  x: number[];
  filter: number[];
  strides?: [number, number];
  dilations?: [number, number];
  pad?: "valid" | "same" | number;
}

const convolutions: Record<string, Convolution> = {
  "3×3, Winograd's form": { x: [3, 13, 13, 16], filter: [3, 3, 16, 24] },
  "3×3, same padding": { x: [2, 9, 10, 8], filter: [3, 3, 8, 8], pad: "same" },
  "3×3, padded by 2": { x: [2, 8, 7, 8], filter: [3, 3, 8, 16], pad: 2 },
  "3×3, four input channels": { x: [2, 12, 12, 4], filter: [3, 3, 4, 8] },
  "3×3, twelve input channels": { x: [2, 12, 12, 12], filter: [3, 3, 12, 16] },
  "3×3, many tiles": { x: [5, 16, 16, 32], filter: [3, 3, 32, 32], pad: "same" },
  "one input channel": { x: [4, 28, 28, 1], filter: [3, 3, 1, 32] },
  "one input channel, same padding": { x: [2, 9, 8, 1], filter: [3, 3, 1, 12], pad: "same" },
  "one input channel, strides": { x: [2, 10, 9, 1], filter: [3, 3, 1, 4], strides: [2, 3] },
  "one input channel, strides, same padding": {
    x: [2, 10, 9, 1],
    filter: [3, 3, 1, 4],
    strides: [2, 2],
    pad: "same",
  },
  "one input channel, odd outputs": { x: [2, 10, 9, 1], filter: [3, 3, 1, 5] },
  "odd channels": { x: [3, 9, 8, 3], filter: [3, 3, 3, 5] },
  "odd channels, 2×4": { x: [2, 9, 8, 5], filter: [2, 4, 5, 13], pad: "same" },
  pointwise: { x: [2, 5, 6, 7], filter: [1, 1, 7, 9] },
  "pointwise with stride": { x: [2, 5, 6, 7], filter: [1, 1, 7, 8], strides: [2, 2] },
  strides: { x: [2, 11, 12, 4], filter: [3, 3, 4, 8], strides: [2, 3] },
  "strides, same padding": { x: [2, 11, 12, 4], filter: [5, 3, 4, 8], strides: [2, 2], pad: "same" },
  dilation: { x: [2, 11, 12, 4], filter: [3, 3, 4, 8], dilations: [2, 3] },
  "dilation, same padding": { x: [2, 11, 12, 3], filter: [3, 2, 3, 6], dilations: [3, 2], pad: "same" },
  "batch of one, one output": { x: [1, 5, 5, 2], filter: [5, 5, 2, 3] },
  "more depth than fits a block": { x: [1, 6, 6, 300], filter: [5, 5, 300, 9] },
};

function infoOf({ x, filter, strides, dilations, pad }: Convolution, depthwise = false) {
  type Four = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(
    x as Four,
    filter as Four,
    strides ?? 1,
    dilations ?? 1,
    pad ?? "valid",
    undefined,
    depthwise,
  );
}

/** Calls back for every product of the convolution with the indices into x, the filter and y. */
function eachProduct(
  c: Convolution,
  visit: (x: number, filter: number, y: number) => void,
  depthwise = false,
): void {
  const i = infoOf(c, depthwise);
  const perFilter = depthwise ? c.filter[3] : i.outChannels;
  for (let n = 0; n < i.batchSize; n++)
    for (let p = 0; p < i.outHeight; p++)
      for (let q = 0; q < i.outWidth; q++)
        for (let a = 0; a < i.filterHeight; a++)
          for (let b = 0; b < i.filterWidth; b++) {
            const h = p * i.strideHeight - i.padInfo.top + a * i.dilationHeight;
            const w = q * i.strideWidth - i.padInfo.left + b * i.dilationWidth;
            if (h < 0 || h >= i.inHeight || w < 0 || w >= i.inWidth) continue;
            for (let k = 0; k < i.inChannels; k++)
              for (let o = 0; o < perFilter; o++)
                visit(
                  ((n * i.inHeight + h) * i.inWidth + w) * i.inChannels + k,
                  ((a * i.filterWidth + b) * i.inChannels + k) * perFilter + o,
                  ((n * i.outHeight + p) * i.outWidth + q) * i.outChannels +
                    (depthwise ? k * perFilter + o : o),
                );
          }
}

const size = (shape: number[]) => tf.util.sizeFromShape(shape);

describe("convolution", () => {
  it.each(Object.keys(convolutions))("forward and both gradients agree with float64: %s", async (name) => {
    await initBackend();
    const c = convolutions[name];
    const [x, filter] = [noiseTensor(c.x, 1) as tf.Tensor4D, noiseTensor(c.filter, 2) as tf.Tensor4D];
    const f = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        c.strides ?? 1,
        c.pad ?? "valid",
        "NHWC",
        c.dilations ?? 1,
      );
    const y = f(x, filter);
    const dy = noise(y.size, 3);
    const [dx, dFilter] = tf.grads(f as (...a: tf.Tensor[]) => tf.Tensor)(
      [x, filter],
      tf.tensor(dy, y.shape),
    );
    const [xs, fs] = [noise(x.size, 1), noise(filter.size, 2)];
    const expected = [new Float64Array(y.size), new Float64Array(x.size), new Float64Array(filter.size)];
    eachProduct(c, (i, j, k) => {
      expected[0][k] += xs[i] * fs[j];
      expected[1][i] += dy[k] * fs[j];
      expected[2][j] += dy[k] * xs[i];
    });
    [y, dx, dFilter].forEach((tensor, i) =>
      expect(relativeError(tensor.dataSync(), expected[i]), ["y", "dx", "dFilter"][i]).toBeLessThan(3e-6),
    );
  });

  it.each(["relu", "linear", "tanh"] as const)(
    "the layer adds bias and %s, and trains",
    async (activation) => {
      await initBackend();
      const layer = tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        activation,
        biasInitializer: "randomNormal",
      });
      const x = noiseTensor([2, 7, 7, 8]) as tf.Tensor4D;
      layer.apply(x);
      const [kernel, bias] = layer.getWeights() as [tf.Tensor4D, tf.Tensor];
      const variables = layer.trainableWeights.map(
        (weight) => (weight as unknown as { val: tf.Variable }).val,
      );
      const weights = noiseTensor([2, 5, 5, 8], 4);
      const y = layer.apply(x) as tf.Tensor;
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, weights)),
        variables,
      );
      const plain = (kernel: tf.Tensor, bias: tf.Tensor) => {
        const sum = tf.add(tf.conv2d(x, kernel as tf.Tensor4D, 1, "valid"), bias);
        return activation === "relu" ? tf.maximum(sum, 0) : activation === "tanh" ? tf.tanh(sum) : sum;
      };
      expect(relativeError(y.dataSync(), plain(kernel, bias).dataSync())).toBeLessThan(1e-5);
      const expected = tf.grads(plain as (...a: tf.Tensor[]) => tf.Tensor)([kernel, bias], weights);
      variables.forEach((variable, i) =>
        expect(relativeError(grads[variable.name].dataSync(), expected[i].dataSync())).toBeLessThan(1e-5),
      );
    },
  );

  it("takes NCHW, batches of nothing, and dilation in the layer", async () => {
    await initBackend();
    const x = noiseTensor([2, 5, 6, 3]) as tf.Tensor4D;
    const filter = noiseTensor([3, 3, 3, 4]) as tf.Tensor4D;
    const first = tf.conv2d(tf.transpose(x, [0, 3, 1, 2]) as tf.Tensor4D, filter, 1, "same", "NCHW");
    expect(Array.from(tf.transpose(first, [0, 2, 3, 1]).dataSync())).toEqual(
      Array.from(tf.conv2d(x, filter, 1, "same").dataSync()),
    );
    const toFirst = (t: tf.Tensor) => tf.transpose(t, [0, 3, 1, 2]);
    const dy = noiseTensor([2, 5, 6, 4], 4);
    const gradients = (x: tf.Tensor, dy: tf.Tensor, format: "NHWC" | "NCHW") =>
      tf.grads((x: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same", format),
      )([x, filter], dy);
    const [dx, dFilter] = gradients(x, dy, "NHWC");
    const [dxFirst, dFilterFirst] = gradients(toFirst(x), toFirst(dy), "NCHW");
    expect(Array.from(dxFirst.dataSync())).toEqual(Array.from(toFirst(dx).dataSync()));
    expect(dFilterFirst.shape).toEqual(filter.shape);
    expect(Array.from(dFilterFirst.dataSync())).toEqual(Array.from(dFilter.dataSync()));
    expect(tf.conv2d(tf.zeros([0, 5, 6, 3]) as tf.Tensor4D, filter, 1, "same").shape).toEqual([0, 5, 6, 4]);
    const layer = tf.layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2 });
    const gradient = tf.grad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(noiseTensor([2, 7, 7, 3]));
    expect(Array.from(gradient.dataSync()).some((value) => value !== 0)).toBe(true);
  });
});

it("the convolution layer leaves it to tfjs to refuse whole numbers", async () => {
  await initBackend();
  const layer = tf.layers.conv2d({ filters: 4, kernelSize: 3 });
  expect(() => layer.apply(tf.zeros([1, 5, 5, 3], "int32"))).toThrow(/float32/);
});

describe("depthwise convolution", () => {
  it.each(
    Object.entries<Convolution>({
      plain: { x: [2, 7, 8, 8], filter: [3, 3, 8, 1] },
      "odd channels, three multiples": { x: [2, 7, 8, 3], filter: [3, 2, 3, 3], pad: "same" },
      strides: { x: [2, 9, 9, 5], filter: [3, 3, 5, 1], strides: [2, 2], pad: "same" },
      dilation: { x: [1, 9, 9, 4], filter: [3, 3, 4, 2], dilations: [2, 2] },
    }),
  )("both gradients agree with float64: %s", async (_, c) => {
    await initBackend();
    const [x, filter] = [noiseTensor(c.x, 1) as tf.Tensor4D, noiseTensor(c.filter, 2) as tf.Tensor4D];
    const f = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        c.strides ?? 1,
        c.pad as "same",
        "NHWC",
        c.dilations ?? 1,
      );
    c.pad ??= "valid";
    const y = f(x, filter);
    const dy = noise(y.size, 3);
    const [dx, dFilter] = tf.grads(f as (...a: tf.Tensor[]) => tf.Tensor)(
      [x, filter],
      tf.tensor(dy, y.shape),
    );
    const [xs, fs] = [noise(x.size, 1), noise(filter.size, 2)];
    const expected = [new Float64Array(y.size), new Float64Array(x.size), new Float64Array(filter.size)];
    eachProduct(
      c,
      (i, j, k) => {
        expected[0][k] += xs[i] * fs[j];
        expected[1][i] += dy[k] * fs[j];
        expected[2][j] += dy[k] * xs[i];
      },
      true,
    );
    [y, dx, dFilter].forEach((tensor, i) =>
      expect(relativeError(tensor.dataSync(), expected[i]), ["y", "dx", "dFilter"][i]).toBeLessThan(3e-6),
    );
  });
});

describe("the dense layer", () => {
  it.each([
    { units: 9, activation: "relu", useBias: true },
    { units: 8, activation: "linear", useBias: true },
    { units: 5, activation: "softmax", useBias: true },
    { units: 7, activation: "relu", useBias: false },
  ] as const)("and its gradients are the definition's: %o", async (config) => {
    await initBackend();
    const layer = tf.layers.dense({ ...config, biasInitializer: "randomNormal" });
    const x = noiseTensor([6, 11]) as tf.Tensor2D;
    layer.apply(x);
    const weights = layer.getWeights();
    const variables = layer.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
    const mix = noiseTensor([6, config.units], 4);
    const y = layer.apply(x) as tf.Tensor;
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, mix)), variables);
    const plain = (kernel: tf.Tensor, bias?: tf.Tensor) => {
      const product = tf.matMul(x, kernel as tf.Tensor2D);
      const sum = bias ? tf.add(product, bias) : product;
      const exponentials = () => tf.exp(sum);
      return config.activation === "relu"
        ? tf.maximum(sum, 0)
        : config.activation === "softmax"
          ? tf.div(exponentials(), tf.sum(exponentials(), -1, true))
          : sum;
    };
    expect(relativeError(y.dataSync(), plain(weights[0], weights[1]).dataSync())).toBeLessThan(1e-5);
    const expected = tf.grads(plain as (...a: tf.Tensor[]) => tf.Tensor)(weights, mix);
    variables.forEach((variable, i) =>
      expect(relativeError(grads[variable.name].dataSync(), expected[i].dataSync())).toBeLessThan(1e-5),
    );
    const input = tf.grad((x: tf.Tensor) => tf.mul(layer.apply(x) as tf.Tensor, mix))(x);
    expect(Array.from(input.dataSync()).every(Number.isFinite)).toBe(true);
  });
});

describe("matrix product", () => {
  const sizes = [
    [1, 1, 1],
    [4, 8, 8],
    [5, 3, 7],
    [32, 70, 10],
    [3, 129, 17],
    [33, 2, 64],
    [16, 300, 24],
    [250, 515, 20], // more than one block of rows and of steps
  ];
  const transposes = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ];
  it.each(transposes)("agrees with float64, transposeA %s, transposeB %s", async (transposeA, transposeB) => {
    await initBackend();
    for (const [m, k, n] of sizes) {
      for (const [aBatch, bBatch] of [
        [1, 1],
        [3, 3],
        [1, 2],
        [2, 1],
      ]) {
        const aShape = [aBatch, ...(transposeA ? [k, m] : [m, k])];
        const bShape = [bBatch, ...(transposeB ? [n, k] : [k, n])];
        const y = tf.matMul(noiseTensor(aShape, 1), noiseTensor(bShape, 2), transposeA, transposeB);
        const [a, b] = [noise(size(aShape), 1), noise(size(bShape), 2)];
        const batch = Math.max(aBatch, bBatch);
        expect(y.shape).toEqual([batch, m, n]);
        const expected = new Float64Array(batch * m * n);
        for (let i = 0; i < expected.length; i++) {
          const [s, row, column] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n];
          const aAt = (aBatch === 1 ? 0 : s) * m * k;
          const bAt = (bBatch === 1 ? 0 : s) * k * n;
          for (let j = 0; j < k; j++) {
            expected[i] +=
              a[aAt + (transposeA ? j * m + row : row * k + j)] *
              b[bAt + (transposeB ? column * k + j : j * n + column)];
          }
        }
        expect(
          relativeError(y.dataSync(), expected),
          `${m}×${k}×${n}, batch ${aBatch}, ${bBatch}`,
        ).toBeLessThan(1e-6);
      }
    }
  });

  it("adds bias and ReLU", async () => {
    await initBackend();
    const [a, b, bias] = [
      noiseTensor([5, 9], 1) as tf.Tensor2D,
      noiseTensor([9, 11], 2) as tf.Tensor2D,
      noiseTensor([11], 3),
    ];
    const y = tf.fused.matMul({ a, b, bias, activation: "relu" });
    const expected = tf.maximum(tf.add(tf.matMul(a, b), bias), 0);
    expect(relativeError(y.dataSync(), expected.dataSync())).toBeLessThan(1e-6);
  });
});

describe("max pooling", () => {
  const cases: {
    x: number[];
    window: [number, number];
    strides: [number, number];
    pad: "valid" | "same" | number;
  }[] = [
    { x: [2, 8, 8, 8], window: [2, 2], strides: [2, 2], pad: "valid" },
    { x: [2, 9, 7, 8], window: [2, 2], strides: [2, 2], pad: "valid" },
    { x: [2, 9, 7, 8], window: [2, 2], strides: [2, 2], pad: "same" },
    { x: [2, 9, 7, 5], window: [3, 2], strides: [2, 1], pad: "same" },
    { x: [1, 8, 8, 3], window: [3, 3], strides: [3, 3], pad: 1 },
    { x: [2, 5, 5, 6], window: [5, 5], strides: [1, 1], pad: "valid" },
  ];
  it.each(cases)(
    "finds the first largest value and sends the gradient there: %o",
    async ({ x: shape, window, strides, pad }) => {
      await initBackend();
      const info = tf.backend_util.computePool2DInfo(
        shape as [number, number, number, number],
        window,
        strides,
        1,
        pad,
      );
      // Mostly negative, with many ties: what tfjs's own kernel gets wrong, and what "first" decides.
      const values = noise(size(shape), 7).map((value) => Math.round(value * 2) / 2 - 1);
      const x: tf.Tensor = tf.tensor(values, shape);
      const f = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, window, strides, pad);
      const y = f(x);
      const dy = noise(y.size, 3);
      const dx = tf.grad(f)(x, tf.tensor(dy, y.shape));
      const expectedY = new Float64Array(y.size).fill(-Infinity);
      const winner = new Int32Array(y.size);
      const { outHeight, outWidth, inHeight, inWidth, inChannels } = info;
      for (let n = 0; n < info.batchSize; n++)
        for (let p = 0; p < outHeight; p++)
          for (let q = 0; q < outWidth; q++)
            for (let c = 0; c < inChannels; c++)
              for (let a = 0; a < window[0]; a++)
                for (let b = 0; b < window[1]; b++) {
                  const h = p * strides[0] - info.padInfo.top + a;
                  const w = q * strides[1] - info.padInfo.left + b;
                  if (h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
                  const from = ((n * inHeight + h) * inWidth + w) * inChannels + c;
                  const to = ((n * outHeight + p) * outWidth + q) * inChannels + c;
                  if (values[from] > expectedY[to]) {
                    expectedY[to] = values[from];
                    winner[to] = from;
                  }
                }
      const expectedDx = new Float64Array(x.size);
      winner.forEach((from, to) => (expectedDx[from] += dy[to]));
      expect(Array.from(y.dataSync())).toEqual(Array.from(expectedY));
      expect(relativeError(dx.dataSync(), expectedDx)).toBeLessThan(1e-6);
    },
  );
});

describe("elementwise kernels and sums", () => {
  it("ReLU passes the gradient where the input is positive", async () => {
    await initBackend();
    const x = noise(103);
    x[5] = 0;
    const dx = tf.grad((x: tf.Tensor) => tf.relu(x))(tf.tensor(x), tf.tensor(noise(103, 2)));
    expect(Array.from(dx.dataSync())).toEqual(
      Array.from(noise(103, 2), (value, i) => (x[i] > 0 ? value : 0)),
    );
  });

  it.each([
    [[130, 7], 0, [7]],
    [[131, 45], 0, [45]], // whole lines of the cache, whole lane groups and single values
    [[3, 50, 8], [0, 1], [8]],
    [[3, 5, 9], 0, [5, 9]],
    [[3, 5, 9], [0, 2], [5]],
    [[3, 5, 9], undefined, []],
  ] as [number[], number | number[] | undefined, number[]][])(
    "sums %o over %o",
    async (shape, axis, kept) => {
      await initBackend();
      const x = noiseTensor(shape);
      const got = tf.sum(x, axis);
      expect(got.shape).toEqual(kept);
      await tf.setBackend("cpu");
      const expected = tf.sum(noiseTensor(shape), axis).dataSync();
      await tf.setBackend("wasm");
      expect(relativeError(got.dataSync(), expected)).toBeLessThan(1e-6);
      const kept1 = tf.sum(noiseTensor(shape), axis, true);
      const summed = [axis ?? shape.map((_, i) => i)].flat();
      expect(kept1.shape).toEqual(shape.map((length, i) => (summed.includes(i) ? 1 : length)));
      expect(kept1.dataSync()).toEqual(got.dataSync());
    },
  );

  it("a clone shares its values and outlives the original", async () => {
    await initBackend();
    const x = tf.tensor([1, 2, 3]);
    const clone = x.clone();
    x.dispose();
    expect(Array.from(clone.dataSync())).toEqual([1, 2, 3]);
  });
});

describe("the cross-entropy's kernel", () => {
  it("takes a class that cannot be, whose logit is −∞", async () => {
    await initBackend();
    const target = tf.tensor([[1, 0, 0]]);
    const loss = (logits: tf.Tensor) =>
      tf.engine().runKernel("NormlabSoftmaxCrossEntropy", { target, logits }) as tf.Tensor;
    const logits = tf.tensor([[0, -Infinity, Math.log(3)]]);
    expect(loss(logits).dataSync()[0]).toBeCloseTo(Math.log(4), 6);
    const gradient = Array.from(tf.grad(loss)(logits).dataSync());
    [-0.75, 0, 0.75].forEach((value, k) => expect(gradient[k]).toBeCloseTo(value, 6));
  });
});

describe("Adam", () => {
  it("takes the paper's steps", async () => {
    await initBackend();
    const [w, m, v] = [Float64Array.from(noise(37)), new Float64Array(37), new Float64Array(37)];
    const weight = tf.variable(tf.tensor(noise(37)));
    const optimizer = tf.train.adam(0.01, 0.8, 0.95, 1e-6);
    for (let t = 1; t <= 7; t++) {
      const g = noise(37, t + 1);
      optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor(g) }]);
      for (let i = 0; i < w.length; i++) {
        m[i] = 0.8 * m[i] + 0.2 * g[i];
        v[i] = 0.95 * v[i] + 0.05 * g[i] ** 2;
        w[i] -= (0.01 * (m[i] / (1 - 0.8 ** t))) / (Math.sqrt(v[i] / (1 - 0.95 ** t)) + 1e-6);
      }
    }
    expect(relativeError(weight.dataSync(), w)).toBeLessThan(1e-6);
    weight.dispose();
  });

  it("goes on from saved weights bit for bit", async () => {
    await initBackend();
    const step = (optimizer: tf.AdamOptimizer, weight: tf.Variable, t: number) =>
      optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor(noise(9, t)) }]);
    const straight = tf.variable(tf.tensor(noise(9)));
    const first = tf.train.adam(0.01);
    for (let t = 0; t < 3; t++) step(first, straight, t);
    const resumed = tf.variable(straight.clone());
    const second = tf.train.adam(0.01);
    await second.setWeights(await first.getWeights());
    for (let t = 3; t < 6; t++) {
      step(first, straight, t);
      step(second, resumed, t);
    }
    expect(Array.from(resumed.dataSync())).toEqual(Array.from(straight.dataSync()));
  });

  it("goes on with tfjs's own where the backend is switched in training", async () => {
    const train = async (switched: boolean) => {
      await initBackend();
      const weight = tf.variable(tf.tensor(noise(9)));
      const optimizer = tf.train.adam(0.01, 0.8, 0.95);
      for (let t = 0; t < 6; t++) {
        if (switched && t === 3) await tf.setBackend("cpu");
        optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor(noise(9, t)) }]);
      }
      const values = weight.dataSync();
      await tf.setBackend("wasm");
      weight.dispose();
      return values;
    };
    expect(relativeError(await train(true), await train(false))).toBeLessThan(1e-6);
  });
});
