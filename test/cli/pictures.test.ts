import { deflateSync, inflateSync } from "node:zlib";
import { lines } from "normlab";
import { describe, expect, it } from "vitest";
import { redrawPictures } from "../../dist/cli/lessons/pictures";
import { bundleMetadata, type MimeBundle } from "../../dist/display/displayable";
import type { Notebook } from "../../dist/lesson";

const axes = { title: "t", xTitle: "x", yTitle: "y" };
const bundleOf = (y: number[]) => lines([{ name: "none", y }], axes).toBundle();

function notebookOf(data: MimeBundle): Notebook {
  const outputs = [{ output_type: "display_data" as const, data: { ...data }, metadata: {} }];
  const cell = { cell_type: "code" as const, id: "a", metadata: { normlab: { role: "code" } }, source: [] };
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{ ...cell, outputs }] };
}
const outputOf = ({ cells }: Notebook) =>
  cells[0].outputs?.[0] as unknown as { data: MimeBundle; metadata: unknown };

/** The same pixels, packed otherwise. */
function repacked(base64: string): string {
  const png = Buffer.from(base64, "base64");
  const start = png.indexOf("IDAT") + 4;
  const end = start + png.readUInt32BE(start - 8);
  const data = deflateSync(inflateSync(png.subarray(start, end)), { level: 1 });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const parts = [png.subarray(0, start - 8), length, png.subarray(start - 4, start), data, png.subarray(end)];
  return Buffer.concat(parts).toString("base64");
}

describe("pictures of kept outputs", () => {
  it("are drawn of the figure that is stored with them, and described in its words", async () => {
    const [right, other] = await Promise.all([bundleOf([1, 2]), bundleOf([5, 1])]);
    const stored = notebookOf({ ...right, "image/png": other["image/png"] });
    const { data, metadata } = outputOf(await redrawPictures(stored));
    expect(data["image/png"]).toBe(right["image/png"]);
    expect(metadata).toEqual(right[bundleMetadata]);
  });

  it("stay, byte for byte, where they show the same", async () => {
    const right = await bundleOf([1, 2]);
    const packed = repacked(right["image/png"] as string);
    expect(packed).not.toBe(right["image/png"]);
    const { data } = outputOf(await redrawPictures(notebookOf({ ...right, "image/png": packed })));
    expect(data["image/png"]).toBe(packed);
  });

  it("are not added to what has none", async () => {
    const live = notebookOf({ "text/plain": "words" });
    expect(await redrawPictures(live)).toEqual(live);
  });
});
