/** Small multiples: several panels side by side, so that eyes can compare. */
import type { Layout } from "./figure";
import { methodOf, methods } from "./theme";

/** Names of the axes of panel i as traces ("x2") and as layouts ("xaxis2") call them. */
export const axesOf = (i: number): { x: string; y: string; xaxis: string; yaxis: string } => {
  const number = i === 0 ? "" : String(i + 1);
  return { x: `x${number}`, y: `y${number}`, xaxis: `xaxis${number}`, yaxis: `yaxis${number}` };
};

/** Pixels that titles of panels need between the heading and the plot. */
export const panelTitles = 22;

/** "batchNorm" as "batch norm"; any other name as it is. */
export const titleOf = (name: string): string => {
  const method = methodOf(name);
  return method === name ? methods[method].title : name;
};

const colorOf = (name: string): string => {
  const method = methodOf(name);
  return method ? methods[method].color : "#222222";
};

/** Where `count` panels in a row begin and end, in shares of the plot's width, up to `right`. */
export function columnsOf(count: number, gap: number, right = 1): [number, number][] {
  const width = (right - gap * (count - 1)) / count;
  // Rounding would otherwise reach past 1, which Plotly refuses by ignoring the domain.
  return Array.from({ length: count }, (_, i) => {
    const left = i * (width + gap);
    return [left, Math.min(1, left + width)];
  });
}

/** A panel's title, above its top left corner (x, y) in shares of the plot, with a line of small print below it. */
export function panelTitle(
  { title, note, x, y }: { title: string; note?: string; x: number; y: number },
  look: Layout = {},
): Layout {
  const small = note === undefined ? "" : `<br><span style="font-size:11px;color:#5a5a5a">${note}</span>`;
  return {
    text: `<b>${title}</b>${small}`,
    xref: "paper",
    yref: "paper",
    x,
    y,
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    ...look,
  };
}

/**
 * Axes and titles of panels in a row with one vertical axis, or one each with `ownRanges`. `x` and `y` style every
 * panel's axes; the vertical axis is labelled at the first panel alone, and zooming moves all that share it together.
 */
export function panelLayout(
  names: readonly string[],
  {
    x,
    y,
    right = 1,
    gap = 0.035,
    ownRanges = false,
  }: { x: Layout; y: Layout; right?: number; gap?: number; ownRanges?: boolean },
): Layout {
  const columns = columnsOf(names.length, gap, right);
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
    layout[xaxis] = { ...x, domain: columns[i], anchor: yName };
    layout[yaxis] = {
      ...y,
      anchor: xName,
      ...(i > 0 && { title: { text: "" } }),
      ...(i > 0 && !ownRanges && { matches: "y", showticklabels: false }),
    };
  }
  return { ...layout, annotations };
}
