// The model of the source article in tfjs's own layers, as the MNIST lesson has it, and models of sequences.
import tf from "@tensorflow/tfjs";
import { layers, randomGenerator } from "normlab";

const normLayer = {
  none: () => [],
  batchNorm: () => [tf.layers.batchNormalization()],
  layerNorm: () => [tf.layers.layerNormalization()],
};

export function buildModel(norm) {
  const kernelInitializer = (seed) => tf.initializers.glorotUniform({ seed });
  const activation = "relu";
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation },
        kernelInitializer: kernelInitializer(1),
      }),
      ...normLayer[norm](),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, activation, kernelInitializer: kernelInitializer(2) }),
      ...normLayer[norm](),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation, kernelInitializer: kernelInitializer(3) }),
      tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer(4) }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

const units = 128;
const text = { vocabulary: 65, length: 64, heads: 4, blocks: 2 };

const sequenceModels = {
  /** The last output of an LSTM over the rows of an image. */
  lstm: () => [tf.layers.lstm({ units, inputShape: [28, 28], recurrentActivation: "sigmoid" }), softmax(10)],
  layerNormLstm: () => [
    layers.lstm({ units, inputShape: [28, 28], normalization: "layerNorm" }),
    softmax(10),
  ],
  /** A decoder with pre-norm blocks: the next of 65 characters at each of 64 places. */
  transformer: () => [
    tf.layers.embedding({ inputDim: text.vocabulary, outputDim: units, inputShape: [text.length] }),
    layers.positionEmbedding({ sequenceLength: text.length }),
    ...Array.from({ length: text.blocks }, () => [
      layers.residual({
        layers: [
          layers.layerNorm(),
          layers.multiHeadAttention({ numHeads: text.heads, keyDim: units / text.heads, causal: true }),
        ],
      }),
      layers.residual({
        layers: [
          layers.layerNorm(),
          tf.layers.dense({ units: 4 * units, activation: "gelu" }),
          tf.layers.dense({ units }),
        ],
      }),
    ]).flat(),
    layers.layerNorm(),
    softmax(text.vocabulary),
  ],
};

const softmax = (classes) => tf.layers.dense({ units: classes, activation: "softmax" });

export function buildSequenceModel(name) {
  const model = tf.sequential({ layers: sequenceModels[name]() });
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

const random = randomGenerator(0);
const drawn = (count, below) =>
  Float32Array.from({ length: count }, () => Math.floor(random.uniform() * below));

const batches = {};

/** One of some inputs and targets as the training loop makes them; the next time another. */
export function sequenceBatch(name, batch) {
  const made = (batches[`${name} ${batch}`] ??= Array.from({ length: 8 }, () => drawBatch(name, batch)));
  made.push(made.shift());
  return made[0];
}

function drawBatch(name, batch) {
  if (name === "transformer") {
    const tokens = () => drawn(batch * text.length, text.vocabulary);
    return [
      { values: Int32Array.from(tokens()), shape: [batch, text.length] },
      { values: tokens(), shape: [batch, text.length, 1] },
    ];
  }
  return [
    { values: drawn(batch * 28 * 28, 256).map((byte) => byte / 255), shape: [batch, 28, 28] },
    { values: drawn(batch, 10), shape: [batch, 1] },
  ];
}
