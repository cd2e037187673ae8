/** Recurrent kernels, and their stand-in from tfjs operations, against float64; tfjs's layers on top of them. */
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { initBackend } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type ActivationObject,
  type NormGains,
  recurrent,
  type RecurrentOptions,
} from "../../dist/backend/recurrent";
import { training } from "../../dist/layers/recurrent/stepStatistics";
import {
  type Cell,
  columnsPerUnit,
  differences,
  reference,
  type ReferenceSettings,
  type ReferenceValues,
} from "../support/recurrent";
import { noise, noiseTensor, on, relativeError } from "./support";

beforeAll(async () => {
  await initBackend();
});

const activation = (name: string): ActivationObject =>
  (tf.layers.activation({ activation: name as "tanh" }) as unknown as { activation: ActivationObject })
    .activation;

interface Case extends Partial<ReferenceSettings> {
  shape: [batch: number, steps: number, inputs: number, units: number];
  masked?: boolean;
  /** Without bias and first states. */
  bare?: boolean;
}

/** Odd sizes, single ones, and ones that fill the registers; what differs between them is spread over all. */
const cases: Case[] = [
  { shape: [3, 3, 4, 8], returnSequences: true },
  { shape: [2, 3, 3, 5], goBackwards: true, masked: true, recurrentActivation: "hardSigmoid" },
  { shape: [1, 1, 2, 3], bare: true },
  { shape: [5, 2, 9, 7], activation: "relu", returnSequences: true, masked: true },
  {
    shape: [1, 4, 2, 9],
    goBackwards: true,
    returnSequences: true,
    bare: true,
    recurrentActivation: "hardSigmoid",
  },
  { shape: [4, 3, 8, 1], activation: "linear", masked: true, normalization: "none" },
];

function settingsOf(cell: Cell, { shape, masked: _masked, bare: _bare, ...given }: Case): ReferenceSettings {
  const [batch, steps, inputs, units] = shape;
  return {
    ...{ cell, batch, steps, inputs, units, activation: "tanh", recurrentActivation: "sigmoid" },
    ...{
      goBackwards: false,
      returnSequences: false,
      resetAfter: false,
      normalization: "none",
      epsilon: 1e-3,
    },
    ...given,
  };
}

/** Numbers for every input, and the shapes they have in tfjs. */
function inputsOf(settings: ReferenceSettings, { masked, bare }: Case) {
  const { cell, batch, steps, inputs, units, resetAfter, normalization } = settings;
  const width = columnsPerUnit[cell] * units;
  const shapes: Record<string, number[]> = {
    ...{ x: [batch, steps, inputs], kernel: [inputs, width], recurrentKernel: [units, width] },
    ...(!bare && { bias: resetAfter ? [2, width] : [width], h0: [batch, units] }),
    ...(!bare && cell === "lstm" && { c0: [batch, units] }),
    ...(normalization !== "none" && { gammaH: [width] }),
    ...(normalization !== "none" && cell !== "simpleRnn" && { gammaX: [width] }),
    ...(normalization !== "none" && cell === "lstm" && { gammaC: [units], betaC: [units] }),
  };
  const values: ReferenceValues = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, noise(tf.util.sizeFromShape(shape), i + 3)]),
  );
  // The first row counts from its second step on, the second never, and so on in turns.
  const mask =
    masked &&
    Float32Array.from({ length: batch * steps }, (_, i) =>
      (i % steps) % 3 && (i / steps) % 2 < 1 ? 1 : i % 2,
    );
  return { shapes, values: mask ? { ...values, mask } : values };
}

/** Weights of the outputs in the loss, so that every output has a gradient of its own. */
const weightsFor = (size: number, seed: number) => noise(size, 50 + seed);

