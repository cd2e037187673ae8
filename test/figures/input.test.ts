/** What figures are given to draw, when a part of it is missing or wrong: as from a cell whose values have no types. */
import * as normlab from "normlab";
import { describe, expect, it } from "vitest";
import { exampleRun } from "./exampleRun";

const n = normlab as unknown as Record<string, (what: unknown, options?: object) => normlab.Figure>;
const titles = { title: "t", xTitle: "x", yTitle: "y" };
const colors = { ...titles, valueTitle: "v", yLabels: ["a"], colorRange: [0, 1] };
const y = [1, 2];
const run = exampleRun("none", 1, 1);
const without = (part: string) => ({ ...run, [part]: undefined });

describe("a figure names the part that is missing or wrong", () => {
  it.each<[message: string, call: () => unknown]>([
    [
      "lines: series[1] is 5; it must be an object, { name, x, y, ",
      () => n.lines([{ name: "a", y }, 5], titles),
    ],
    ["lines: series[0] is [1, 2]; it must be an object", () => n.lines([y], titles)],
    ["lines: series[0].name is undefined; it must be a text", () => n.lines([{ y }], titles)],
    ["lines: series[0].y is undefined; it must be a list of numbers", () => n.lines([{ name: "a" }], titles)],
    [
      "lines: series[0].y is an array of 1; it must be a list",
      () => n.lines([{ name: "a", y: ["1"] }], titles),
    ],
    ["lines: series[0].y is of shape [2]", () => n.lines([{ name: "a", y: normlab.ones([2]) }], titles)],
    ["lines: series[0].x is [1]; it must be as long", () => n.lines([{ name: "a", y, x: [1] }], titles)],
    ["lines: series[0].low is [1]; it must be as long", () => n.lines([{ name: "a", y, low: [1] }], titles)],
    ["lines: series[0].high is []; it must be as long", () => n.lines([{ name: "a", y, high: [] }], titles)],
    [
      'lines: series[0].dash is "line"; it must be one',
      () => n.lines([{ name: "a", y, dash: "line" }], titles),
    ],
    ["lines: series[0].markers is 1; it must be true", () => n.lines([{ name: "a", y, markers: 1 }], titles)],
    [
      "histogram: samples[0].values is undefined",
      () => n.histogram([{ name: "a" }], { title: "t", xTitle: "x" }),
    ],
    ["scatter: groups[0].x is undefined", () => n.scatter([{ name: "a", y }], titles)],
    ["scatter: groups[0].y is undefined", () => n.scatter([{ name: "a", x: y }], titles)],
    [
      "ridgelines: panels[0].rows is undefined",
      () => n.ridgelines([{ name: "a" }], { ...titles, range: [0, 1] }),
    ],
    [
      "ridgelines: panels[0].rows[0].values is undefined",
      () => n.ridgelines([{ name: "a", rows: [{ name: "r" }] }], { ...titles, range: [0, 1] }),
    ],
    ["panelHeatmaps: panels[0].matrix is undefined", () => n.panelHeatmaps([{ name: "a" }], colors)],
    [
      "panelHeatmaps: panels[0].matrix[0] is an array of 1",
      () => n.panelHeatmaps([{ name: "a", matrix: [["x"]] }], colors),
    ],
    ["panelLines: panels[0].series is undefined", () => n.panelLines([{ name: "a" }], titles)],
    [
      "panelLines: panels[0].series[0].y is undefined",
      () => n.panelLines([{ name: "a", series: [{ name: "x" }] }], titles),
    ],
    ["imageGrid: images[0].pixels is undefined", () => n.imageGrid([{}], { title: "t" })],
    [
      "imageGrid: images[0].title is 1",
      () => n.imageGrid([{ pixels: y, title: 1 }], { title: "t", width: 1 }),
    ],
    ["sameExample: outputs[0].values is undefined", () => n.sameExample([{ batchSize: 2 }], { truth: 1 })],
    ["sameExample: outputs[0].batchSize is undefined", () => n.sameExample([{ values: y }], { truth: 1 })],
    ["seedBands: methods[0].runs is undefined", () => n.seedBands([{ name: "a" }], { title: "t" })],
    [
      "seedBands: methods[0].runs[0].epochs is undefined; it must be a Run's epochs",
      () => n.seedBands([{ name: "a", runs: [{}] }], { title: "t" }),
    ],
    ...["name", "epochs", "steps", "configuration"].map((part): [string, () => unknown] => [
      `trainingCurves: runs[0].${part} is undefined`,
      () => n.trainingCurves([without(part)]),
    ]),
    ...["name", "epochs", "timings"].map((part): [string, () => unknown] => [
      `comparisonTable: runs[0].${part} is undefined`,
      () => n.comparisonTable([without(part)]),
    ]),
    ["trainingProgress: progress[0].run is undefined", () => n.trainingProgress([{}])],
    [
      "trainingProgress: sweep.total is undefined",
      () => n.trainingProgress([{ run: without("none") }], { done: 1 }),
    ],
    [
      "trainingProgress: progress[0].run.steps is undefined",
      () => n.trainingProgress([{ run: without("steps") }]),
    ],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });

  it("takes what has more to it, typed arrays and gaps", () => {
    const series = { name: "a", y: [1, null, NaN], more: true };
    expect(n.lines([series], titles).data[0].y).toHaveLength(3);
    expect(n.lines([{ name: "a", y: new Float32Array(2) }], titles).data).toHaveLength(1);
  });
});
