import { Figure, jupyterDisplay, lines } from "normlab";
import { describe, expect, it } from "vitest";
import { bundleMetadata } from "../../dist/display/displayable";

const plotly = "application/vnd.plotly.v1+json";
const figure = lines([{ name: "batchNorm", y: [1, 2, 4] }], {
  title: "Example",
  xTitle: "step",
  yTitle: "loss",
});

describe("Figure", () => {
  it("refuses traces that need WebGL, by name", () => {
    for (const type of ["surface", "scattergl", "scatter3d", "mesh3d", "heatmapgl", "scattermap"]) {
      expect(() => new Figure({ data: [{}, { type }], description: "x" })).toThrow(
        `data[1].type is "${type}"`,
      );
    }
  });

  it("asks for a description in words", () => {
    expect(() => new Figure({ data: [], description: " " })).toThrow("description");
  });

  it("is plain JSON, whatever the numbers came in", () => {
    const { data } = new Figure({
      data: [{ y: new Float32Array([1, NaN, 3]), x: [0, Infinity] }],
      description: "x",
    });
    expect(data[0]).toEqual({ y: [1, null, 3], x: [0, null] });
    expect(() => new Figure({ data: [{ y: () => 1 }], description: "x" })).toThrow("data[0].y is a function");
  });

  it("styles every axis", () => {
    const { layout } = new Figure({ data: [], layout: { xaxis2: { range: [0, 1] } }, description: "x" });
    expect(layout.xaxis2).toMatchObject({ range: [0, 1], gridcolor: "#e6e6e6" });
    expect(layout.xaxis).toMatchObject({ gridcolor: "#e6e6e6" });
  });

  it("shows as Plotly JSON, PNG and words, and never as HTML, which JupyterLab would prefer", async () => {
    const bundle = await figure[jupyterDisplay]();
    expect(Object.keys(bundle).sort()).toEqual([plotly, "image/png", "text/plain"]);
    expect(bundle[plotly]).toMatchObject({ data: [{ y: [1, 2, 4] }] });
    expect(bundle["text/plain"]).toContain("batch norm from 1 to 4");
    const png = Buffer.from(bundle["image/png"] as string, "base64");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // Twice as dense as it is shown; the words stand where nbconvert looks for an image's alternative text.
    expect(png.readUInt32BE(16)).toBe(1520);
    const alt = bundle["text/plain"];
    expect(bundle[bundleMetadata]).toEqual({ "image/png": { width: 760, height: 420, alt } });
  });

  it("answers at once and without a picture while live", () => {
    const bundle = figure[jupyterDisplay]({ live: true });
    expect(bundle).not.toBeInstanceOf(Promise);
    expect(Object.keys(bundle).sort()).toEqual([plotly, "text/plain"]);
  });

  it("takes a name that can be a file's", () => {
    expect(figure.named("mnist-curves")).toMatchObject({
      name: "mnist-curves",
      description: figure.description,
    });
    expect(() => figure.named("../x")).toThrow('name is "../x"; it must be lower-case letters');
  });
});
