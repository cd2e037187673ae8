/** How the layers live in a model: settings, saving, training, freezing, memory, bad settings. */
import * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { cases, type Factory, methods } from "./methods";
import { shortName } from "./support";
import { sequenceLayers } from "./transformers";

/** Convolution, ReLU, norm, dense: the source's order. */
function smallModel(layer: tf.layers.Layer): tf.Sequential {
  const seed = { kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) };
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [5, 5, 1], filters: 4, kernelSize: 2, activation: "relu", ...seed }),
      layer,
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: "softmax", ...seed }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: "categoricalCrossentropy" });
  return model;
}

const images = () => tf.randomNormal([12, 5, 5, 1], 0.5, 1, "float32", 3);
/** Whether the mean of the image is above 0.5. */
const labels = (x: tf.Tensor) => tf.oneHot(tf.cast(tf.greater(tf.mean(x, [1, 2, 3]), 0.5), "int32"), 2);

beforeAll(async () => {
  await initBackend();
});

it("every layer is tried here", () => {
  // In transformers.test.ts and recurrent.test.ts.
  const others: string[] = [...sequenceLayers.map(([name]) => name), "lstm", "gru", "simpleRNN"];
  const factories = Object.keys(layers).filter((name) => !name.endsWith("Layer") && !others.includes(name));
  expect(methods.map(([name]) => name).sort()).toEqual(factories.sort());
  const tried = new Set(cases().map(({ name }) => name.split(" ")[0]));
  expect([...tried].sort()).toEqual(factories);
});

describe.each(methods)("the layer %s", (_name, make, config) => {
  it("keeps its settings through getConfig and back", () => {
    const layer = make(config);
    expect(layer.getConfig()).toMatchObject(config);
    const { className, config: saved } = { className: layer.getClassName(), config: layer.getConfig() };
    const [constructor, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[className];
    const copy = fromConfig(constructor, JSON.parse(JSON.stringify(saved)));
    expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(JSON.parse(JSON.stringify(saved)));
  });

  it("trains in tf.sequential: the loss falls, no tensor is left behind", async () => {
    const model = smallModel(make(config));
    const x = images();
    const y = labels(x);
    const losses = [(await model.trainOnBatch(x, y)) as number];
    const before = tf.memory().numTensors;
    for (let i = 0; i < 15; i++) losses.push((await model.trainOnBatch(x, y)) as number);
    expect(tf.memory().numTensors).toBe(before);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]);
    model.dispose();
  });

  it("comes back from a saved model with its weights", async () => {
    const model = smallModel(make(config));
    const x = images();
    await model.trainOnBatch(x, labels(x));
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const json = JSON.parse(JSON.stringify(saved!.modelTopology)) as object;
    const copy = await tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology: json }));
    const [a, b] = [model, copy].map((m) => (m.predict(x) as tf.Tensor).dataSync());
    expect(a).toEqual(b);
    expect(a.some((value) => value !== a[0])).toBe(true);
  });

  it("names its weights as Keras does", () => {
    const layer = make(config);
    layer.build([null, 3, 3, 4]);
    const allowed =
      /^(gamma|beta|alpha|g|kernel|bias|moving_mean|moving_variance|mean_logits|variance_logits)$/;
    expect(layer.weights.map(shortName).filter((name) => !allowed.test(name))).toEqual([]);
  });

  it("takes any batch size in training and in inference", () => {
    const layer = make(config);
    const input = tf.input({ shape: [3, 3, 4] });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    for (const batch of [1, 2, 5]) {
      const y = model.predict(tf.ones([batch, 3, 3, 4])) as tf.Tensor;
      expect(y.shape).toEqual([batch, 3, 3, 4]);
      expect((model.apply(tf.ones([batch, 3, 3, 4]), { training: true }) as tf.Tensor).shape).toEqual(
        y.shape,
      );
    }
  });
});

const withAffine = methods.filter(([name]) => !["weightNorm"].includes(name));

describe.each(withAffine)("the layer %s without γ or β", (name, make, config) => {
  it.each([
    ["center: false", { center: false }, ["gamma"]],
    ["scale: false", { scale: false }, name === "rmsNorm" ? [] : ["beta"]],
    ["neither", { center: false, scale: false }, []],
  ])("trains with %s", async (_what, off, expected) => {
    const layer = make({ ...config, ...off });
    const model = smallModel(layer);
    const x = images();
    for (let i = 0; i < 3; i++) expect(await model.trainOnBatch(x, labels(x))).toBeGreaterThan(0);
    const names = layer.weights.map(shortName).filter((weight) => weight === "gamma" || weight === "beta");
    expect(names).toEqual(expected);
    expect(layer.getConfig()).toMatchObject(name === "rmsNorm" ? {} : off);
  });

  it("accepts initializers, regularizers and constraints by name, object and configuration", () => {
    const layer = make({
      ...config,
      gammaInitializer: tf.initializers.constant({ value: 3 }),
      betaInitializer: { className: "Constant", config: { value: 2 } },
      gammaRegularizer: "l1l2",
      betaConstraint: "nonNeg",
    });
    layer.build([null, 3, 3, 4]);
    const weight = (key: string) =>
      layer.weights
        .find((w) => shortName(w) === key)
        ?.read()
        .dataSync()[0];
    expect(weight("gamma")).toBe(3);
    if (name !== "rmsNorm") expect(weight("beta")).toBe(2);
    const penalty = tf.tidy(() => (layer.losses[0] as () => tf.Scalar)().dataSync()[0]);
    expect(penalty).toBeGreaterThan(0);
  });
});

