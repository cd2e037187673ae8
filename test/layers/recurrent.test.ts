/** layers.lstm, gru and simpleRNN: PyTorch's numbers, batch norm along time, masks, saving, bad settings. */
import * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { noise, noiseTensor, relativeError } from "../backend/support";
import { expectClose } from "../support/close";
import { recurrentCases } from "../support/fixtures";
import { type Cell, reference } from "../support/recurrent";
import { runLayer, setWeights, shortName, toNumbers, toTfjs } from "./support";

beforeAll(async () => {
  await initBackend();
});

const cells = ["lstm", "gru", "simpleRNN"] as const;
const normalizations = ["none", "layerNorm", "batchNorm"] as const;
const kinds = cells.flatMap((cell) => normalizations.map((normalization) => [cell, normalization] as const));
const make = (cell: (typeof cells)[number], config: object): tf.layers.Layer => layers[cell](config as never);

describe("as in PyTorch", () => {
  it.each(recurrentCases().map((each) => [each.name, each] as const))(
    "%s: outputs, gradients, three steps of SGD",
    (_name, each) => {
      const layer = make(each.layer, { ...each.config, returnSequences: true });
      layer.build([...each.x.shape]);
      setWeights(layer, each.weights);
      const optimizer = tf.train.sgd(0.05);
      each.losses.forEach((wanted, step) =>
        tf.tidy(() => {
          const training = each.evaluated !== undefined;
          const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
          const loss = () => {
            const output = layer.call(toTfjs(each.x), { training }) as tf.Tensor;
            if (step === 0) expectClose("y", toNumbers(output), each.y, 2e-6);
            return tf.div(tf.sum(tf.squaredDifference(output, toTfjs(each.target))), 2) as tf.Scalar;
          };
          const { value, grads } = tf.variableGrads(loss, variables);
          expect(Math.abs(value.dataSync()[0] / wanted - 1)).toBeLessThan(1e-5);
          if (step === 0) {
            layer.trainableWeights.forEach((weight, i) => {
              const name = shortName(weight);
              expectClose(`d ${name}`, toNumbers(grads[variables[i].name]), each.gradients[name], 1e-5);
            });
          }
          optimizer.applyGradients(grads);
        }),
      );
      expect(layer.weights.map(shortName).sort()).toEqual(Object.keys(each.trained).sort());
      for (const weight of layer.weights) {
        const name = shortName(weight);
        expectClose(name, toNumbers(weight.read()), each.trained[name], 2e-5);
      }
      if (each.evaluated) {
        expectClose(
          "inference",
          toNumbers(layer.call(toTfjs(each.x), {}) as tf.Tensor),
          each.evaluated,
          2e-5,
        );
      }
    },
  );

  it("the input's gradient", () => {
    for (const each of recurrentCases()) {
      const layer = make(each.layer, { ...each.config, returnSequences: true });
      layer.build([...each.x.shape]);
      setWeights(layer, each.weights);
      const dy = Array.from(each.y.data).map((value, i) => value - each.target.data[i]);
      const { dx } = runLayer(layer, each.x, { shape: each.y.shape, data: dy }, true);
      expectClose(`dx of ${each.name}`, dx, each.gradients.x, 1e-5);
    }
  });
});

/** The layer's weights as the reference calls them. */
const referenceNames: Record<string, string> = {
  ...{ kernel: "kernel", recurrent_kernel: "recurrentKernel", bias: "bias" },
  ...{ kernel_gamma: "gammaX", recurrent_gamma: "gammaH", gamma: "gammaH" },
  ...{ cell_gamma: "gammaC", cell_beta: "betaC" },
};

