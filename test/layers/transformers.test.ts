/** The layers of Transformers: PyTorch's numbers, Keras's settings, masks, saving, and the way to a worker. */
import * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromPortable, toPortable } from "../../dist/train/portable";
import { noiseTensor, relativeError } from "../backend/support";
import { expectClose, largest, type Numbers, summands } from "../support/close";
import { type PytorchAttentionCase, pytorchAttentionCases } from "../support/fixtures";
import { setWeights, shortName, toNumbers, toTfjs } from "./support";
import { sequenceLayers } from "./transformers";

type Of<Kind> = Extract<PytorchAttentionCase, { kind: Kind }>;
const ofKind = <Kind extends PytorchAttentionCase["kind"]>(kind: Kind) =>
  pytorchAttentionCases().filter((test): test is Of<Kind> => test.kind === kind);

/** Half a Transformer block each, normalized before ("pre-norm"). */
const block = (numHeads: number, keyDim: number, epsilon = 1e-3) => [
  layers.residual({
    layers: [layers.layerNorm({ epsilon }), layers.multiHeadAttention({ numHeads, keyDim, causal: true })],
  }),
  layers.residual({
    layers: [
      layers.layerNorm({ epsilon }),
      tf.layers.dense({ units: 4 * numHeads * keyDim, activation: "gelu" }),
      tf.layers.dense({ units: numHeads * keyDim }),
    ],
  }),
];

function decoder(
  { vocabulary, positions, width, heads }: Of<"decoder">["sizes"],
  maskZero = false,
): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: vocabulary, outputDim: width, inputLength: positions, maskZero }),
      layers.positionEmbedding({ sequenceLength: positions }),
      ...block(heads, width / heads),
      layers.layerNorm(),
      tf.layers.dense({ units: vocabulary, activation: "softmax" }),
    ],
  });
}

const sizes = { vocabulary: 7, positions: 5, width: 8, heads: 2 };
const words = () => tf.tensor2d([1, 5, 2, 6, 3, 4, 4, 1, 0, 0], [2, 5], "int32");

