/**
 * Every public function that takes options refuses what it would ignore: names that it does not know, options that
 * are none, values of a wrong type. The functions are those of the public index; a new one must be named here.
 */
import * as tf from "@tensorflow/tfjs";
import * as normlab from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleRun } from "../figures/exampleRun";
import { methods } from "../norm/claims/input";

type Options = Record<string, unknown>;
/** A call with any options, and options that it takes. */
type Row = [call: (options: never) => unknown, valid?: Options];

const { checks, layers, ...functions } = normlab;
const n = normlab;
const x = n.tensor([
  [3, 1, 2],
  [4, 5, 6],
]);
const image = n.ones([2, 3, 3, 4]);
const norm = { movingMean: [0, 0, 0], movingVariance: [1, 1, 1] };
const normalize = (t: normlab.Tensor) => t;
const examples = { images: new Uint8Array(8), labels: new Uint8Array(2), shape: [2, 4] };
const network = n.deepNetwork({ depth: 1, activation: "tanh", inputs: 4, width: 2, classes: 2 });
const curves = [{ name: "a", y: [1, 2] }];
const axes = { title: "t", xTitle: "x", yTitle: "y" };
const run = exampleRun("none", 1, 1);

/** By how a message begins, which is the function's name and, where it takes several, which options are meant. */
const withOptions: Record<string, Row> = {
  allClose: [(o) => n.allClose(1, 1, o)],
  randomNormal: [(o) => n.randomNormal([1], o)],
  randomUniform: [(o) => n.randomUniform([1], o)],
  gradientCheck: [(o) => n.gradientCheck(() => 0, [1], [0], o)],
  numericalGradient: [(o) => n.numericalGradient(() => 0, [1], o)],
  densityOf: [(o) => n.densityOf([1], o), { min: 0, max: 1, bins: 2 }],
  display: [(o) => n.display("x", o)],
  updateDisplay: [(o) => n.updateDisplay("id", "x", o)],
  clearOutput: [(o) => n.clearOutput(o)],
  input: [(o) => n.input("", o)],
  standardize: [(o) => n.standardize(x, o), { axes: [0], epsilon: 1 }],
  weightNorm: [(o) => n.weightNorm(x, [1, 1, 1], o), { axes: [0] }],
  dyt: [(o) => n.dyt(x, o)],
  "foldBatchNorm (layer)": [(o) => n.foldBatchNorm(o, norm), { kernel: x }],
  "foldBatchNorm (norm)": [(o) => n.foldBatchNorm({ kernel: x }, o), norm],
  "foldBatchNormIntoNext (layer)": [
    (o) => n.foldBatchNormIntoNext(o, { movingMean: [0, 0], movingVariance: [1, 1] }),
    { kernel: x },
  ],
  "foldBatchNormIntoNext (norm)": [(o) => n.foldBatchNormIntoNext({ kernel: x.transpose() }, o), norm],
  reestimate: [(o) => n.reestimate([x], o)],
  "fromKeras (batchNorm)": [(o) => n.fromKeras("batchNorm", o)],
  "fromTorch (layerNorm)": [(o) => n.fromTorch("layerNorm", o), { normalized_shape: 3 }],
  fromTorch: [(o) => n.fromTorch("batchNorm", {}, o)],
  "toKeras (batchNorm)": [(o) => n.toKeras("batchNorm", o)],
  "toTorch (batchNorm)": [(o) => n.toTorch("batchNorm", o)],
  toTorch: [(o) => n.toTorch("batchNorm", {}, o)],
  initBackend: [(o) => n.initBackend(o)],
  attention: [
    (o) => n.attention(tf.ones([1, 2, 2]), tf.ones([1, 2, 2]), tf.ones([1, 2, 2]), o),
    { heads: 1 },
  ],
  normalize: [(o) => n.normalize(tf.ones([2, 2]), o), { axes: [0], epsilon: 1 }],
  deepNetwork: [(o) => n.deepNetwork(o), { depth: 1, activation: "tanh" }],
  randomDirection: [(o) => n.randomDirection(network, o)],
  runBatch: [(o) => n.runBatch(network, { inputs: n.ones([1, 4]), labels: [0] }, o)],
  sampleBatch: [(o) => n.sampleBatch(examples, o), { size: 1 }],
  evaluate: [(o) => n.evaluate(network, { inputs: n.ones([1, 4]), labels: [0] }, o)],
  ownBatchNorm: [(o) => n.ownBatchNorm(o)],
  ownLayerNorm: [(o) => n.ownLayerNorm(o)],
  trainBeside: [(o) => n.trainBeside(n.ownBatchNorm({}), { train: examples, test: examples }, o)],
  trainNetwork: [(o) => n.trainNetwork(network, examples, o), { steps: 1, learningRate: 1 }],
  loadMnist: [(o) => n.loadMnist(o)],
  loadIdx: [(o) => n.loadIdx(".", o)],
  loadText: [(o) => n.loadText(o)],
  windows: [(o) => n.windows([1, 2, 3], o), { length: 1 }],
  padded: [(o) => n.padded([[1, 2, 3]], o), { padToken: 0 }],
  bucketBatches: [(o) => n.bucketBatches([[1, 2, 3]], o), { padToken: 0, batchSize: 1 }],
  characterVocabulary: [(o) => n.characterVocabulary("a", o)],
  wordVocabulary: [(o) => n.wordVocabulary("a", o)],
  bytePairVocabulary: [(o) => n.bytePairVocabulary("a", o), { merges: 1 }],
  batches: [(o) => n.batches(examples, o), { batchSize: 1 }],
  train: [
    (o) =>
      n.train(
        tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] }),
        { train: examples },
        o,
      ),
  ],
  stored: [(o) => n.stored("test-options", () => 1, [], o)],
  sweep: [(o) => n.sweep("test-options", { train: examples }, [], o)],
  Figure: [(o) => new n.Figure(o), { data: [], description: "d" }],
  Table: [(o) => new n.Table(o), { title: "t", columns: ["a"], rows: [[1]] }],
  lines: [(o) => n.lines(curves, o), axes],
  histogram: [(o) => n.histogram([{ name: "a", values: [1, 2] }], o), { title: "t", xTitle: "x" }],
  confusionMatrix: [
    (o) =>
      n.confusionMatrix(
        [
          [1, 0],
          [0, 1],
        ],
        o,
      ),
    { title: "t" },
  ],
  heatmap: [(o) => n.heatmap([[1]], o), { ...axes, valueTitle: "v" }],
  imageGrid: [(o) => n.imageGrid([{ pixels: new Uint8Array(784) }], o), { title: "t" }],
  trainingCurves: [(o) => n.trainingCurves([run], o)],
  comparisonTable: [(o) => n.comparisonTable([run], o)],
  channelImages: [(o) => n.channelImages({ x: image, xHat: image }, o), { title: "t" }],
  sameExample: [(o) => n.sameExample([{ batchSize: 2, values: [1, 2] }], o), { truth: 1 }],
  sharedStatistics: [(o) => n.sharedStatistics({ normalize }, o), { shape: [1, 1] }],
  jacobians: [(o) => n.jacobians({ normalize }, o), { x }],
  strips: [(o) => n.strips([{ name: "a", values: [[1]] }], o), { ...axes, groups: ["g"] }],
  withSlider: [
    (o) =>
      n.withSlider(
        [1, 2].map((value) => ({ value, figure: n.lines([{ name: "a", y: [value] }], axes) })),
        o,
      ),
    { label: "l" },
  ],
  scatter: [(o) => n.scatter([{ name: "a", x: [1], y: [1] }], o), axes],
  seedBands: [(o) => n.seedBands([{ name: "a", runs: [run] }], o), { title: "t" }],
  ridgelines: [
    (o) => n.ridgelines([{ name: "a", rows: [{ name: "r", values: [1] }] }], o),
    { ...axes, range: [0, 1] },
  ],
  panelHeatmaps: [
    (o) => n.panelHeatmaps([{ name: "a", matrix: [[1]] }], o),
    { ...axes, valueTitle: "v", yLabels: ["a"], colorRange: [0, 1] },
  ],
  panelLines: [(o) => n.panelLines([{ name: "a", series: curves }], o), axes],
};

