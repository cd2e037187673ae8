/** All values one by one, in strips. */
import { methodColors, strips } from "normlab";
import { describe, expect, it } from "vitest";

const options = { title: "t", xTitle: "factor", yTitle: "error (%)", groups: ["× 1", "× 5"] };
const kinds = [
  { name: "none", values: [[1, 1, 1], [90]] },
  { name: "batchNorm", values: [[2, 2, 3], [4]] },
];
interface Points {
  x: number[];
  y: (number | null)[];
  mode: string;
}
const tracesOf = (...args: Parameters<typeof strips>) => strips(...args).data as unknown as Points[];

describe("strips", () => {
  it("draws every value where no other hides it, in its group and its method's colour", () => {
    const figure = strips(kinds, options);
    const points = tracesOf(kinds, options).filter(({ mode }) => mode === "markers");
    expect(points.map(({ y }) => y)).toEqual([
      [1, 1, 1, 90],
      [2, 2, 3, 4],
    ]);
    const places = points.flatMap(({ x }) => x);
    expect(new Set(places).size).toBe(places.length);
    expect(points.map(({ x }) => x.map((place) => Math.abs(Math.round(place))))).toEqual([
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ]);
    expect(Math.max(...points[0].x.slice(0, 3))).toBeLessThan(Math.min(...points[1].x.slice(0, 3)));
    expect(figure.data.at(-1)!.marker).toMatchObject({ color: methodColors.batchNorm });
    expect(figure.layout.xaxis).toMatchObject({
      tickvals: [0, 1],
      ticktext: ["× 1", "× 5"],
      range: [-0.5, 1.5],
    });
  });

  it("draws a bar at each strip's median, and none where there are no values", () => {
    const bars = tracesOf(kinds, options).filter(({ mode }) => mode === "lines");
    expect(bars.map(({ y }) => y)).toEqual([
      [1, 1, null, 90, 90, null],
      [2, 2, null, 4, 4, null],
    ]);
    const [bar, points] = tracesOf([{ name: "a", values: [[], [7]] }], options);
    expect([bar.y, points.y]).toEqual([[7, 7, null], [7]]);
    expect(strips([{ name: "a", values: [[], [7]] }], options).description).toContain("× 1: none; × 5: a 7.");
  });

  it("says the medians in words, and what it cuts off", () => {
    const { description, layout } = strips(kinds, { ...options, yRange: [0, 50] });
    expect(description).toBe(
      "t: error (%) by factor, one point a value; medians at " +
        "× 1: no normalization 1 and batch norm 2; × 5: no normalization 90 and batch norm 4.",
    );
    expect((layout.title as { text: string }).text).toContain("Cut off: error (%) above 50.");
  });

  it("refuses a kind that lacks a group", () => {
    expect(() => strips([{ name: "a", values: [[1]] }], options)).toThrow(
      "strips: kinds[0].values is an array of 1; it must be a list for each of the 2 groups.",
    );
    expect(() => strips([], options)).toThrow("strips: kinds is []; it must be at least one kind of values.");
  });
});
