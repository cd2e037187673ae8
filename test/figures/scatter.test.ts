import { methodColors, scatter } from "normlab";
import { describe, expect, it } from "vitest";

const titles = { title: "Points", xTitle: "x (m)", yTitle: "y (m)" };

describe("scatter", () => {
  it("draws each kind in its method's colour, with points only", () => {
    const figure = scatter([{ name: "layerNorm", x: [1, 2], y: Float64Array.of(3, 4) }], titles);
    expect(figure.data[0]).toMatchObject({ mode: "markers", name: "layer norm", x: [1, 2], y: [3, 4] });
    expect(figure.data[0].marker).toMatchObject({ color: methodColors.layerNorm });
    expect(figure.description).toContain("2 of layer norm");
  });

  it("keeps circles round when asked to", () => {
    const points = [{ name: "a", x: [0], y: [0] }];
    expect(scatter(points, { ...titles, equalScales: true }).layout.yaxis).toMatchObject({
      scaleanchor: "x",
    });
    expect(scatter(points, titles).layout.yaxis).not.toHaveProperty("scaleanchor");
  });

  it("draws x on a logarithmic scale when asked to, with ticks at plain numbers", () => {
    const points = [{ name: "a", x: [1, 30], y: [1, 2] }];
    const { xaxis } = scatter(points, { ...titles, xScale: "log" }).layout;
    expect(xaxis).toMatchObject({ type: "log", ticktext: ["1", "30"] });
    const many = { name: "a", x: Array.from({ length: 30 }, (_, i) => i + 1), y: new Array(30).fill(0) };
    expect(scatter([many], { ...titles, xScale: "log" }).layout.xaxis).toMatchObject({
      ticktext: ["1", "2", "5", "10", "20", "50", "100", "200", "500"],
    });
    expect(scatter(points, titles).layout.xaxis).toMatchObject({ type: "linear" });
  });

  it("refuses no points, and coordinates that don't pair up", () => {
    expect(() => scatter([], titles)).toThrow("groups is []; it must be at least one kind of points");
    expect(() => scatter([{ name: "a", x: [1, 2], y: [1] }], titles)).toThrow(
      'x of "a" is [1, 2]; it must be as long as its y: 1',
    );
  });
});