describe.each(cells)("batch norm of %s", (cell) => {
  const [batch, steps, inputs, units] = [5, 4, 3, 4];
  const mask = [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0];
  const sums =
    cell === "simpleRNN"
      ? { "": "h" }
      : { kernel_: "x", recurrent_: "h", ...(cell === "lstm" && { cell_: "c" }) };

  /** A layer with weights of all kinds, after a step of training, and what float64 says of it. */
  function trained(timeSteps: number, masked: boolean) {
    const config = { units, timeSteps, returnSequences: true, normalization: "batchNorm", momentum: 0.75 };
    const layer = make(cell, config);
    const x = noiseTensor([batch, steps, inputs], 7);
    layer.build(x.shape);
    const trainable = layer.trainableWeights.map((weight, i) =>
      noise(
        weight.shape.reduce((a, b) => a! * b!, 1)!,
        i + 1,
      ),
    );
    layer.trainableWeights.forEach((weight, i) =>
      weight.write(tf.tensor(trainable[i], weight.shape as number[])),
    );
    const maskTensor = masked ? tf.tensor(mask, [batch, steps], "bool") : undefined;
    const kwargs = { training: true, mask: maskTensor };
    const y = layer.call(x, kwargs) as tf.Tensor;
    const values: Record<string, ArrayLike<number>> = { x: noise(x.size, 7), ...(masked && { mask }) };
    layer.trainableWeights.forEach((weight, i) => (values[referenceNames[shortName(weight)]] = trainable[i]));
    const wanted = reference(
      {
        ...{ cell: (cell === "simpleRNN" ? "simpleRnn" : cell) as Cell, batch, steps, inputs, units },
        ...{ activation: "tanh", recurrentActivation: "sigmoid", goBackwards: false, returnSequences: true },
        ...{ resetAfter: true, normalization: "batchNorm", epsilon: 1e-3 },
      },
      values,
    );
    const state = Object.fromEntries(
      layer.nonTrainableWeights.map((weight) => [shortName(weight), Array.from(weight.read().dataSync())]),
    );
    return { layer, x, y, wanted, state };
  }

  it.each([false, true])("normalizes each step by itself, without what is masked (masked: %s)", (masked) => {
    const { y, wanted, state } = trained(steps, masked);
    expect(relativeError(y.dataSync(), wanted.output)).toBeLessThan(1e-5);
    for (const [prefix, sum] of Object.entries(sums)) {
      const all = wanted.statistics[sum];
      const means = all.flatMap(({ mean }) => mean.map((value) => 0.25 * value));
      const variances = all.flatMap(({ variance }) => variance.map((value) => 0.75 + 0.25 * value));
      expect(relativeError(state[`${prefix}moving_mean`], means)).toBeLessThan(1e-5);
      expect(relativeError(state[`${prefix}moving_variance`], variances)).toBeLessThan(1e-5);
    }
  });

  it("has one row for all later steps, and leaves rows of steps that do not come", () => {
    const { wanted, state, layer, x } = trained(2, false);
    for (const [prefix, sum] of Object.entries(sums)) {
      const all = wanted.statistics[sum].map(({ mean }) => mean);
      const rest = all[1].map((_, i) => (all[1][i] + all[2][i] + all[3][i]) / 3);
      const expected = [...all[0], ...rest].map((value) => 0.25 * value);
      expect(relativeError(state[`${prefix}moving_mean`], expected)).toBeLessThan(1e-5);
    }
    // Longer inputs than those it was trained on.
    const longer = tf.concat([x, x], 1);
    expect((layer.call(longer, {}) as tf.Tensor).shape).toEqual([batch, 2 * steps, units]);
    const more = trained(6, false).state;
    for (const [name, values] of Object.entries(more)) {
      const columns = values.length / 6;
      expect(new Set(values.slice(steps * columns))).toEqual(new Set([name.endsWith("mean") ? 0 : 1]));
    }
  });

  it("infers with the moving statistics, and so while it is not trainable", () => {
    const { layer, x, y } = trained(steps, false);
    const moving = () => layer.nonTrainableWeights.map((weight) => Array.from(weight.read().dataSync()));
    const before = moving();
    const inferred = layer.call(x, {}) as tf.Tensor;
    expect(relativeError(inferred.dataSync(), y.dataSync())).toBeGreaterThan(1e-3);
    expect(moving()).toEqual(before);
    // One example at a time: nothing of the others is in it.
    const first = layer.call(tf.slice(x, [1, 0, 0], [1, steps, inputs]), {}) as tf.Tensor;
    const row = tf.slice(inferred, [1, 0, 0], [1, steps, units]);
    expect(relativeError(first.dataSync(), row.dataSync())).toBeLessThan(1e-6);
    layer.trainable = false;
    const frozen = layer.call(x, { training: true }) as tf.Tensor;
    expect(Array.from(frozen.dataSync())).toEqual(Array.from(inferred.dataSync()));
    layer.trainable = true;
    expect(moving()).toEqual(before);
  });
});