/** What takes no options: tensors, numbers, a network, a Run. */
const withoutOptions = [
  ...["asTensor", "full", "ones", "zeros", "tensor", "Tensor", "matmul", "jacobian", "statisticsGroups"],
  ...["percentile", "randomGenerator", "liveDisplay", "toChannelsFirst", "toChannelsLast"],
  ...["standardizeGrad", "weightNormGrad", "batchNormGradSteps", "layerNormGradSteps"],
  ...["describeBackend", "Beside", "descend", "deadShare", "meanCosine", "normOf", "saturatedShare"],
  ...[
    "unitValues",
    "updateRatios",
    "alongGradient",
    "gradientShift",
    "lossPlane",
    "hashDataset",
    "oneHot",
    "splitValidation",
    "countPairs",
    "mergePair",
    "vocabularyFromJSON",
  ],
  ...[
    "isQuick",
    "TrainingError",
    "batchNormGraph",
    "batchSteps",
    "gradientParts",
    "trainingProgress",
    "progress",
    "reveal",
  ],
];

for (const [name, valid] of Object.entries(methods)) {
  const method = functions[name as "batchNorm"];
  withOptions[name] = [(o) => method(image, o), valid];
  withoutOptions.push(`${name}Grad`);
}
/** What a layer can't be without. */
const required: Record<string, Record<string, unknown>> = {
  weightNorm: { layer: tf.layers.dense({ units: 1 }) },
  multiHeadAttention: { numHeads: 1, keyDim: 1 },
  positionEmbedding: { sequenceLength: 1 },
  ...{ lstm: { units: 1 }, gru: { units: 1 }, simpleRNN: { units: 1 } },
  residual: { layers: [tf.layers.dense({ units: 1 })] },
};
for (const [name, make] of Object.entries(
  layers as unknown as Record<string, (o?: object) => tf.layers.Layer>,
)) {
  if (name.endsWith("Layer")) continue;
  withOptions[`layers.${name}`] = [(o) => make(o), required[name] ?? {}];
}
for (const check of Object.values(checks) as unknown[] as normlab.checks.Check<unknown>[]) {
  if ((check as unknown) === checks.Report) continue;
  withOptions[check(() => 0).id] = [(o) => check(() => 0, o)];
}

