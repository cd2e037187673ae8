import { methodColors, panelHeatmaps, panelLines, ridgelines } from "normlab";
import { describe, expect, it } from "vitest";

interface Axis {
  domain: [number, number];
  matches?: string;
  title: { text: string };
  range?: number[];
}

const lineOptions = { title: "t", xTitle: "step", yTitle: "loss" };

describe("panelLines", () => {
  const panels = ["none", "batchNorm", "layerNorm"].map((name, k) => ({
    name,
    series: [
      { name: "a", y: [k, 1, 2] },
      { name: "b", y: [3, 4, 5], low: [2, 3, 4], high: [4, 5, 6] },
    ],
  }));

  it("puts panels side by side, in their methods' colours, with one vertical axis", () => {
    const { data, layout } = panelLines(panels, lineOptions);
    const axes = ["xaxis", "xaxis2", "xaxis3"].map((name) => layout[name] as Axis);
    axes.slice(1).forEach(({ domain }, i) => expect(domain[0]).toBeGreaterThan(axes[i].domain[1]));
    expect(axes[2].domain[1]).toBeLessThanOrEqual(1);
    expect((layout.yaxis as Axis).title.text).toBe("loss");
    expect((layout.yaxis3 as Axis).matches).toBe("y");
    expect(
      data.filter(({ name }) => name === "a").map(({ line }) => (line as { color: string }).color),
    ).toEqual([methodColors.none, methodColors.batchNorm, methodColors.layerNorm]);
    const titles = (layout.annotations as { text: string }[]).map(({ text }) => text);
    expect(titles).toEqual(["<b>no normalization</b>", "<b>batch norm</b>", "<b>layer norm</b>"]);
  });

  it("draws a band below its line", () => {
    const { data } = panelLines(panels.slice(0, 1), lineOptions);
    expect(data.map(({ fill }) => fill)).toEqual([undefined, "toself", undefined]);
    expect(data[1].y).toEqual([4, 5, 6, 4, 3, 2]);
  });

  it("by depth, every curve has its own colour and one entry in the legend", () => {
    const { data, layout } = panelLines(panels, { ...lineOptions, colors: "depth" });
    const curves = data.filter(({ mode }) => mode === "lines");
    const colors = curves.slice(0, 2).map(({ line }) => (line as { color: string }).color);
    expect(colors[0]).not.toBe(colors[1]);
    expect(curves.filter(({ showlegend }) => showlegend)).toHaveLength(2);
    expect(layout.showlegend).toBe(true);
  });

  it("draws the line to compare with in every panel, on a logarithmic axis in its own units", () => {
    const { layout } = panelLines(panels, {
      ...lineOptions,
      yScale: "log",
      reference: { y: 0.01, text: "here" },
    });
    expect((layout.shapes as { y0: number }[]).map(({ y0 }) => y0)).toEqual([0.01, 0.01, 0.01]);
    expect((layout.annotations as { y: number; text: string }[]).at(-1)).toMatchObject({
      y: -2,
      text: "here",
    });
  });

  it("says in words where curves start and end", () => {
    expect(panelLines(panels, lineOptions).description).toContain(
      "batch norm: a from 1 to 2 and b from 3 to 5",
    );
    expect(() => panelLines([], lineOptions)).toThrow(
      "panels is []; it must be at least one, each with at least one curve",
    );
  });
});

describe("ridgelines", () => {
  const options = { title: "t", xTitle: "h", yTitle: "layer", range: [0, 1] as const, bins: 4 };
  const rows = [
    { name: "first", values: [0.1, 0.1, 0.6] },
    { name: "second", values: [0.9, 7] },
  ];

  it("scales every row to one height, the first at the top", () => {
    const { data } = ridgelines([{ name: "none", rows }], options);
    expect(data[0].y).toEqual([1, 1 + 1.7, 1, 1.85, 1, 1]);
    // 7 is in no bin.
    expect(data[1].y).toEqual([0, 0, 0, 0, 1.7, 0]);
  });

  it("a row without any value in the range is flat", () => {
    const { data } = ridgelines([{ name: "none", rows: [{ name: "far", values: [5] }] }], options);
    expect(data[0].y).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("says in words how wide the first and the last row are", () => {
    const { description } = ridgelines([{ name: "layerNorm", rows }], options);
    expect(description).toContain("layer norm, standard deviation 0.2357 (first) to 3.05 (second)");
    expect(() => ridgelines([{ name: "none", rows: [] }], options)).toThrow(
      "ridgelines: panels[0].rows is []; it must be at least one row.",
    );
  });
});

describe("panelHeatmaps", () => {
  const options = {
    ...{ title: "t", xTitle: "layer", yTitle: "gain", valueTitle: "share (%)" },
    yLabels: ["0.5", "1"],
    colorRange: [0, 100] as const,
  };
  const panels = ["none", "batchNorm"].map((name) => ({
    name,
    matrix: [
      [1, 2, 3],
      [4, NaN, 6],
    ],
  }));

  it("has one scale of colours for all panels, and holes where a value is missing", () => {
    const { data, layout } = panelHeatmaps(panels, options);
    expect(data.map(({ showscale }) => showscale)).toEqual([false, true]);
    expect(data.map(({ zmin, zmax }) => [zmin, zmax])).toEqual([
      [0, 100],
      [0, 100],
    ]);
    expect((data[0].z as unknown[])[1]).toEqual([4, null, 6]);
    expect(data[0].x).toEqual([1, 2, 3]);
    expect((layout.yaxis as { autorange: string }).autorange).toBe("reversed");
  });

  it("has texts along the horizontal axis where they are given, one a column", () => {
    const xLabels = ["0.01", "0.1", "1"];
    const { data, layout } = panelHeatmaps(panels, { ...options, xLabels });
    expect(data.map(({ x }) => x)).toEqual([xLabels, xLabels]);
    expect((layout.xaxis as { type: string }).type).toBe("category");
    expect(() => panelHeatmaps(panels, { ...options, xLabels: ["0.01"] })).toThrow("each of xLabels");
  });

  it("says the extremes in words and refuses a matrix of another height", () => {
    expect(panelHeatmaps(panels, options).description).toContain("batch norm from 1 to 6");
    expect(() => panelHeatmaps([{ name: "none", matrix: [[1]] }], options)).toThrow(
      "panelHeatmaps: panels[0].matrix is an array of 1; it must be one row of numbers for each of yLabels.",
    );
  });
});