describe.each(["wasm", "cpu"] as const)("PyTorch's numbers on the backend %s", (backend) => {
  beforeAll(async () => {
    await initBackend({ backend });
  });
  afterAll(async () => {
    await initBackend();
  });

  it.each(ofKind("attention").map((test) => [test.name, test] as const))(
    "nn.MultiheadAttention, %s",
    (_, test) => {
      const layer = layers.multiHeadAttention({
        numHeads: test.heads,
        keyDim: test.query.shape[2] / test.heads,
        causal: test.causal,
      });
      const sequences = test.value ? [test.query, test.value] : [test.query];
      const shapes = sequences.map(({ shape }) => [...shape]);
      layer.build(shapes.length === 1 ? shapes[0] : shapes);
      setWeights(layer, test.weights);
      const keys = sequences.at(-1)!.shape[1];
      const mask =
        test.lengths &&
        tf.tensor2d(test.lengths.map((length) => Array.from({ length: keys }, (_, j) => j < length)));
      const variables = [
        ...sequences.map((x) => tf.variable(toTfjs(x))),
        ...layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
      ];
      const inputs = variables.slice(0, sequences.length);
      const masks = { mask: inputs.length === 1 ? (mask ?? undefined) : [undefined, mask ?? undefined] };
      let y: Numbers | undefined;
      const { grads } = tf.variableGrads(() => {
        const output = layer.call(inputs, masks as object);
        y = toNumbers(output);
        return tf.sum(tf.mul(output, toTfjs(test.dy)));
      }, variables);
      expectClose("y", y!, test.y, 2e-6);
      const [dQuery, ...rest] = variables.map((variable) => toNumbers(grads[variable.name]));
      expectClose("dQuery", dQuery, test.dQuery, 3e-6, largest(test.dy));
      if (test.dValue) expectClose("dValue", rest.shift()!, test.dValue, 3e-6, largest(test.dy));
      layer.trainableWeights.forEach((weight, i) => {
        const name = shortName(weight);
        const expected = test.gradients[name];
        expectClose(`gradient of ${name}`, rest[i], expected, 3e-6, summands(test.dy, expected));
      });
      inputs.forEach((input) => input.dispose());
    },
  );

  it.each(ofKind("activation").map((test) => [test.name, test] as const))(
    "the activation %s",
    (name, test) => {
      const [constructor] = tf.serialization.SerializationMap.getMap().classNameMap[name];
      const activation = new constructor({}) as unknown as { apply(x: tf.Tensor): tf.Tensor };
      const x = toTfjs(test.x);
      // tfjs's own erf, on `cpu`, is good to 1.5e-7 of 1.
      expectClose("y", toNumbers(activation.apply(x)), test.y, 1e-6);
      expectClose(
        "dx",
        toNumbers(tf.grad((v: tf.Tensor) => activation.apply(v))(x, toTfjs(test.dy))),
        test.dx,
        2e-6,
      );
    },
  );

  it.each(ofKind("crossEntropy").map((test) => [test.name, test] as const))(
    "cross-entropy, %s",
    async (_, test) => {
      const shape = [...test.logits.shape];
      const units = shape.at(-1)!;
      const softmax = tf.layers.dense({
        inputShape: shape.slice(1),
        units,
        activation: "softmax",
        kernelInitializer: "identity",
      });
      const model = tf.sequential({ layers: [softmax] });
      model.compile({ optimizer: tf.train.sgd(1), loss: "sparseCategoricalCrossentropy" });
      expect(await model.trainOnBatch(toTfjs(test.logits), toTfjs(test.labels))).toBeCloseTo(test.loss, 6);
      // The bias moved by the sum of the logits' gradients.
      const bias = { shape: [units], data: new Float64Array(units) };
      Array.from(test.dLogits.data).forEach((d, i) => (bias.data[i % units] -= d));
      expectClose("the bias", toNumbers(model.getWeights()[1]), bias, 2e-6, 1);
    },
  );

  it("four steps of a decoder with Adam", async () => {
    const [test] = ofKind("decoder");
    const model = decoder(test.sizes);
    model.compile({
      optimizer: tf.train.adam(0.01, 0.9, 0.999, 1e-7),
      loss: "sparseCategoricalCrossentropy",
    });
    model.setWeights(test.before.map(toTfjs));
    for (const [i, batch] of test.batches.entries()) {
      const loss = (await model.trainOnBatch(toTfjs(batch.words), toTfjs(batch.labels))) as number;
      expect(Math.abs(loss / test.losses[i] - 1), `loss ${i}`).toBeLessThan(2e-6);
    }
    model.getWeights().forEach((weight, i) => {
      // Adam divides a gradient by its own size: where it is nearly 0, its rounding decides.
      expectClose(`${model.weights[i].name}`, toNumbers(weight), test.after[i], 2e-4, 0.1);
    });
  });
});