/** What other packages judge, or what may be anything. */
const notOurs = new Set([
  ...["inputShape", "batchInputShape", "batchSize", "dtype", "inputDType", "weights", "customObjects"],
  ...["provenance", "layout of Figure", "metadata", "num_batches_tracked", "resourceLimits"],
]);

const failure = async (call: () => unknown): Promise<string> => {
  try {
    await call();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
};

/** The names that the message about an unknown option lists. */
async function namesOf(call: (options: never) => unknown): Promise<string[]> {
  const message = await failure(() => call({ "no such option": 1 } as never));
  return /the options are (.*)\.$/.exec(message)?.[1].split(", ") ?? [];
}

beforeAll(async () => {
  await n.initBackend();
});

it("every public function is named here, with its options or as one that has none", () => {
  const named = [...Object.keys(withOptions).map((prefix) => prefix.split(" ")[0]), ...withoutOptions];
  const all = Object.keys(functions).filter((name) => typeof functions[name as never] === "function");
  expect(all.filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => /^[a-zA-Z]+$/.test(name) && !all.includes(name))).toEqual([]);
});

describe.each(Object.entries(withOptions))("%s", (prefix, [call, valid = {}]) => {
  it("refuses options that are none", async () => {
    for (const [wrong, described] of [
      [5, "5"],
      [null, "null"],
      ["x", '"x"'],
      [[1], "[1]"],
      [n.ones([2]), "of shape [2]"],
    ] as const) {
      const message = `${prefix}: options is ${described}; it must be an object, { `;
      expect(await failure(() => call(wrong as never))).toContain(message);
    }
  });

  it("names the option that a misspelt one is nearest to", async () => {
    const names = await namesOf(call);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const message = await failure(() => call({ ...valid, [`${name}x`]: 1 } as never));
      expect(message).toBe(`${prefix}: "${name}x" is not an option; did you mean "${name}"?`);
    }
  });

  it("refuses a value of a wrong type by the option's name", async () => {
    for (const name of await namesOf(call)) {
      if (notOurs.has(name)) continue;
      const message = await failure(() => call({ ...valid, [name]: 1n } as never));
      expect(message).toMatch(new RegExp(`\\b${name}(\\.data)? is 1n; it must be `));
    }
  });
});
