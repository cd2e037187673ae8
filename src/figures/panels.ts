/** Small multiples: several panels side by side that share one vertical axis, so that eyes can compare. */
import type { Layout } from "./figure";
import { methodColors, methodOf, methodTitles } from "./theme";

/** Names of the axes of panel i as traces ("x2") and as layouts ("xaxis2") call them. */
export const axesOf = (i: number): { x: string; y: string; xaxis: string; yaxis: string } => {
  const number = i === 0 ? "" : String(i + 1);
  return { x: `x${number}`, y: `y${number}`, xaxis: `xaxis${number}`, yaxis: `yaxis${number}` };
};

/** "batchNorm" as "batch norm"; any other name as it is. */
export const titleOf = (name: string): string => {
  const method = methodOf(name);
  return method === name ? methodTitles[method] : name;
};

const colorOf = (name: string): string => {
  const method = methodOf(name);
  return method ? methodColors[method] : "#222222";
};

/**
 * Axes and titles of panels in a row. `x` and `y` style every panel's axes; the vertical axis is labelled
 * at the first panel alone, and zooming moves all together.
 */
export function panelLayout(
  names: readonly string[],
  { x, y, right = 1, gap = 0.035 }: { x: Layout; y: Layout; right?: number; gap?: number },
): Layout {
  const width = (right - gap * (names.length - 1)) / names.length;
  const layout: Layout = {};
  const annotations: Layout[] = names.map((name, i) => ({
    text: `<b>${titleOf(name)}</b>`,
    xref: `${axesOf(i).x} domain`,
    yref: `${axesOf(i).y} domain`,
    x: 0.5,
    y: 1,
    yanchor: "bottom",
    yshift: 3,
    showarrow: false,
    font: { size: 13, color: colorOf(name) },
  }));
  for (const i of names.keys()) {
    const { x: xName, y: yName, xaxis, yaxis } = axesOf(i);
    const left = i * (width + gap);
    // Rounding would otherwise reach past 1, which Plotly refuses by ignoring the domain.
    layout[xaxis] = { ...x, domain: [left, Math.min(1, left + width)], anchor: yName };
    layout[yaxis] = {
      ...y,
      anchor: xName,
      ...(i > 0 && { matches: "y", showticklabels: false, title: { text: "" } }),
    };
  }
  return { ...layout, annotations };
}
