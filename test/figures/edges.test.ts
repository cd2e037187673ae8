/** Charts of the least and the oddest that they can be given, and what they refuse. */
import { confusionMatrix, heatmap, histogram, imageGrid, lines, panelLines, scatter } from "normlab";
import { describe, expect, it } from "vitest";

const titles = { title: "t", xTitle: "x", yTitle: "y" };

describe("heatmap", () => {
  const options = { ...titles, valueTitle: "v" };

  it("leaves holes and what is infinite out of its range, in colours and in words", () => {
    const figure = heatmap([[1, null, -3, Infinity, NaN]], {
      ...options,
      scale: "diverging",
      cellText: true,
    });
    expect(figure.data[0]).toMatchObject({ zmin: -3, zmax: 3 });
    expect((figure.data[0].text as string[][])[0].slice(0, 3)).toEqual(["1", "", "-3"]);
    expect(figure.description).toBe("t: v for 1 values of y (rows) and 5 of x (columns), between -3 and 1.");
    const positive = heatmap([[2, null, 4]], options);
    expect(positive.description).toContain("between 2 and 4.");
  });

  it.each([[[]], [[[]]], [[[1], []]]])("refuses %j", (matrix) => {
    expect(() => heatmap(matrix, options)).toThrow(
      "it must be rows of one length, at least one row and one column.",
    );
  });

  it("refuses counts that are no square, as a confusion matrix", () => {
    for (const counts of [[[1, 2]], [[1, 2], [3]]]) {
      expect(() => confusionMatrix(counts, { title: "t" })).toThrow(
        "it must be a square matrix, true classes down and predicted ones across.",
      );
    }
  });
});

describe("scatter", () => {
  it("keeps the axes' own shapes unless both are to have one scale", () => {
    const points = [{ name: "a", x: [0], y: [0] }];
    const same = scatter(points, { ...titles, equalScales: true }).layout;
    expect(same).toMatchObject({
      xaxis: { constrain: "domain" },
      yaxis: { constrain: "domain", scaleanchor: "x" },
      height: 520,
    });
    const free = scatter(points, titles).layout;
    expect(free.xaxis).not.toHaveProperty("constrain");
    expect(free.yaxis).not.toHaveProperty("constrain");
    expect(free).not.toHaveProperty("height", 520);
  });

  it("has points of 5 pixels, or of the size asked for, and a legend for several kinds", () => {
    const points = ["a", "b"].map((name) => ({ name, x: [0, 1], y: [0, 1] }));
    expect(scatter(points, titles).data[0].marker).toMatchObject({ size: 5 });
    expect(scatter(points, { ...titles, size: 9 }).data[1].marker).toMatchObject({ size: 9 });
    expect(scatter(points, titles).layout.showlegend).toBe(true);
    expect(scatter(points.slice(1), titles).layout.showlegend).toBe(false);
    expect(scatter(points, titles).description).toBe("t: y against x, as points: 2 of a and 2 of b.");
  });
});

describe("panelLines in words", () => {
  const panel = (count: number) => ({
    name: "none",
    series: Array.from({ length: count }, (_, k) => ({ name: `layer ${k}`, y: [k, k + 10] })),
  });
  const wordsOf = (count: number) => panelLines([panel(count)], titles).description;

  it("names up to three curves, and of more the first and the last", () => {
    expect(wordsOf(3)).toContain("layer 0 from 0 to 10, layer 1 from 1 to 11 and layer 2 from 2 to 12.");
    expect(wordsOf(4)).toContain(": layer 0 from 0 to 10 and layer 3 from 3 to 13.");
  });
});

describe("imageGrid", () => {
  it("refuses an image of another size, by its place", () => {
    const images = [{ pixels: [1, 2, 3, 4] }, { pixels: [1, 2] }];
    expect(() => imageGrid(images, { title: "t", width: 2 })).toThrow(
      "imageGrid: images[1].pixels is [1, 2]; it must be 4 numbers, like the first.",
    );
    expect(() => imageGrid([], { title: "t" })).toThrow(
      "imageGrid: images is []; it must be at least one image",
    );
    expect(() => imageGrid([{ pixels: [] }], { title: "t" })).toThrow("at least one");
  });
});

describe("no data at all", () => {
  it("is refused by name", () => {
    expect(() => lines([], titles)).toThrow("lines: series is []; it must be at least one curve.");
    expect(() => histogram([], { title: "t", xTitle: "x" })).toThrow(
      "histogram: samples is []; it must be at least one sample.",
    );
  });

  it("of one value only is a histogram of width 1 around it", () => {
    const { layout } = histogram([{ name: "a", values: [3, 3] }], { title: "t", xTitle: "x" });
    expect(layout.xaxis).toMatchObject({ range: [2.5, 3.5] });
  });
});
