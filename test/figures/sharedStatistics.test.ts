import {
  batchNorm,
  jacobians,
  layerNorm,
  type Normalization,
  randomNormal,
  sharedStatistics,
  tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

describe("sharedStatistics", () => {
  const methods = {
    "batch norm": (x: Parameters<Normalization>[0]) => batchNorm(x).y,
    "layer norm": (x: Parameters<Normalization>[0]) => layerNorm(x).y,
  };
  /** The cells of a panel as the figure paints them. */
  const cellsOf = (figure: ReturnType<typeof sharedStatistics>, panel: string) =>
    (figure.layout.shapes as { xref: string; path: string; fillcolor: string }[])
      .filter(({ xref }) => xref === panel)
      .flatMap(({ path, fillcolor }) =>
        [...path.matchAll(/M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H\1Z/g)].map(([, x0, y0, x1, y1]) => ({
          ...{ x0: Number(x0), y0: Number(y0), x1: Number(x1), y1: Number(y1), fillcolor },
        })),
      )
      .sort((a, b) => a.y0 - b.y0 || a.x0 - b.x0);

  it("paints cells of one group in one colour, and others in others", () => {
    const figure = sharedStatistics(methods, { shape: [2, 3] });
    const [columns, rows] = ["x", "x2"].map((panel) => cellsOf(figure, panel).map((cell) => cell.fillcolor));
    const [a, b, c] = columns;
    expect(new Set([a, b, c]).size).toBe(3);
    expect(columns).toEqual([a, b, c, a, b, c]);
    expect(rows).toEqual([a, a, a, b, b, b]);
  });

  it("writes the groups' numbers, or the values of a tensor", () => {
    const texts = (figure: ReturnType<typeof sharedStatistics>) => figure.data[1].text;
    expect(texts(sharedStatistics(methods, { shape: [2, 3] }))).toEqual(["1", "1", "1", "2", "2", "2"]);
    const values = tensor([
      [3, 1, 2],
      [4, 5, 6.25],
    ]);
    expect(texts(sharedStatistics(methods, { values }))).toEqual(["3", "1", "2", "4", "5", "6.25"]);
  });

  it("says in words what it shows, and refuses what it can't lay out", () => {
    const { description } = sharedStatistics(methods, { shape: [2, 3, 4] });
    expect(description).toContain("batch norm: 4 sets of 6 cells and layer norm: 6 sets of 4 cells");
    expect(() => sharedStatistics(methods, { shape: [] })).toThrow(
      "shape is []; it must be 2, 3 or 4 numbers: one an axis",
    );
  });

  it("keeps the cells of a panel apart from each other and inside the panel", () => {
    const figure = sharedStatistics(methods, { shape: [2, 2, 3, 2] });
    const { xaxis, yaxis } = figure.layout as Record<"xaxis" | "yaxis", { range: [number, number] }>;
    const cells = cellsOf(figure, "x");
    expect(new Set(cells.map(({ x0, y0 }) => `${x0} ${y0}`)).size).toBe(24);
    for (const { x0, x1, y0, y1 } of cells) {
      expect([x1 - x0, y1 - y0]).toEqual([expect.closeTo(1), expect.closeTo(1)]);
      expect(Math.min(x0, y0)).toBeGreaterThanOrEqual(0);
      expect(x1).toBeLessThanOrEqual(xaxis.range[1] + 1e-9);
      expect(y1).toBeLessThanOrEqual(yaxis.range[0] + 1e-9);
    }
  });
});

describe("jacobians", () => {
  const x = randomNormal([3, 4], { seed: 1, mean: 2 });

  it("draw one panel a method, and say how much is coupled", () => {
    const figure = jacobians(
      { "batch norm": (v) => batchNorm(v).y, "layer norm": (v) => layerNorm(v).y },
      { x },
    );
    expect(figure.data).toHaveLength(2);
    expect(figure.description).toContain("batch norm: 36 of 144 and layer norm: 48 of 144");
    expect(() => jacobians({}, { x: [1, 2] })).toThrow("x is of shape [2]; it must be of shape [N, C]");
  });
});
