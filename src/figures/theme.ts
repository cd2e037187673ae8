/**
 * One look for every figure of the course.
 *
 * Each method keeps one colour and one marker from the first lesson to the last. The colours are those of
 * Okabe and Ito, "Color Universal Design" (2008), and of Paul Tol's "muted" scheme (technical note
 * SRON/EPS/TN/09-002): they stay apart for readers with the common kinds of colour blindness, and the
 * markers tell the curves apart in black and white.
 */
import { isObject } from "../tensor/validate";

/** The font that both the browser and the static pictures use; its file comes with the package. */
export const fontFamily: string = "DejaVu Sans, Verdana, sans-serif";

/** Width of a picture in pixels when its layout names none (the notebook itself stretches figures). */
export const defaultWidth: number = 760;
export const defaultHeight: number = 420;

/**
 * The methods under the names by which the course knows them: how each is written in a legend or a table, its colour,
 * and its marker, so that colour is never the only difference.
 */
export const methods = {
  none: { title: "no normalization", color: "#222222", symbol: "x" },
  batchNorm: { title: "batch norm", color: "#0072b2", symbol: "circle" },
  layerNorm: { title: "layer norm", color: "#d55e00", symbol: "square" },
  instanceNorm: { title: "instance norm", color: "#009e73", symbol: "triangle-up" },
  groupNorm: { title: "group norm", color: "#cc79a7", symbol: "diamond" },
  rmsNorm: { title: "RMSNorm", color: "#e69f00", symbol: "triangle-down" },
  weightNorm: { title: "weight norm", color: "#56b4e9", symbol: "pentagon" },
  dyt: { title: "DyT", color: "#882255", symbol: "star" },
  switchableNorm: { title: "switchable norm", color: "#999933", symbol: "hexagram" },
} as const;

/** The names under which the course knows its methods. */
export type MethodName = keyof typeof methods;

const ofMethods = (property: "title" | "color" | "symbol") =>
  Object.fromEntries(Object.entries(methods).map(([name, look]) => [name, look[property]])) as Record<
    MethodName,
    string
  >;
/** The colour of each method, the same in every figure. */
export const methodColors: Record<MethodName, string> = ofMethods("color");
/** The marker of each method. */
export const methodSymbols: Record<MethodName, string> = ofMethods("symbol");
/** How a method is written in a legend or a table. */
export const methodTitles: Record<MethodName, string> = ofMethods("title");

/** Colours for things that are not methods, in this order. */
export const otherColors: string[] = ["#332288", "#117733", "#aa4499", "#44aa99", "#661100", "#6699cc"];
const otherSymbols = ["cross", "bowtie", "hourglass", "star-diamond", "hexagon", "octagon"];

/** Sequential colours for heatmaps: dark is much. Perceptually even and safe for colour-blind readers. */
export const sequentialScale: [number, string][] = [
  [0, "#ffffff"],
  [0.25, "#c6dbef"],
  [0.5, "#6baed6"],
  [0.75, "#2171b5"],
  [1, "#08306b"],
];

/** Diverging colours around zero: blue below, white at zero, orange above. */
export const divergingScale: [number, string][] = [
  [0, "#0b4f8a"],
  [0.25, "#7fb6dc"],
  [0.5, "#ffffff"],
  [0.75, "#f5a86b"],
  [1, "#a03c00"],
];

/**
 * The method that a label speaks of: "batchNorm", "Batch norm" and "batch norm, learning rate ×5" are all
 * batch norm. Undefined when it names none.
 */
export function methodOf(label: string): MethodName | undefined {
  const letters = label.toLowerCase().replace(/[^a-z]/g, "");
  if (/^(none|nonorm|without|baseline)/.test(letters)) return "none";
  const names = Object.keys(methods) as MethodName[];
  return names.find((name) => name !== "none" && letters.startsWith(name.toLowerCase()));
}

/** Colour, marker and title for each label: those of its method, or the next free ones. */
export function stylesFor(labels: readonly string[]): { color: string; symbol: string; title: string }[] {
  let free = 0;
  return labels.map((label) => {
    const method = methodOf(label);
    if (method) return { ...methods[method], ...(label !== method && { title: label }) };
    const index = free++ % otherColors.length;
    return { color: otherColors[index], symbol: otherSymbols[index], title: label };
  });
}

const axis = {
  automargin: true,
  ticks: "outside",
  ticklen: 4,
  tickcolor: "#8a8a8a",
  linecolor: "#8a8a8a",
  showline: true,
  zeroline: false,
  gridcolor: "#e6e6e6",
  title: { standoff: 10, font: { size: 13 } },
  tickfont: { size: 12 },
};

type Json = Record<string, unknown>;

/** `over` wins over `base`, object by object. */
function merge(base: Json, over: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return result;
}

/** A layout with the theme beneath it: every axis it names (at least `xaxis` and `yaxis`) is styled. */
export function themedLayout(layout: Json): Json {
  const base: Json = {
    font: { family: fontFamily, size: 13, color: "#222222" },
    title: { x: 0.02, xanchor: "left", font: { size: 16 } },
    height: defaultHeight,
    margin: { l: 64, r: 24, t: 64, b: 56 },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    colorway: otherColors,
    legend: { bgcolor: "rgba(255,255,255,0.85)", font: { size: 12 } },
    hoverlabel: { font: { family: fontFamily } },
    xaxis: axis,
    yaxis: axis,
  };
  for (const key of Object.keys(layout)) if (/^[xy]axis\d*$/.test(key)) base[key] = axis;
  return merge(base, layout);
}