describe("γ and β as in Keras", () => {
  it("each keep to their own constraint, which tfjs applies where weights are written", () => {
    const layer = layers.batchNorm({
      gammaConstraint: "nonNeg",
      betaConstraint: tf.constraints.maxNorm({ maxValue: 1 }),
    });
    layer.build([null, 2]);
    const [gamma, beta] = layer.getWeights();
    layer.setWeights([tf.tensor([-3, 4]), tf.tensor([-3, 4]), tf.zerosLike(gamma), tf.onesLike(beta)]);
    const written = layer.getWeights().map((weight) => Array.from(weight.dataSync()));
    expect(written[0]).toEqual([0, 4]);
    [-0.6, 0.8].forEach((value, i) => expect(written[1][i]).toBeCloseTo(value, 5));
  });

  it("let a mask through", () => {
    const mask = tf.tensor([[true, false, true]]);
    expect(layers.layerNorm().computeMask(tf.ones([1, 3, 4]), mask)).toBe(mask);
  });

  it("are of one number of channels", () => {
    const layer = layers.batchNorm();
    layer.apply(tf.ones([2, 3]));
    expect(() => layer.apply(tf.ones([2, 4]))).toThrow(/axis 1.*3/s);
  });
});

describe("batchNorm as a layer", () => {
  const x = () => tf.randomNormal([8, 3], 5, 2, "float32", 1);

  it("gives other outputs in training than in inference, and learns the moving statistics towards them", () => {
    const layer = layers.batchNorm({ momentum: 0.5 });
    const training = layer.apply(x(), { training: true }) as tf.Tensor;
    const inference = layer.apply(x()) as tf.Tensor;
    const distance = (y: tf.Tensor) => tf.max(tf.abs(tf.sub(training, y))).dataSync()[0];
    expect(distance(inference)).toBeGreaterThan(0.5);
    for (let i = 0; i < 30; i++) layer.apply(x(), { training: true });
    expect(distance(layer.apply(x()) as tf.Tensor)).toBeLessThan(1e-4);
  });
});

describe.each([
  ["batchNorm", layers.batchNorm, [8, 3]],
  ["switchableNorm", layers.switchableNorm, [8, 5, 3]],
] as [string, Factory, number[]][])("%s as a layer", (_name, make, shape) => {
  it("runs in inference mode when it is not trainable, as in Keras", () => {
    const layer = make();
    const x = () => tf.randomNormal(shape, 5, 2, "float32", 1);
    layer.apply(x(), { training: true });
    layer.trainable = false;
    const before = layer.getWeights().map((weight) => weight.dataSync());
    const y = layer.apply(x(), { training: true }) as tf.Tensor;
    expect(y.dataSync()).toEqual((layer.apply(x()) as tf.Tensor).dataSync());
    expect(layer.getWeights().map((weight) => weight.dataSync())).toEqual(before);
    expect(layer.trainableWeights).toEqual([]);
  });
});

describe("weightNorm as a layer", () => {
  it("computes at first what the wrapped layer computes", () => {
    const dense = () =>
      tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) });
    const x = tf.randomNormal([4, 5], 0, 1, "float32", 1);
    const plain = (dense().apply(x) as tf.Tensor).dataSync();
    const normed = (layers.weightNorm({ layer: dense() }).apply(x) as tf.Tensor).dataSync();
    normed.forEach((value, i) => expect(value).toBeCloseTo(plain[i], 6));
  });

  it("may be the first layer of a model, whose input the wrapped layer knows", () => {
    const model = tf.sequential({
      layers: [layers.weightNorm({ layer: tf.layers.dense({ units: 3, inputShape: [5] }) })],
    });
    expect(model.outputs[0].shape).toEqual([null, 3]);
    expect(model.countParams()).toBe(5 * 3 + 3 + 3);
  });

  it("freezes all its weights at once", () => {
    const layer = layers.weightNorm({ layer: tf.layers.dense({ units: 3 }) });
    layer.build([null, 5]);
    expect(layer.trainableWeights).toHaveLength(3);
    layer.trainable = false;
    expect([layer.trainableWeights.length, layer.nonTrainableWeights.length]).toEqual([0, 3]);
  });
});

