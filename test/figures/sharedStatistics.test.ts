import {
  batchNorm,
  dyt,
  groupNorm,
  instanceNorm,
  jacobian,
  jacobians,
  layerNorm,
  layerNormGrad,
  type Normalization,
  randomNormal,
  rmsNorm,
  sharedStatistics,
  statisticsGroups,
  switchableNorm,
  tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

/** Numbers the groups in the order of their first element, by a key that the elements of a group share. */
function groupsBy(shape: number[], key: (index: number[]) => unknown): number[] {
  const keys: string[] = [];
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, offset) => {
    const index = shape.map((length, axis) => {
      const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      return Math.floor(offset / stride) % length;
    });
    const name = JSON.stringify(key(index));
    if (!keys.includes(name)) keys.push(name);
    return keys.indexOf(name);
  });
}

describe("statisticsGroups", () => {
  const cases: [string, Normalization, (index: number[]) => unknown][] = [
    ["batch norm", (x) => batchNorm(x).y, ([, , , c]) => c],
    ["layer norm of images", (x) => layerNorm(x, { axes: [1, 2, 3] }).y, ([n]) => n],
    ["layer norm of pixels", (x) => layerNorm(x).y, ([n, h, w]) => [n, h, w]],
    ["instance norm", (x) => instanceNorm(x).y, ([n, , , c]) => [n, c]],
    ["group norm", (x) => groupNorm(x, { groups: 2 }).y, ([n, , , c]) => [n, Math.floor(c / 2)]],
    ["RMSNorm", (x) => rmsNorm(x).y, ([n, h, w]) => [n, h, w]],
    ["DyT", (x) => dyt(x).y, (index) => index],
  ];
  it.each(cases)("finds out who shares in %s", (_, normalize, key) => {
    const shape = [3, 2, 3, 4];
    expect(Array.from(statisticsGroups(normalize, shape))).toEqual(groupsBy(shape, key));
  });

  it("refuses groups that overlap", () => {
    const logits = { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0] };
    const mixed: Normalization = (x) => switchableNorm(x, logits).y;
    expect(() => statisticsGroups(mixed, [2, 2, 2, 2])).toThrow(/overlap/);
  });
});

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
      /shape is \[\]; it must have 2, 3 or 4 axes/,
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

  it("are the derivatives that the backward pass multiplies by", () => {
    const dy = randomNormal([3, 4], { seed: 2 });
    const matrix = jacobian((v) => layerNorm(v).y, x);
    const product = dy.map((_, j) => matrix.reduce((sum, row, i) => sum + row[j] * dy.data[i], 0));
    const { dx } = layerNormGrad(dy, layerNorm(x).cache);
    expect(Math.max(...product.sub(dx).abs().data)).toBeLessThan(1e-7);
  });

  it("draw one panel a method, and say how much is coupled", () => {
    const figure = jacobians(
      { "batch norm": (v) => batchNorm(v).y, "layer norm": (v) => layerNorm(v).y },
      { x },
    );
    expect(figure.data).toHaveLength(2);
    expect(figure.description).toContain("batch norm: 36 of 144 and layer norm: 48 of 144");
    expect(() => jacobians({}, { x: [1, 2] })).toThrow(/x has 1 axes; it must have 2/);
  });
});
