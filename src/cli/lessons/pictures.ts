/** The pictures of kept outputs: drawn anew of the figures that are stored with them. */
import { inflateSync } from "node:zlib";
import { bundleMetadata } from "../../display/displayable";
import { Figure, type FigureSpec } from "../../figures";
import type { Notebook, Output } from "../../lesson";

const plotly = "application/vnd.plotly.v1+json";

/** The pixels of a PNG of one IDAT chunk, as its rows. */
function rowsOf(base64: string): Buffer {
  const png = Buffer.from(base64, "base64");
  const start = png.indexOf("IDAT") + 4;
  return inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
}

/** Whether two PNGs show the same: how well the pixels are packed differs from one version of Node to another. */
function showTheSame(one: string, other: string): boolean {
  return one === other || rowsOf(one).equals(rowsOf(other));
}

async function redrawn(output: Output): Promise<Output> {
  const data = output.data as Record<string, unknown> | undefined;
  const stored = data?.["image/png"];
  if (!data?.[plotly] || typeof stored !== "string") return output;
  const { data: traces, layout } = data[plotly] as Pick<FigureSpec, "data" | "layout">;
  const figure = new Figure({
    data: traces,
    layout,
    description: [data["text/plain"]].flat().join(""),
  });
  const bundle = await figure.toBundle();
  const drawn = bundle["image/png"] as string;
  return {
    ...output,
    data: { ...data, "image/png": showTheSame(stored, drawn) ? stored : drawn },
    metadata: { ...(output.metadata as object), ...bundle[bundleMetadata] },
  };
}

/**
 * The notebook with the pictures, and what is said about them, that the code makes today of its figures' JSON. So
 * kept outputs are never out of step with the code that draws, and no cell need run for it.
 */
export async function redrawPictures(notebook: Notebook): Promise<Notebook> {
  const cells = [];
  for (const cell of notebook.cells) {
    const outputs = [];
    // One by one: the time that a picture may take to be drawn includes its wait for those before it.
    for (const output of cell.outputs ?? []) outputs.push(await redrawn(output));
    cells.push(cell.outputs ? { ...cell, outputs } : cell);
  }
  return { ...notebook, cells };
}
