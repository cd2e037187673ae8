/** The drawing thread: Plotly in a simulated browser window makes the SVG, resvg the PNG. */
import { parentPort } from "node:worker_threads";
import { Resvg } from "@resvg/resvg-js";
import type { DrawReply, DrawRequest, Picture } from "./picture";
import { fontFiles } from "./fonts";
import { drawSvg } from "./plotly";
import { encodePng } from "./png";
import { drawTableSvg } from "./tableSvg";

function toPng(svg: string, scale: number): Uint8Array {
  const resvg = new Resvg(svg, {
    background: "#ffffff",
    imageRendering: 1, // crisp cells in heatmaps, not blurred ones
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "DejaVu Sans" },
  });
  const { width, height, pixels } = resvg.render();
  return encodePng(width, height, pixels);
}

async function draw(request: DrawRequest): Promise<Picture> {
  const svg = "table" in request ? drawTableSvg(request.table) : await drawSvg(request.figure);
  return { svg, png: toPng(svg, request.scale) };
}

// One after the other: Plotly's random numbers are reseeded for each figure.
let queue: Promise<void> = Promise.resolve();
parentPort?.on("message", (request: DrawRequest) => {
  queue = queue.then(async () => {
    let reply: DrawReply;
    try {
      reply = { id: request.id, ...(await draw(request)) };
    } catch (error) {
      reply = { id: request.id, error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(reply);
  });
});