function normalizationOf(
  normalization: ReferenceSettings["normalization"],
  gains: NormGains,
  steps: number,
): RecurrentOptions["normalization"] {
  if (normalization === "none") return undefined;
  if (normalization === "layerNorm") return gains;
  const variable = (value: tf.Tensor | undefined) => ({ read: () => value });
  const sums = {
    x: { gamma: variable(gains.gammaX) },
    h: { gamma: variable(gains.gammaH) },
    c: { gamma: variable(gains.gammaC), beta: variable(gains.betaC) },
  };
  return { gains, ...training(sums as never, steps, gains.epsilon, 0.9) };
}

function compute(settings: ReferenceSettings, tensors: Record<string, tf.Tensor>) {
  const { normalization, epsilon, cell } = settings;
  const { x, kernel, recurrentKernel, bias, h0, c0, mask, gammaX, gammaH, gammaC, betaC } = tensors;
  return recurrent(x, {
    ...settings,
    ...{ kernel, recurrentKernel, bias, mask },
    activation: activation(settings.activation),
    recurrentActivation: activation(settings.recurrentActivation),
    normalization: normalizationOf(normalization, { gammaX, gammaH, gammaC, betaC, epsilon }, settings.steps),
    initialStates: h0 && (cell === "lstm" ? [h0, c0] : [h0]),
  });
}

/** [output, …states, …gradients of all inputs] */
function run(settings: ReferenceSettings, { shapes, values }: ReturnType<typeof inputsOf>): tf.Tensor[] {
  const names = Object.keys(shapes);
  const tensors = names.map((name) => tf.tensor(Float32Array.from(values[name]), shapes[name]));
  const { batch, steps } = settings;
  const mask = values.mask && tf.tensor(Float32Array.from(values.mask), [batch, steps]);
  const named = (all: tf.Tensor[]) => ({
    ...Object.fromEntries(names.map((name, i) => [name, all[i]])),
    mask,
  });
  const { output, states } = compute(settings, named(tensors) as Record<string, tf.Tensor>);
  const gradients = tf.grads((...all: tf.Tensor[]) => {
    const result = compute(settings, named(all) as Record<string, tf.Tensor>);
    return tf.addN(
      [result.output, ...result.states].map((tensor, i) =>
        tf.sum(tf.mul(tensor, tf.tensor(weightsFor(tensor.size, i), tensor.shape))),
      ),
    );
  })(tensors);
  return [output, ...states, ...gradients];
}

/** The same, in float64. */
function expected(settings: ReferenceSettings, { shapes, values }: ReturnType<typeof inputsOf>): number[][] {
  const outputsOf = (all: ReferenceValues) => {
    const { output, states } = reference(settings, all);
    return [output, ...states];
  };
  const loss = (all: ReferenceValues) =>
    outputsOf(all).reduce((total, output, i) => {
      const weights = weightsFor(output.length, i);
      return total + output.reduce((sum, value, j) => sum + value * weights[j], 0);
    }, 0);
  return [...outputsOf(values), ...Object.keys(shapes).map((name) => differences(loss, values, name))];
}

const variants: [string, Cell, Partial<ReferenceSettings>][] = [
  ["LSTM", "lstm", {}],
  ["LSTM with layer norm", "lstm", { normalization: "layerNorm" }],
  ["LSTM with batch norm", "lstm", { normalization: "batchNorm" }],
  ["GRU, reset before", "gru", {}],
  ["GRU, reset after", "gru", { resetAfter: true }],
  ["GRU with layer norm", "gru", { resetAfter: true, normalization: "layerNorm" }],
  ["GRU with batch norm", "gru", { resetAfter: true, normalization: "batchNorm" }],
  ["simple RNN", "simpleRnn", {}],
  ["simple RNN with layer norm", "simpleRnn", { normalization: "layerNorm" }],
  ["simple RNN with batch norm", "simpleRnn", { normalization: "batchNorm" }],
];