describe("a decoder", () => {
  const compiled = (maskZero = false) => {
    const model = decoder(sizes, maskZero);
    model.compile({ optimizer: tf.train.adam(0.01), loss: "sparseCategoricalCrossentropy" });
    return model;
  };

  it("learns, and leaves no tensor behind", async () => {
    const model = compiled();
    const [x, y] = [words(), tf.tensor2d([5, 2, 6, 3, 4, 4, 1, 0, 0, -1], [2, 5], "int32")];
    const losses = [(await model.trainOnBatch(x, y)) as number];
    const before = tf.memory().numTensors;
    for (let i = 0; i < 40; i++) losses.push((await model.trainOnBatch(x, y)) as number);
    expect(tf.memory().numTensors).toBe(before);
    expect(losses.at(-1)).toBeLessThan(0.2 * losses[0]);
    model.dispose();
  });

  it("tells nothing of later words to earlier ones", () => {
    const model = compiled();
    const early = (last: number) => {
      const x = tf.tensor2d([[1, 2, 3, 4, last]], [1, 5], "int32");
      return Array.from((model.predict(x) as tf.Tensor).slice([0, 0, 0], [1, 4, 7]).dataSync());
    };
    expect(early(6)).toEqual(early(0));
  });

  it("has the same outputs, whatever the word's vector that stands for padding", () => {
    const model = compiled(true);
    const predict = () => {
      const x = tf.tensor2d([[1, 2, 3, 0, 0]], [1, 5], "int32");
      return Array.from((model.predict(x) as tf.Tensor).slice([0, 0, 0], [1, 3, 7]).dataSync());
    };
    const first = predict();
    const [table, ...rest] = model.getWeights();
    model.setWeights([tf.add(table, tf.mul(tf.oneHot(0, 7).reshape([7, 1]), 3)), ...rest]);
    expect(predict()).toEqual(first);
  });

  it("goes to a worker as JSON and weights, and trains there as here", async () => {
    const model = compiled(true);
    const portable = toPortable(model);
    if ("reason" in portable) throw new Error(portable.reason);
    const copy = await fromPortable(structuredClone(portable));
    copy.setWeights(model.getWeights());
    expect(copy.trainableWeights.length).toBe(model.trainableWeights.length);
    const y = () => tf.tensor2d([5, 2, 6, 3, 4, 4, 1, 0, -1, -1], [2, 5], "int32");
    for (let i = 0; i < 3; i++) {
      const here = (await model.trainOnBatch(words(), y())) as number;
      expect(((await copy.trainOnBatch(words(), y())) as number[])[0]).toBe(here);
    }
    copy.getWeights().forEach((weight, i) => {
      expect(Array.from(weight.dataSync())).toEqual(Array.from(model.getWeights()[i].dataSync()));
    });
  });

  it("stays here where a layer inside a residual one is of the notebook's own class", () => {
    class Dense extends tf.layers.Layer {
      static className = "Dense";
    }
    const own = new Dense();
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [5, 6] }), layers.residual({ layers: [own] })],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(toPortable(model)).toEqual({ reason: "its class Dense is defined in this notebook" });
  });

  it("names each weight once, and loads what it saved", async () => {
    const model = compiled();
    const names = model.weights.map((weight) => weight.originalName);
    expect(new Set(names).size).toBe(names.length);
    expect(model.weights.map(shortName)).toEqual([
      ...["embeddings", "embeddings", "gamma", "beta"],
      ...["query", "key", "value", "attention_output"].flatMap((name) => [`${name}_kernel`, `${name}_bias`]),
      ...["gamma", "beta", "kernel", "bias", "kernel", "bias", "gamma", "beta", "kernel", "bias"],
    ]);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const json = JSON.parse(JSON.stringify(saved!.modelTopology)) as object;
    const copy = await tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology: json }));
    const [a, b] = [model, copy].map((m) => Array.from((m.predict(words()) as tf.Tensor).dataSync()));
    expect(a).toEqual(b);
  });
});

it("a decoder sees the padding of the sequence that it attends to, and not the encoder's of its own", () => {
  const [source, target] = [0, 1].map(() => tf.input({ shape: [null] as never, dtype: "int32" }));
  const embed = (x: tf.SymbolicTensor) =>
    tf.layers.embedding({ inputDim: 7, outputDim: 6, maskZero: true }).apply(x) as tf.SymbolicTensor;
  const encoded = layers.residual({ layers: [layers.layerNorm()] }).apply(embed(source)) as tf.SymbolicTensor;
  const layer = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 });
  const outputs = layer.apply([embed(target), encoded]) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [source, target], outputs });
  const run = (from: number[], to: number[]) =>
    Array.from(
      (
        model.predict([
          tf.tensor2d([from], undefined, "int32"),
          tf.tensor2d([to], undefined, "int32"),
        ]) as tf.Tensor
      ).dataSync(),
    );
  const expected = run([3, 5, 2], [1, 4]);
  const close = (actual: number[]) => relativeError(actual, expected);
  expect(close(run([3, 5, 2, 0, 0], [1, 4]))).toBeLessThan(1e-6);
  expect(close(run([3, 5, 2, 6], [1, 4]))).toBeGreaterThan(1e-3);
  // Padding of the target makes no source word disappear.
  expect(close(run([3, 5, 2], [1, 4, 0, 0]).slice(0, 12))).toBeLessThan(1e-6);
});

