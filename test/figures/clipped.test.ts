/** What an axis leaves out is said in the caption. */
import { type Figure, histogram, lines, panelLines, ridgelines } from "normlab";
import { describe, expect, it } from "vitest";
import { clippedNote } from "../../dist/figures/clipped";

const titles = { title: "t", xTitle: "step", yTitle: "loss", caption: "A caption." };
const captionOf = (figure: Figure) =>
  /5a5a5a">(.*)<\/span>/.exec((figure.layout.title as { text: string }).text)![1];

describe("a caption", () => {
  it("names the ends at which values are cut off", () => {
    expect(clippedNote("loss", [0, 1, 2], [0, 2])).toBe("");
    expect(clippedNote("loss", [0, 1, null, NaN, 2.1], [0, 2])).toBe("Cut off: loss above 2.");
    expect(clippedNote("loss", [-Infinity, 9], [2, 0])).toBe("Cut off: loss below 0 or above 2.");
    expect(clippedNote("loss", [0], [1e-12, 1])).toBe("Cut off: loss below 10⁻¹².");
    expect(clippedNote("loss", [-9], [-2.5, 1])).toBe("Cut off: loss below −2.5.");
    expect(clippedNote("loss", [9], undefined)).toBe("");
  });

  it("says so for curves and their bands, along both axes", () => {
    const curve = { name: "a", x: [0, 5], y: [1, 1], high: [1, 3], low: [1, 1] };
    expect(captionOf(lines([curve], { ...titles, yRange: [0, 2], xRange: [1, 5] }))).toBe(
      "A caption. Cut off: step below 1. Cut off: loss above 2.",
    );
    expect(captionOf(lines([curve], { ...titles, yRange: [0, 3] }))).toBe("A caption.");
    expect(captionOf(panelLines([{ name: "none", series: [curve] }], { ...titles, yRange: [0, 2] }))).toBe(
      "A caption. Cut off: loss above 2.",
    );
  });

  it("says so for histograms, of panels with ranges of their own by name", () => {
    const sample = { name: "a", values: [1, 7] };
    expect(
      captionOf(
        histogram([sample, sample], { title: "t", xTitle: "step", caption: "A caption.", range: [0, 5] }),
      ),
    ).toBe("A caption. Cut off: step above 5.");
    const panels = ["none", "batchNorm"].map((name) => ({ name, rows: [sample] }));
    expect(captionOf(ridgelines(panels, { ...titles, range: [2, 8] }))).toBe(
      "A caption. Cut off: step below 2.",
    );
    const ranges: [number, number][] = [
      [0, 9],
      [0, 5],
    ];
    expect(captionOf(ridgelines(panels, { ...titles, range: ranges }))).toBe(
      "A caption. Cut off: batch norm above 5.",
    );
  });
});

describe("panels with ranges of their own", () => {
  it("have an axis each, with numbers at it, and say so", () => {
    const panels = ["none", "batchNorm"].map((name) => ({ name, series: [{ name: "a", y: [1, 2] }] }));
    const own = panelLines(panels, { ...titles, ownRanges: true });
    expect(own.layout.yaxis2).not.toHaveProperty("matches");
    expect(own.layout.yaxis2).not.toHaveProperty("showticklabels");
    expect(captionOf(own)).toBe("A caption. Each panel has a vertical axis of its own.");
    expect(panelLines(panels, titles).layout.yaxis2).toMatchObject({ matches: "y", showticklabels: false });
  });
});