describe.each(variants)("%s", (_name, cell, variant) => {
  // Two rows become 1 and −1 whatever they are: the gradient through them cancels to a thousandth, and is mostly rounding.
  const fitting = cases.filter(({ shape }) => variant.normalization !== "batchNorm" || shape[0] > 2);
  it.each(fitting.map((each) => [JSON.stringify(each), each] as const))(
    "outputs, states and all gradients agree with float64: %s",
    async (_what, each) => {
      const settings = settingsOf(cell, { ...variant, ...each });
      const inputs = inputsOf(settings, each);
      const wanted = expected(settings, inputs);
      for (const backend of ["wasm", "cpu"] as const) {
        const results = await on(backend, () => run(settings, inputs));
        const names = ["output", ...(cell === "lstm" ? ["h", "c"] : ["h"]), ...Object.keys(inputs.shapes)];
        names.forEach((name, i) =>
          expect(relativeError(results[i], wanted[i]), `${name} on ${backend}`).toBeLessThan(2e-5),
        );
      }
    },
  );
});

// The weights' gradients of 260 and more rows are sums of several blocks of time steps, the last not full.
it.each(variants)("%s: the same step by step, for many rows", async (_name, cell, variant) => {
  for (const bare of [false, true]) {
    const each: Case = { shape: [70, 8, 3, 9], bare };
    const settings = settingsOf(cell, { ...variant, ...each });
    const inputs = inputsOf(settings, each);
    const [ours, plain] = [
      await on("wasm", () => run(settings, inputs)),
      await on("cpu", () => run(settings, inputs)),
    ];
    ours.forEach((values, i) => expect(relativeError(values, plain[i]), `${i}`).toBeLessThan(2e-5));
  }
});

describe("padding", () => {
  /** Sequences of different lengths, filled up with anything: each as if it were alone, and not filled up. */
  it("changes nothing about what is not padded, and has no gradient", () => {
    const property = fc.property(
      fc.constantFrom(...variants.filter(([, , { normalization }]) => normalization !== "batchNorm")),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 10 }),
      fc.boolean(),
      ([, cell, variant], lengths, units, returnSequences) =>
        tf.tidy(() => {
          const steps = Math.max(...lengths);
          const shape: Case["shape"] = [lengths.length, steps, 3, units];
          const settings = settingsOf(cell, { ...variant, shape, returnSequences });
          const { shapes, values } = inputsOf(settings, { shape });
          const tensors = Object.fromEntries(
            Object.entries(shapes).map(([name, size]) => [
              name,
              tf.tensor(Float32Array.from(values[name]), size),
            ]),
          );
          const mask = tf.tensor(
            lengths.map((length) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0))),
          );
          const filler = tf.mul(1e3, tf.sub(1, tf.expandDims(mask, 2)));
          const padded = (x: tf.Tensor) => compute(settings, { ...tensors, x, mask });
          const x = tf.add(tensors.x, filler);
          const { output, states } = padded(x);
          const dx = tf.grad((x: tf.Tensor) => tf.sum(tf.square(padded(x).output)))(x);
          expect(Math.max(...tf.mul(dx, filler).abs().dataSync())).toBe(0);
          lengths.forEach((length, n) => {
            const row = (all: tf.Tensor) => tf.slice(all, [n, 0], [1, units]);
            const alone = compute(
              { ...settings, batch: 1, steps: length },
              {
                ...tensors,
                x: tf.slice(tensors.x, [n, 0, 0], [1, length, 3]),
                h0: row(tensors.h0),
                ...(cell === "lstm" && { c0: row(tensors.c0) }),
              },
            );
            states.forEach((state, i) =>
              expect(relativeError(row(state).dataSync(), alone.states[i].dataSync())).toBeLessThan(1e-5),
            );
            if (!returnSequences) return;
            const seen = tf.slice(output, [n, 0, 0], [1, length, units]);
            expect(relativeError(seen.dataSync(), alone.output.dataSync())).toBeLessThan(1e-5);
          });
        }),
    );
    fc.assert(property, { numRuns: 60, seed: 1 });
  });
});

