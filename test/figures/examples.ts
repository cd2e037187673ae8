/** A small example of every figure and table, made of made-up numbers. */
import type { Figure, Table } from "normlab";
import {
  batchNorm,
  batchNormGradSteps,
  batchNormGraph,
  batchSteps,
  channelImages,
  colorImages,
  comparisonTable,
  confusionMatrix,
  gradientParts,
  heatmap,
  histogram,
  imageGrid,
  jacobians,
  layerNorm,
  lines,
  methodColors,
  panelHeatmaps,
  panelLines,
  randomNormal,
  ridgelines,
  sameExample,
  scatter,
  seedBands,
  sharedStatistics,
  strips,
  tensor,
  type Tensor,
  trainingCurves,
  trainingProgress,
  withSlider,
} from "normlab";
import { exampleRun } from "./exampleRun";

const axes = { xTitle: "step", yTitle: "gradient norm (1)" };
const normalizations = {
  batchNorm: (x: Tensor) => batchNorm(x).y,
  layerNorm: (x: Tensor) => layerNorm(x).y,
};
const banded = { name: "band", y: [1, 4, 9], low: [0.5, 3, 8], high: [2, 5, 10], markers: true };
const rows = [
  { name: "layer 1", values: [0.1, 0.1, 0.6] },
  { name: "layer 2", values: [0.9, 7] },
];
const pixels = Array.from({ length: 16 }, (_, i) => 17 * i);

function graph(): Figure {
  const [x, dy] = [1, 2].map((seed) => randomNormal([3, 1], { seed }));
  const [gamma, beta] = [tensor([2]), tensor([1])];
  const { y, cache } = batchNorm(x, { gamma, beta });
  return batchNormGraph({ ...batchNormGradSteps(dy, cache), x, y, dy, gamma, beta });
}

function steps(): Figure {
  const x = tensor([
    [1, 10],
    [3, 30],
    [8, -2],
  ]);
  const centered = x.sub(x.mean([0]));
  return batchSteps({ x, centered, xHat: centered.div(10), y: centered.div(5).add(1) });
}

function parts(): Figure {
  const dXHat = tensor([[0.5], [-1], [2]]);
  return gradientParts({
    dXHat,
    alongOnes: dXHat.mul(0.5),
    alongXHat: dXHat.mul(0.25),
    rest: dXHat.mul(0.25),
  });
}

export const examples: Readonly<Record<string, () => Figure | Table>> = {
  lines: () =>
    lines([banded, { name: "layerNorm", x: [0, 1, 3], y: [0.1, 1, 4], dash: "dot" }], {
      title: "Lines",
      caption: "A caption.",
      ...axes,
      yScale: "log",
    }),
  histogram: () =>
    histogram(
      [
        { name: "none", values: [1, 2, 2, 3] },
        { name: "other", values: [2, 5] },
      ],
      { title: "Histogram", xTitle: "activation (1)", bins: 4 },
    ),
  heatmap: () =>
    heatmap(
      [
        [1, -2, 0.5],
        [3, 4, 0],
      ],
      { title: "Heatmap", ...axes, valueTitle: "loss (nats)", scale: "diverging", cellText: true },
    ),
  confusionMatrix: () =>
    confusionMatrix(
      [
        [8, 2, 0],
        [1, 9, 0],
        [0, 0, 5],
      ],
      { title: "Confusion", labels: ["cat", "dog", "owl"] },
    ),
  scatter: () =>
    scatter(
      Object.keys(methodColors).map((name, i) => ({ name, x: [i + 1, 10 * i + 1], y: [i, i / 2] })),
      { title: "Scatter", ...axes, xScale: "log" },
    ),
  colorImages: () =>
    colorImages(
      [
        { pixels: randomNormal([2, 3, 3], { seed: 1, mean: 0.5, standardDeviation: 0.3 }), title: "wide" },
        { pixels: randomNormal([3, 2, 3], { seed: 2, mean: 0.5, standardDeviation: 0.3 }) },
      ],
      { title: "Pictures in colour", caption: "Random colours." },
    ),
  imageGrid: () => imageGrid([{ pixels, title: "up" }, { pixels }], { title: "Images", width: 4 }),
  strips: () =>
    strips(
      [
        { name: "none", values: [[1, 2, 2], [50]] },
        { name: "batchNorm", values: [[1], [2, 3]] },
      ],
      { title: "Strips", ...axes, groups: ["× 1", "× 5"], yScale: "log" },
    ),
  ridgelines: () =>
    ridgelines(
      [
        { name: "none", rows },
        { name: "batchNorm", rows },
      ],
      { title: "Ridges", xTitle: "activation (1)", yTitle: "layer", range: [0, 1], bins: 4 },
    ),
  panelLines: () =>
    panelLines(
      [
        { name: "none", series: [banded, { name: "second", y: [2, 3, 4] }] },
        { name: "rmsNorm", series: [banded] },
      ],
      { title: "Panels", ...axes, yScale: "log", reference: { y: 5, text: "five" }, colors: "depth" },
    ),
  panelHeatmaps: () =>
    panelHeatmaps(
      ["none", "layerNorm"].map((name) => ({
        name,
        matrix: [
          [1, 2],
          [4, NaN],
        ],
      })),
      { title: "Maps", ...axes, valueTitle: "share (%)", yLabels: ["a", "b"], colorRange: [0, 100] },
    ),
  trainingCurves: () => trainingCurves([exampleRun("none", 1, 2), exampleRun("batchNorm", 2, 2)]),
  trainingProgress: () =>
    trainingProgress([
      {
        ...{ epoch: 1, epochs: 2, step: 7, stepsPerEpoch: 40, loss: 1.23456, accuracy: 0.5, secondsLeft: 61 },
        run: exampleRun("layerNorm", 1, 2, 7),
      },
    ]),
  seedBands: () =>
    seedBands(
      [
        { name: "none", runs: [0.5, 0.7, 0.9].map((accuracy) => ({ epochs: epochsOf(accuracy) })) },
        { name: "batchNorm", runs: [{ epochs: epochsOf(0.95) }] },
      ],
      { title: "Seeds" },
    ),
  comparisonTable: () =>
    comparisonTable([exampleRun("none", 1), exampleRun("layerNorm", 2)], { caption: "c" }),
  sharedStatistics: () => sharedStatistics(normalizations, { shape: [2, 2, 2, 1], caption: "A caption." }),
  jacobians: () =>
    jacobians(normalizations, {
      x: [
        [1, 2],
        [4, 8],
        [0, 1],
      ],
    }),
  batchNormGraph: graph,
  batchSteps: steps,
  channelImages: () => {
    const x = randomNormal([1, 2, 3, 2], { seed: 3 });
    return channelImages({ x, xHat: x.mul(2) }, { title: "Channels" });
  },
  sameExample: () =>
    sameExample(
      [2, 8].map((batchSize) => ({ batchSize, values: [0, 1 / batchSize, 1, 2] })),
      { truth: 1 },
    ),
  gradientParts: parts,
  withSlider: () =>
    withSlider(
      [1, 4].map((value) => ({
        value,
        figure: lines([{ name: "rmsNorm", y: [1, value] }], { title: "t", ...axes }),
      })),
      { label: "factor", unit: "%", initial: 4 },
    ),
};

function epochsOf(accuracy: number): { loss: number; accuracy: number; validationAccuracy: number }[] {
  return [0, 0.01, 0.02].map((gain) => ({ loss: 1, accuracy, validationAccuracy: accuracy + gain }));
}