describe.each(sequenceLayers)("the layer %s", (_name, make, config) => {
  beforeAll(async () => {
    await initBackend();
  });

  it("keeps its settings through getConfig and back", () => {
    const layer = make(config);
    expect(layer.getConfig()).toMatchObject(config);
    const { className, config: saved } = { className: layer.getClassName(), config: layer.getConfig() };
    const [constructor, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[className];
    const copy = fromConfig(constructor, JSON.parse(JSON.stringify(saved)));
    expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(JSON.parse(JSON.stringify(saved)));
  });

  it("has its input's shape for every batch, also an empty one", () => {
    const layer = make();
    const input = tf.input({ shape: [5, 6] });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    expect(model.outputs[0].shape).toEqual([null, 5, 6]);
    for (const batch of [1, 3, 0]) {
      expect((layer.apply(tf.zeros([batch, 5, 6])) as tf.Tensor).shape).toEqual([batch, 5, 6]);
    }
  });

  it("can be frozen", async () => {
    const layer = make({ trainable: false });
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [5, 6] }), layer, tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(layer.trainableWeights).toEqual([]);
    expect(layer.weights.length).toBeGreaterThan(0);
    const before = layer.getWeights().map((weight) => Array.from(weight.dataSync()));
    await model.trainOnBatch(noiseTensor([2, 5, 6]), tf.ones([2, 5, 1]));
    expect(layer.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before);
  });
});