interface StockCase {
  layer: (config: object) => tf.layers.Layer;
  config?: object;
  kernel: RegExp | undefined;
}
const stock: Record<string, StockCase> = {
  lstm: { layer: (c) => tf.layers.lstm(c as never), kernel: /^NormlabLstm$/ },
  "lstm, Keras's activation of the gates": {
    layer: (c) => tf.layers.lstm(c as never),
    config: { recurrentActivation: "sigmoid", goBackwards: true, useBias: false },
    kernel: /^NormlabLstm$/,
  },
  "lstm, an activation that the kernels lack": {
    layer: (c) => tf.layers.lstm(c as never),
    config: { activation: "elu" },
    kernel: undefined,
  },
  gru: { layer: (c) => tf.layers.gru(c as never), kernel: /^NormlabGru$/ },
  "gru, all steps": {
    layer: (c) => tf.layers.gru(c as never),
    config: { returnSequences: true },
    kernel: /^NormlabGru$/,
  },
  simpleRNN: { layer: (c) => tf.layers.simpleRNN(c as never), kernel: /^NormlabSimpleRnn$/ },
  bidirectional: {
    layer: (c) =>
      tf.layers.bidirectional({
        layer: tf.layers.gru({ ...c, returnSequences: true } as never),
        mergeMode: "concat",
      }),
    kernel: /^NormlabGru$/,
  },
  "two cells": {
    layer: (c) =>
      tf.layers.rnn({ cell: [tf.layers.lstmCell(c as never), tf.layers.gruCell(c as never)] as never }),
    kernel: undefined,
  },
};

