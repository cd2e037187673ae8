import { checkOptions, checkText, isObject, type OptionChecks, refuse } from "../../tensor/validate";
import { Figure, type Layout, type Trace } from "../figure";
import { checkList, withParts } from "../options";
import { inWords } from "../words";
import { commonAxes, commonColors } from "./commonAxes";
import { sliderHeight, sliderName } from "./still";

/** A place of the slider, and the figure that is seen there. */
export interface SliderFrame {
  value: number | string;
  figure: Figure;
}

export interface SliderOptions {
  /** What changes, as the slider calls it: "batch size N". */
  label: string;
  /** Written behind each value: "%". */
  unit?: string;
  /** The value that is seen first, and in the static picture; the first frame's when left out. */
  initial?: number | string;
}

const frameParts = withParts<SliderFrame>({
  value: {
    required(argument, value) {
      if (typeof value !== "string" && !Number.isFinite(value)) {
        refuse(argument, value, "a finite number or a text");
      }
    },
  },
  figure: {
    required(argument, value) {
      if (!(value instanceof Figure)) refuse(argument, value, "a figure");
    },
  },
});

const sliderOptions: OptionChecks<SliderOptions> = {
  label: { required: checkText },
  unit: checkText,
  initial: true,
};

const superscripts: Record<string, string> = Object.fromEntries(
  Array.from("-0123456789", (sign, i) => [sign, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]),
);

/** 1e-8 as "10⁻⁸", 0.25 as "2.5·10⁻¹". */
function inPowers(value: number): string {
  const [mantissa, exponent] = Number(value.toPrecision(4)).toExponential().split("e");
  const power = `10${Array.from(exponent.replace("+", ""), (sign) => superscripts[sign]).join("")}`;
  if (Number(exponent) === 0) return mantissa;
  return mantissa === "1" ? power : `${mantissa}·${power}`;
}

/** How the values are written; in powers of ten if one of them has to be, for two spellings are hard to compare. */
function labelsOf(values: readonly (number | string)[]): string[] {
  const powers = values.some((value) => typeof value === "number" && inWords(value).includes("e"));
  return values.map((value) => {
    if (typeof value === "string") return value;
    return (powers && value !== 0 ? inPowers(value) : inWords(value)).replace("-", "−");
  });
}

/** What two figures must have in common for one to turn into the other: their traces' kinds and places. */
const outline = ({ data }: Figure): string =>
  JSON.stringify(data.map(({ type = "scatter", xaxis = "x", yaxis = "y" }) => [type, xaxis, yaxis]));

function checkFrames(frames: readonly SliderFrame[]): void {
  checkList("withSlider: frames", frames, "at least two, each { value, figure }", frameParts);
  if (frames.length < 2) refuse("withSlider: frames", frames, "at least two, each { value, figure }");
  const [first] = frames;
  const labels = labelsOf(frames.map(({ value }) => value));
  for (const [i, { value, figure }] of frames.entries()) {
    if (labels.indexOf(labels[i]) < i) {
      refuse(`withSlider: frames[${i}].value`, value, "another than those before it");
    }
    if (outline(figure) !== outline(first.figure)) {
      const types = (of: Figure) => of.data.map(({ type = "scatter" }) => type).join(", ");
      throw new RangeError(
        `withSlider: frames[${i}].figure has the traces ${types(figure)}; they must be like the first figure's: ` +
          `${types(first.figure)}, in the same panels.`,
      );
    }
    if (figure.layout.sliders) refuse(`withSlider: frames[${i}].figure`, "one with a slider", "one without");
  }
}

/** Every value of a tree of objects under its path, "line.color"; a list is a value. */
function leaves(tree: object, path = ""): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    isObject(value) ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  );
}

/** The paths at which some of the trees differ from the first. */
function changing(trees: readonly object[]): string[] {
  const maps = trees.map(
    (tree) => new Map(leaves(tree).map(([path, value]) => [path, JSON.stringify(value)])),
  );
  const paths = new Set(maps.flatMap((map) => [...map.keys()]));
  return [...paths].filter((path) => maps.some((map) => map.get(path) !== maps[0].get(path)));
}

const valueAt = (tree: object, path: string): unknown =>
  path.split(".").reduce((at: unknown, key) => (isObject(at) ? at[key] : undefined), tree) ?? null;

