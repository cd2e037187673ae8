import { inflateSync } from "node:zlib";
import { colorImages, tensor, withSlider } from "normlab";
import { describe, expect, it } from "vitest";
import { pngUri } from "../../dist/figures/bitmap";

const picture = tensor([
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0, 0, 0],
    [2, -1, 0.5],
    [1, 1, 1],
  ],
]);
const imagesOf = (figure: { layout: Record<string, unknown> }) =>
  figure.layout.images as { source: string; x: number; y: number; sizex: number; sizey: number }[];

/** The pixels of a PNG with one IDAT chunk, without the filters of its rows. */
function pixelsOf(uri: string, width: number): number[] {
  const bytes = Buffer.from(uri.replace("data:image/png;base64,", ""), "base64");
  const at = bytes.indexOf("IDAT");
  const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  return [...rows].filter((_, i) => i % (3 * width + 1) !== 0);
}

describe("a picture as a PNG in the figure", () => {
  it("has its pixels, and what lies outside 0 … 1 as the nearest end", () => {
    const [{ source }] = imagesOf(colorImages([{ pixels: picture }], { title: "t" }));
    expect(pixelsOf(source, 3)).toEqual([
      ...[255, 0, 0, 0, 255, 0, 0, 0, 255],
      ...[0, 0, 0, 255, 0, 128, 255, 255, 255],
    ]);
  });

  it("may be longer than one block of zlib's format", () => {
    const rgb = Array.from({ length: 3 * 200 * 150 }, (_, i) => i % 251);
    expect(pixelsOf(pngUri(200, 150, rgb), 200)).toEqual(rgb);
  });
});

describe("colorImages", () => {
  it("lays pictures of several heights in rows, with their titles in the description", () => {
    const tall = tensor(Array.from({ length: 4 }, () => [[0.5, 0.5, 0.5]]));
    const figure = colorImages(
      [
        { pixels: picture, title: "flags" },
        { pixels: tall, title: "grey" },
        { pixels: picture, title: "again" },
      ],
      { title: "Three", columns: 2 },
    );
    const [first, second, third] = imagesOf(figure);
    expect(first.y).toBe(second.y);
    expect(second.x).toBeGreaterThan(first.x + first.sizex);
    expect(third.y).toBeGreaterThan(second.y + second.sizey);
    expect(second.sizey).toBeCloseTo(4 * second.sizex);
    expect(figure.description).toContain("flags, grey and again");
  });

  it("can have a slider, and becomes a picture", async () => {
    const figure = withSlider(
      [1, 0.5].map((value) => ({
        value,
        figure: colorImages([{ pixels: picture.mul(value) }], { title: "t" }),
      })),
      { label: "factor" },
    );
    const { svg } = await figure.toPicture();
    expect(svg).toContain("data:image/png;base64,");
  });

  it("refuses what is no picture in colour", () => {
    expect(() => colorImages([], { title: "t" })).toThrow("colorImages: images is");
    expect(() => colorImages([{ pixels: tensor([[1, 2]]) }], { title: "t" })).toThrow(
      "it must be of shape [height, width, 3]",
    );
  });
});