describe.each(kinds)("%s with normalization %s", (cell, normalization) => {
  const settings = { units: 5, normalization, goBackwards: true, epsilon: 0.01, useBias: false };

  it("keeps its settings through getConfig and back", () => {
    const layer = make(cell, { ...settings, kernelRegularizer: "l1l2", recurrentConstraint: "unitNorm" });
    expect(layer.getConfig()).toMatchObject(settings);
    const [constructor, fromConfig] =
      tf.serialization.SerializationMap.getMap().classNameMap[layer.getClassName()];
    const copy = fromConfig(constructor, JSON.parse(JSON.stringify(layer.getConfig()))) as tf.layers.Layer;
    expect(copy.getConfig()).toEqual(layer.getConfig());
  });

  function model(): tf.Sequential {
    const seeded = {
      kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      recurrentInitializer: tf.initializers.randomNormal({ stddev: 0.3, seed: 2 }),
    };
    const result = tf.sequential({
      layers: [
        tf.layers.masking({ maskValue: 0, inputShape: [4, 3] }),
        make(cell, { ...seeded, units: 6, normalization, returnSequences: true }),
        make(cell, { ...seeded, units: 5, normalization }),
        tf.layers.dense({ units: 2, activation: "softmax", kernelInitializer: seeded.kernelInitializer }),
      ],
    });
    result.compile({ optimizer: tf.train.adam(0.03), loss: "categoricalCrossentropy" });
    return result;
  }
  /** Sequences of two to four steps, and whether their first value is above 0. */
  const x = () =>
    tf.mul(
      noiseTensor([8, 4, 3], 3),
      tf.tensor(
        Array.from({ length: 32 }, (_, i) => (i % 4 < 2 + ((i >> 2) % 3) ? 1 : 0)),
        [8, 4, 1],
      ),
    );
  const labels = (inputs: tf.Tensor) =>
    tf.oneHot(tf.cast(tf.reshape(tf.greater(tf.slice(inputs, [0, 0, 0], [8, 1, 1]), 0), [8]), "int32"), 2);

  it("trains behind a mask: the loss falls, no tensor is left behind; comes back from a saved model", async () => {
    const trained = model();
    const inputs = x();
    const y = labels(inputs);
    const losses = [(await trained.trainOnBatch(inputs, y)) as number];
    const before = tf.memory().numTensors;
    for (let i = 0; i < 30; i++) losses.push((await trained.trainOnBatch(inputs, y)) as number);
    expect(tf.memory().numTensors).toBe(before);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
    let saved: tf.io.ModelArtifacts | undefined;
    await trained.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const json = JSON.parse(JSON.stringify(saved!.modelTopology)) as object;
    const copy = await tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology: json }));
    const [a, b] = [trained, copy].map((m) => (m.predict(inputs) as tf.Tensor).dataSync());
    expect(a).toEqual(b);
  });

  it("takes first states, answers the last ones, runs in both directions", () => {
    const input = tf.input({ shape: [4, 3] });
    const encoder = make(cell, { units: 5, normalization, returnState: true });
    const [, ...states] = encoder.apply(input) as tf.SymbolicTensor[];
    const decoder = make(cell, { units: 5, normalization, returnSequences: true });
    const outputs = decoder.apply(input, { initialState: states } as never) as tf.SymbolicTensor;
    const both = tf.layers.bidirectional({
      layer: make(cell, { units: 2, normalization, returnSequences: true }) as never,
      mergeMode: "concat",
    });
    const built = tf.model({ inputs: input, outputs: both.apply(outputs) as tf.SymbolicTensor });
    const y = built.predict(noiseTensor([3, 4, 3], 5)) as tf.Tensor;
    expect(y.shape).toEqual([3, 4, 4]);
    // Without the states the decoder says something else.
    const x = noiseTensor([3, 4, 3], 5);
    const initialState = states.map((_, i) => noiseTensor([3, 5], i));
    const [informed, not] = [{ initialState }, {}].map((kwargs) => decoder.call(x, kwargs) as tf.Tensor);
    expect(relativeError(informed.dataSync(), not.dataSync())).toBeGreaterThan(1e-3);
  });
});