describe("a residual layer", () => {
  it("is the sum of its input and what its layers make of it, in training and in inference", () => {
    const norm = layers.batchNorm();
    const dense = tf.layers.dense({ units: 6 });
    const layer = layers.residual({ layers: [norm, dense] });
    const x = noiseTensor([4, 5, 6]);
    layer.apply(x);
    for (const training of [false, true]) {
      const y = layer.call(x, { training });
      const expected = tf.add(x, dense.call(norm.call(x, { training }), {}) as tf.Tensor);
      expect(relativeError(y.dataSync(), expected.dataSync())).toBeLessThan(1e-6);
    }
    expect(layer.trainableWeights.map(shortName)).toEqual(["gamma", "beta", "kernel", "bias"]);
    expect(layer.nonTrainableWeights.map(shortName)).toEqual(["moving_mean", "moving_variance"]);
  });

  it("freezes batch norm inside: it then runs in inference mode, and its statistics stay", () => {
    for (const inner of [
      layers.batchNorm(),
      layers.lstm({ units: 6, returnSequences: true, normalization: "batchNorm", timeSteps: 5 }),
    ]) {
      const frozen = layers.residual({ layers: [inner], trainable: false });
      const x = noiseTensor([4, 5, 6]);
      frozen.apply(x);
      const weights = () => frozen.getWeights().map((weight) => Array.from(weight.dataSync()));
      const before = weights();
      const y = frozen.apply(x, { training: true }) as tf.Tensor;
      expect(weights()).toEqual(before);
      expect(y.dataSync()).toEqual((frozen.apply(x) as tf.Tensor).dataSync());
      frozen.trainable = true;
      frozen.apply(x, { training: true });
      expect(weights()).not.toEqual(before);
    }
    const part = tf.layers.dense({ units: 6, trainable: false });
    layers.residual({ layers: [part] });
    expect(part.trainable).toBe(false);
  });

  it("refuses a layer with several outputs, and a description without settings", () => {
    const several = layers.residual({ layers: [layers.lstm({ units: 6, returnState: true })] });
    expect(() => several.build([null, 5, 6])).toThrow(
      /^layers\[0\] is "NormlabLSTM"; it must be a layer with one/,
    );
    const empty = { className: "Dense", config: null } as never;
    expect(() => layers.residual({ layers: [empty] })).toThrow(/layers\[0\] is .*; it must be a layer/);
  });

  it("counts its layers' penalties once", () => {
    const layer = layers.residual({
      layers: [tf.layers.dense({ units: 3, kernelRegularizer: "l1l2", kernelInitializer: "ones" })],
    });
    layer.build([null, 3]);
    // l1 and l2 of nine ones, each 0.01.
    const penalties = layer.losses.map((loss) => (loss as () => tf.Scalar)().dataSync()[0]);
    expect(penalties).toHaveLength(1);
    expect(penalties[0]).toBeCloseTo(0.18, 6);
  });

  it("can be inside another one, and first in a model", async () => {
    const model = tf.sequential({
      layers: [
        layers.residual({
          inputShape: [6],
          layers: [layers.residual({ layers: [tf.layers.dense({ units: 6 })] }), layers.layerNorm()],
        }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const portable = toPortable(model);
    if ("reason" in portable) throw new Error(portable.reason);
    const copy = await fromPortable(portable);
    copy.setWeights(model.getWeights());
    const x = noiseTensor([3, 6]);
    const [a, b] = [model, copy].map((m) => Array.from((m.predict(x) as tf.Tensor).dataSync()));
    expect(a).toEqual(b);
    expect(model.getWeights()).toHaveLength(4);
  });

  it("refuses a mask where one of its layers takes none", () => {
    const model = () =>
      tf.sequential({
        layers: [
          tf.layers.embedding({ inputDim: 7, outputDim: 6, maskZero: true, inputLength: 5 }),
          layers.residual({ layers: [tf.layers.conv1d({ filters: 6, kernelSize: 1 })] }),
        ],
      });
    expect(() => model().predict(words())).toThrow(/does not support masking/);
  });
});

describe("what layers refuse", () => {
  it.each<[RegExp, () => unknown]>([
    [
      /multiHeadAttention: numHeads is undefined; it must be a positive whole number/,
      () => layers.multiHeadAttention({ keyDim: 3 } as never),
    ],
    [/multiHeadAttention: keyDim is 0/, () => layers.multiHeadAttention({ numHeads: 2, keyDim: 0 })],
    [
      /multiHeadAttention: "heads" is not an option/,
      () => layers.multiHeadAttention({ heads: 2, keyDim: 3 } as never),
    ],
    [
      /causal is "yes"; it must be true or false/,
      () => layers.multiHeadAttention({ numHeads: 2, keyDim: 3, causal: "yes" } as never),
    ],
    [
      /inputShape of query is of shape \[, 6\]; it must be \(batch, positions, width\)/,
      () => layers.multiHeadAttention({ numHeads: 2, keyDim: 3 }).build([null, 6]),
    ],
    [/positionEmbedding: sequenceLength is undefined/, () => layers.positionEmbedding({} as never)],
    [
      /inputShape is of shape \[2, 9, 6\]; it must be of 5 positions or fewer/,
      () => layers.positionEmbedding({ sequenceLength: 5 }).apply(tf.zeros([2, 9, 6])),
    ],
    [
      /residual: layers is \[\]; it must be a list of one layer or more/,
      () => layers.residual({ layers: [] }),
    ],
    [
      /residual: layers\[0\] is "dense"; it must be a layer/,
      () => layers.residual({ layers: ["dense"] as never }),
    ],
    [
      /layers' output is of shape \[, 4\]; it must be of the input's shape, \(batch, 3\)/,
      () => layers.residual({ layers: [tf.layers.dense({ units: 4 })] }).build([null, 3]),
    ],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });

  it("a shorter sequence takes the first positions", () => {
    const layer = layers.positionEmbedding({ sequenceLength: 5, initializer: "randomNormal" });
    const y = layer.apply(tf.zeros([2, 3, 6])) as tf.Tensor;
    const table = Array.from(layer.getWeights()[0].dataSync()).slice(0, 18);
    expect(Array.from(y.dataSync())).toEqual([...table, ...table]);
    const before = tf.tidy(
      () => tf.grad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(tf.zeros([2, 3, 6])).shape,
    );
    expect(before).toEqual([2, 3, 6]);
  });
});
