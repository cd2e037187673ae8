// Draws the PNGs of the kernel's logo, which Jupyter wants beside the SVG: `node scripts/logo.mjs`, after a change.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";

const folder = new URL("../jupyter/share/jupyter/kernels/tslab/", import.meta.url);

export const sizes = [32, 64];
/** Where the logo of that size is kept. */
export const logoFile = (size) => new URL(`logo-${size}x${size}.png`, folder);

/** The logo as PNG bytes, `size` pixels wide and high. */
export function drawLogo(size) {
  const svg = readFileSync(new URL("logo-svg.svg", folder), "utf8");
  return new Resvg(svg, { fitTo: { mode: "width", value: size } }).render().asPng();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const size of sizes) writeFileSync(logoFile(size), drawLogo(size));
}