describe.each(methods)("the layer %s and tfjs's own settings", (_name, make, config) => {
  it("takes all of them", () => {
    const own = { name: "mine", trainable: false, inputShape: [3, 3, 4], batchSize: 2, dtype: "float32" };
    const layer = make({ ...config, ...own });
    expect(layer.getConfig()).toMatchObject({
      name: "mine",
      trainable: false,
      batchInputShape: [2, 3, 3, 4],
    });
    expect(make({ ...config, batchInputShape: [null, 3, 3, 4] }).batchInputShape).toEqual([null, 3, 3, 4]);
    expect(make({ ...config, inputDType: "float32" }).trainable).toBe(true);
  });
});

describe("initial weights", () => {
  it("go into the layer when it is built", () => {
    const weights = [2, 3, 4, 5].map((value) => tf.fill([3], value));
    const model = tf.sequential({ layers: [layers.batchNorm({ inputShape: [3], weights })] });
    expect(model.getWeights().map((weight) => weight.dataSync()[0])).toEqual([2, 3, 4, 5]);
  });
});

describe("bad settings of layers", () => {
  const build = (layer: tf.layers.Layer, shape: (number | null)[] = [null, 4, 4, 6]) => layer.build(shape);
  /** Untyped callers exist. */
  const make = (name: string, config: unknown) =>
    (layers as unknown as Record<string, Factory>)[name](config as object);
  const rows: [string, () => unknown, RegExp][] = [
    ["an epsilon of 0", () => layers.batchNorm({ epsilon: 0 }), /epsilon is 0.*positive number/],
    ["a NaN epsilon", () => layers.layerNorm({ epsilon: NaN }), /epsilon is NaN/],
    ["a momentum of 2", () => layers.batchNorm({ momentum: 2 }), /momentum is 2.*from 0 to 1/],
    ["an axis out of range", () => build(layers.batchNorm({ axis: 4 })), /axis is 4.*from -4 to 3/],
    ["an axis twice", () => build(layers.layerNorm({ axis: [3, -1] })), /axis is \[3, -1\].*twice/],
    [
      "groups that don't divide",
      () => build(layers.groupNorm({ groups: 4 })),
      /groups is 4.*divisor of the 6/,
    ],
    ["0 groups", () => layers.groupNorm({ groups: 0 }), /groups is 0.*positive whole/],
    ["no space", () => build(layers.instanceNorm(), [null, 6]), /rank 3 or more/],
    ["unknown channels", () => build(layers.batchNorm(), [null, 4, null]), /inputShape.*known along axis 2/],
    [
      "a whole image of unknown size",
      () => build(layers.layerNorm({ axis: [1, 2, 3] }), [null, null, 4, 6]),
      /known along axis 1/,
    ],
    [
      "a center that is no boolean",
      () => layers.layerNorm({ center: "no" as unknown as boolean }),
      /center is "no".*true or false/,
    ],
    [
      "an unknown initializer",
      () => layers.dyt({ gammaInitializer: "one" }),
      /gammaInitializer is "one".*zeros/,
    ],
    [
      "an unknown class",
      () => layers.dyt({ gammaRegularizer: { className: "L3", config: {} } }),
      /className is "L3"/,
    ],
    [
      "weight norm of a layer without kernel",
      () => build(layers.weightNorm({ layer: tf.layers.flatten() })),
      /layer is "Flatten".*kernel/,
    ],
    [
      "an epsilon of another name",
      () => make("batchNorm", { eps: 1 }),
      /^layers\.batchNorm: "eps".*"epsilon"/,
    ],
    ["null", () => make("batchNorm", null), /^layers\.batchNorm: options is null/],
    ["a text", () => make("batchNorm", "x"), /^layers\.batchNorm: options is "x"/],
    ["the batch's axis", () => layers.batchNorm({ axis: 0 }), /axis is 0.*the batch's axis/],
    ["the batch's axis among others", () => layers.layerNorm({ axis: [1, 0] }), /axis is 0.*the batch's/],
    [
      "the batch's axis, counted from the end",
      () => build(layers.batchNorm({ axis: -4 })),
      /axis is -4.*batch/,
    ],
    ["… of layer norm", () => build(layers.layerNorm({ axis: [-4] })), /axis is \[-4\].*the batch's/],
    ["… of RMS norm", () => build(layers.rmsNorm({ axis: [-4, 1] })), /axis is \[-4, 1\].*the batch's/],
    ["no axis", () => layers.layerNorm({ axis: [] }), /axis is \[\].*at least one/],
    ["a β for RMS norm", () => make("rmsNorm", { center: true }), /center is true.*no β/],
    ["a number for an initializer", () => make("dyt", { betaInitializer: 5 }), /betaInitializer is 5.*name/],
    ["no layer to wrap", () => make("weightNorm", {}), /^layers\.weightNorm: layer is undefined/],
    ["a layer's name to wrap", () => make("weightNorm", { layer: "dense" }), /layer is "dense"; .*dense\(/],
    [
      "an input of another rank",
      () => {
        const layer = layers.batchNorm();
        layer.apply(tf.ones([2, 3]));
        layer.apply(tf.ones([2, 3, 3]));
      },
      /ndim/,
    ],
  ];
  it.each(rows)("are refused: %s", (_what, make, message) => {
    expect(make).toThrow(message);
  });
});