describe("settings", () => {
  it("are Keras's where none are given", () => {
    const ofClass = (className: string) => ({ className });
    const common = {
      ...{ units: 2, activation: "tanh", useBias: true, returnSequences: false, returnState: false },
      ...{ goBackwards: false, normalization: "none", epsilon: 1e-3, momentum: 0.99, timeSteps: null },
      ...{ recurrentInitializer: ofClass("Orthogonal"), biasInitializer: ofClass("Zeros") },
      kernelRegularizer: null,
    };
    const gated = { ...common, recurrentActivation: "sigmoid" };
    expect(layers.lstm({ units: 2 }).getConfig()).toMatchObject({ ...gated, unitForgetBias: true });
    expect(layers.gru({ units: 2 }).getConfig()).toMatchObject({ ...gated, resetAfter: true });
    expect(layers.simpleRNN({ units: 2 }).getConfig()).toMatchObject(common);
  });

  it("open the forget gates at first, or not", () => {
    const bias = (config: object) => {
      const layer = layers.lstm({ units: 2, ...config });
      layer.build([null, 3, 1]);
      return Array.from(
        layer.weights
          .find((weight) => shortName(weight) === "bias")!
          .read()
          .dataSync(),
      );
    };
    expect(bias({})).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(bias({ unitForgetBias: false })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("start gains at 1 for layer norm and at 0.1 for batch norm", () => {
    for (const [normalization, value] of [
      ["layerNorm", 1],
      ["batchNorm", Math.fround(0.1)],
    ] as const) {
      const layer = layers.lstm({ units: 2, normalization });
      layer.build([null, 3, 1]);
      const gains = layer.weights.filter((weight) => shortName(weight).endsWith("gamma"));
      expect(gains.length).toBe(3);
      for (const gain of gains) expect(new Set(gain.read().dataSync())).toEqual(new Set([value]));
    }
  });

  it("penalize weights by their regularizers, which tfjs's own layers leave out", () => {
    const layer = layers.gru({
      units: 2,
      kernelRegularizer: tf.regularizers.l2({ l2: 1 }),
      kernelInitializer: "ones",
    });
    layer.build([null, 3, 4]);
    expect((layer.losses[0] as () => tf.Scalar)().dataSync()[0]).toBeCloseTo(4 * 6);
  });

  it.each([
    [() => layers.lstm({} as never), /units is undefined; it must be a positive whole number/],
    [() => layers.lstm({ units: 2.5 }), /units is 2\.5/],
    [() => layers.lstm({ units: 2, activation: "tanhh" }), /activation is "tanhh"; it must be one of .*tanh/],
    [() => layers.gru({ units: 2, recurrentActivation: "x" }), /recurrentActivation is "x"/],
    [
      () => layers.simpleRNN({ units: 2, normalization: "groupNorm" as never }),
      /normalization is "groupNorm"/,
    ],
    [() => layers.lstm({ units: 2, timeSteps: 3 }), /timeSteps is 3; it must be left out/],
    [() => layers.gru({ units: 2, resetAfter: false, normalization: "layerNorm" }), /resetAfter is false/],
    [() => layers.lstm({ units: 2, stateful: true } as never), /"stateful" is not an option/],
    [() => layers.simpleRNN({ units: 2, recurrentActivation: "tanh" } as never), /is not an option/],
    [() => layers.lstm({ units: 2 }).build([null, 3]), /inputShape is .*rank 3/],
    [() => layers.lstm({ units: 2 }).build([null, 3, null]), /inputShape .*features/],
    [
      () => layers.lstm({ units: 2, normalization: "batchNorm" }).build([null, null, 3]),
      /timeSteps is undefined; it must be given where/,
    ],
    [
      () => layers.lstm({ units: 2 }).call(tf.ones([1, 2, 3]), { initialState: [tf.ones([1, 2])] } as never),
      /initialState is an array of 1; it must be an array of two tensors/,
    ],
  ])("are refused by name: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

it.each(["lstm", "gru", "simpleRNN"] as const)("an empty batch moves no statistics of %s", (cell) => {
  const layer = layers[cell]({ units: 2, normalization: "batchNorm", timeSteps: 2 });
  layer.apply(tf.zeros([3, 2, 3]));
  const weights = () => layer.getWeights().map((weight) => Array.from(weight.dataSync()));
  const before = weights();
  expect((layer.apply(tf.zeros([0, 2, 3]), { training: true }) as tf.Tensor).shape).toEqual([0, 2]);
  expect(weights()).toEqual(before);
});