/** What Plotly's "update" is told at each place: new values for what changes in traces and in the layout. */
function updates(traces: readonly (readonly Trace[])[], layouts: readonly Layout[]): unknown[][] {
  const numbers = traces[0].map((_, i) => i);
  const changes = numbers.map((i) => changing(traces.map((frame) => frame[i])));
  const moving = numbers.filter((i) => changes[i].length > 0);
  const tracePaths = [...new Set(changes.flat())];
  const layoutPaths = changing(layouts);
  return traces.map((frame, k) => [
    Object.fromEntries(tracePaths.map((path) => [path, moving.map((i) => valueAt(frame[i], path))])),
    Object.fromEntries(layoutPaths.map((path) => [path, valueAt(layouts[k], path)])),
    moving,
  ]);
}

/** A figure's layout with the room that a slider takes above the plot. */
function withRoom(layout: Layout): Layout {
  const { margin, height } = layout as { margin: { t: number }; height: number };
  return { ...layout, margin: { ...margin, t: margin.t + sliderHeight }, height: height + sliderHeight };
}

/** Pixels between the plot and its slider: more where panels have titles. */
function gapAbove(layouts: readonly Layout[]): number {
  const notes = layouts.flatMap(({ annotations = [] }) => annotations as readonly Layout[]);
  return notes.some(({ y, yanchor }) => y === 1 && yanchor === "bottom") ? 32 : 14;
}

/** For whom there is no slider: what is seen at the place it starts from and at its ends. */
function describe(
  frames: readonly SliderFrame[],
  labels: readonly string[],
  active: number,
  { label, unit }: SliderOptions,
): string {
  const named = (i: number) => `${labels[i]}${unit ? ` ${unit}` : ""}`;
  const values = `${labels.join(", ")}${unit ? ` ${unit}` : ""}`;
  const places = [...new Set([active, 0, frames.length - 1])];
  const seen = places.map((i) => `At ${named(i)}: ${frames[i].figure.description}`);
  return `A slider sets ${label} to one of ${values}. ${seen.join(" ")}`;
}

/**
 * One figure of several, with a slider that goes from one to the next: `withSlider([{ value, figure }, …], { label })`.
 *
 * The slider is Plotly's own and needs no kernel: all figures are in it, as what differs from the first. They must have
 * the same kinds of traces in the same panels. Axes (and a heatmap's colours) are given the range that all figures need
 * together, so that what moves is what changed. A static picture shows the figure at `initial` and names its value.
 *
 * @throws RangeError on fewer than two frames, on frames whose traces differ in number, type or panel, on a value that
 * comes twice, and on an `initial` that is none of the values.
 */
export function withSlider(frames: readonly SliderFrame[], options: SliderOptions): Figure {
  checkOptions("withSlider", options, sliderOptions);
  checkFrames(frames);
  const { label, unit, initial = frames[0].value } = options;
  const active = frames.findIndex(({ value }) => value === initial);
  const labels = labelsOf(frames.map(({ value }) => value));
  if (active < 0) refuse("withSlider: initial", initial, `one of the values ${labels.join(", ")}`);
  const traces = commonColors(frames.map(({ figure }) => figure));
  const layouts = commonAxes(frames.map(({ figure }) => figure)).map(withRoom);
  const args = updates(traces, layouts);
  const slider = {
    name: sliderName,
    active,
    x: 0,
    len: 1,
    y: 1,
    yanchor: "bottom",
    pad: { t: 0, b: gapAbove(layouts), l: 0, r: 0 },
    currentvalue: { prefix: `${label}: `, suffix: unit ? ` ${unit}` : "", font: { size: 13 }, offset: 8 },
    font: { size: 11 },
    ticklen: 4,
    minorticklen: 0,
    bgcolor: "#e6e6e6",
    bordercolor: "#8a8a8a",
    transition: { duration: 0 },
    steps: labels.map((label, i) => ({ label, method: "update", args: args[i] })),
  };
  const traced = frames.filter(({ figure }) => Object.keys(figure.provenance).length > 0);
  return new Figure({
    data: traces[active],
    layout: { ...layouts[active], sliders: [slider] },
    description: describe(frames, labels, active, options),
    ...(traced.length > 0 && {
      provenance: { frames: traced.map(({ value, figure }) => ({ value, ...figure.provenance })) },
    }),
  });
}