describe("tfjs's layers", () => {
  const initializers = {
    kernelInitializer: tf.initializers.randomNormal({ stddev: 0.7, seed: 1 }),
    recurrentInitializer: tf.initializers.randomNormal({ stddev: 0.7, seed: 2 }),
    biasInitializer: tf.initializers.randomNormal({ stddev: 0.7, seed: 3 }),
  };
  const built = ({ layer, config }: StockCase, units = 6) => layer({ units, ...initializers, ...config });

  /** The output, and the gradients of the input and of all weights, with and without a mask. */
  function step(each: StockCase, mask: tf.Tensor | undefined): tf.Tensor[] {
    const layer = built(each);
    const x = noiseTensor([3, 4, 5], 4);
    layer.apply(x);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const inputs = tf.variable(x);
    const output = () => layer.apply(inputs, { mask }) as tf.Tensor;
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(output())), [inputs, ...variables]);
    return [output(), ...[inputs, ...variables].map(({ name }) => grads[name])];
  }

  it.each(Object.entries(stock))("%s: the same as on tfjs's cpu backend", async (_name, each) => {
    for (const masked of [false, true]) {
      const mask = () =>
        masked ? tf.tensor([1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0], [3, 4], "bool") : undefined;
      const [ours, theirs] = [
        await on("wasm", () => step(each, mask())),
        await on("cpu", () => step(each, mask())),
      ];
      ours.forEach((values, i) => expect(relativeError(values, theirs[i]), `${i}`).toBeLessThan(1e-5));
    }
  });

  it.each(Object.entries(stock))("%s: runs on our kernel, or not", async (_name, each) => {
    const layer = built(each);
    const { kernelNames } = await tf.profile(() => layer.apply(tf.ones([2, 3, 4])) as tf.Tensor);
    expect(kernelNames.some((name) => each.kernel?.test(name))).toBe(each.kernel !== undefined);
    expect(kernelNames.some((name) => name.startsWith("Normlab") && /Lstm|Gru|Rnn/.test(name))).toBe(
      each.kernel !== undefined,
    );
  });

  it("carry dropout and states from batch to batch as tfjs does", async () => {
    const kernelsOf = async (config: object, training: boolean) => {
      const layer = tf.layers.lstm({ units: 3, ...config });
      const input = tf.ones([2, 3, 4]);
      layer.apply(input);
      const { kernelNames } = await tf.profile(() => layer.call(input, { training }) as tf.Tensor);
      return kernelNames.includes("NormlabLstm");
    };
    expect(await kernelsOf({ dropout: 0.5 }, true)).toBe(false);
    expect(await kernelsOf({ recurrentDropout: 0.5 }, true)).toBe(false);
    expect(await kernelsOf({ dropout: 0.5 }, false)).toBe(true);
    expect(await kernelsOf({ stateful: true, batchInputShape: [2, 3, 4] }, false)).toBe(false);
    const stateful = tf.layers.simpleRNN({ units: 3, stateful: true, batchInputShape: [2, 3, 4] });
    const x = tf.ones([2, 3, 4]);
    const first = (stateful.apply(x) as tf.Tensor).dataSync();
    expect((stateful.apply(x) as tf.Tensor).dataSync()).not.toEqual(first);
  });

  it("take first states, and answer the last ones", async () => {
    const states = () => {
      const layer = tf.layers.lstm({ units: 3, returnState: true, ...initializers });
      const initialState = [noiseTensor([2, 3], 1), noiseTensor([2, 3], 2)];
      return layer.apply(noiseTensor([2, 4, 5]), { initialState } as never) as tf.Tensor[];
    };
    const [ours, theirs] = [await on("wasm", states), await on("cpu", states)];
    expect(ours.length).toBe(3);
    ours.forEach((values, i) => expect(relativeError(values, theirs[i])).toBeLessThan(1e-5));
  });

  it("refuse, or broadcast, what does not fit together as tfjs does", async () => {
    const layer = () => {
      const made = tf.layers.lstm({ units: 3, ...initializers });
      made.apply(tf.ones([2, 4, 5]));
      return made;
    };
    expect(() => layer().call(tf.ones([2, 4, 6]), {})).toThrow();
    expect(() => layer().call(tf.ones([2, 4, 5]), { mask: tf.ones([2, 3]) })).toThrow();
    expect(() =>
      layer().call(tf.ones([2, 4, 5]), { initialState: [tf.ones([2, 4]), tf.ones([2, 4])] } as never),
    ).toThrow();
    const oneState = () => {
      const initialState = [noiseTensor([1, 3], 1), noiseTensor([1, 3], 2)];
      return [layer().call(noiseTensor([2, 4, 5]), { initialState } as never) as tf.Tensor];
    };
    const [ours, theirs] = [await on("wasm", oneState), await on("cpu", oneState)];
    expect(relativeError(ours[0], theirs[0])).toBeLessThan(1e-5);
  });

  it("take an empty batch", () => {
    const layer = tf.layers.gru({ units: 3 });
    layer.apply(tf.ones([1, 2, 4]));
    expect((layer.apply(tf.zeros([0, 2, 4])) as tf.Tensor).shape).toEqual([0, 3]);
  });
});

describe("the orthogonal initializer", () => {
  it.each([
    [5, 9],
    [9, 5],
    [6, 6],
    [2, 3, 4],
  ])("gives the factor of QR that tfjs gives, [%i, %i]", (...shape) => {
    const matrix = tf.initializers.orthogonal({ seed: 3, gain: 2 }).apply(shape);
    const [rows, columns] = [tf.util.sizeFromShape(shape.slice(0, -1)), shape.at(-1)!];
    const size = Math.min(rows, columns);
    const [q, r] = tf.linalg.qr(tf.randomNormal([Math.max(rows, columns), size], 0, 1, "float32", 3), false);
    const diagonal = tf.sum(tf.mul(r, tf.eye(size)), 0);
    const positive = tf.mul(tf.mul(q, tf.sign(diagonal)), 2);
    const expected = tf.reshape(rows < columns ? tf.transpose(positive) : positive, shape);
    expect(matrix.shape).toEqual(shape);
    expect(relativeError(matrix.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
  });

  it("leaves other types and shapes to tfjs", () => {
    const initializer = tf.initializers.orthogonal({});
    expect(() => initializer.apply([3])).toThrow(/at least 2D/);
    expect(() => initializer.apply([3, 3], "bool")).toThrow(/Unsupported data type/);
  });
});
