import { confusionMatrix, Figure, imageGrid, lines, trainingCurves } from "normlab";
import { describe, expect, it } from "vitest";
import { exampleRun } from "./exampleRun";

const digit = Array.from({ length: 784 }, (_, i) => (i % 28 > 10 && i % 28 < 16 ? 255 : 0));
const examples: Record<string, Figure> = {
  curves: trainingCurves([exampleRun("none", 1), exampleRun("batchNorm", 2)]),
  heatmap: confusionMatrix(
    [
      [9, 1],
      [3, 7],
    ],
    { title: "Confusion" },
  ),
  images: imageGrid([{ pixels: digit, title: "1" }, { pixels: digit }], { title: "Digits" }),
};

/** Width and height from a PNG's header. */
const sizeOf = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

describe("pictures", () => {
  for (const [name, figure] of Object.entries(examples)) {
    it(`of ${name} are the same twice, twice as dense as the layout`, async () => {
      const [first, second] = await Promise.all([figure.toPicture(), figure.toPicture()]);
      expect(first.svg).toBe(second.svg);
      expect(Buffer.compare(first.png, second.png)).toBe(0);
      expect(sizeOf(first.png)).toEqual([1520, 2 * (figure.layout.height as number)]);
      expect(first.png.length).toBeLessThan(250_000);
    });
  }

  it("are as they were when last looked at", async () => {
    const figure = lines([{ name: "layerNorm", y: [1, 3, 2] }], {
      title: "A title",
      caption: "A caption.",
      xTitle: "x",
      yTitle: "y",
    });
    const { svg } = await figure.toPicture();
    await expect(svg.replace(/></g, ">\n<")).toMatchFileSnapshot("snapshots/lines.svg");
  });

  it("measure text with the real font: a margin grows with its tick labels", async () => {
    const left = async (text: string) => {
      const yaxis = { tickmode: "array", tickvals: [1], ticktext: [text] };
      const { svg } = await new Figure({
        data: [{ y: [1, 2] }],
        layout: { yaxis },
        description: "x",
      }).toPicture();
      return Number(/id="clip\w+xy"><rect x="([\d.]+)"/.exec(svg)?.[1]);
    };
    // In DejaVu Sans, m is 0.974 em wide and i 0.278: at 12 pixels and 20 letters that is 167 pixels apart.
    expect((await left("m".repeat(20))) - (await left("i".repeat(20)))).toBeCloseTo(167, -1);
  });

  it("fail with Plotly's or the drawing thread's reason, and the next one is drawn", async () => {
    const broken = new Figure({ data: [], layout: { width: -5 }, description: "x" });
    await expect(broken.toPicture()).rejects.toThrow("could not be drawn");
    await expect(examples.heatmap.toPicture()).resolves.toHaveProperty("svg");
  });
});
