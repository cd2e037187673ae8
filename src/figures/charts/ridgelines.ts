import { binCounts, moments } from "../../tensor/statistics";
import { checkOptions, checkPositiveInteger, checkText, type OptionChecks } from "../../tensor/validate";
import { clippedNote, withNotes } from "../clipped";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { axisOptions, checkList, checkRange, headingOptions, withParts } from "../options";
import { axesOf, panelLayout, panelTitles, titleOf } from "../panels";
import { stylesFor } from "../theme";
import { inWords, listed } from "../words";
import { checkSample } from "./histogram";

/** A panel of histograms, one above the other. */
export interface RidgePanel {
  /** A method's name gives the panel that method's colour. */
  name: string;
  /** From the top of the picture to the bottom. */
  rows: readonly { name: string; values: ArrayLike<number> }[];
}

export interface RidgelinesOptions {
  title: string;
  caption?: string;
  xTitle: string;
  yTitle: string;
  /** First and last edge of the bins, the same in all panels; one [low, high] for each panel is also possible. */
  range: readonly [number, number] | readonly (readonly [number, number])[];
  bins?: number;
  description?: string;
}

const panelParts = withParts<RidgePanel>({
  name: { required: checkText },
  rows: { required: (argument, value) => checkList(argument, value, "at least one row", checkSample) },
});

const ridgelinesOptions: OptionChecks<RidgelinesOptions> = {
  ...headingOptions,
  ...axisOptions,
  range: {
    required(argument, value) {
      const isList = Array.isArray(value) && value.length > 0 && Array.isArray(value[0]);
      for (const range of isList ? value : [value]) checkRange(argument, range);
    },
  },
  bins: checkPositiveInteger,
};

/** Height of the tallest bin of a row, in distances between rows. */
const reach = 1.7;

/**
 * Histograms of many layers as ridges, a panel for each network. Each ridge is scaled to the same height:
 * it shows a shape, not a size. A value outside the range is in no bin.
 */
export function ridgelines(panels: readonly RidgePanel[], options: RidgelinesOptions): Figure {
  checkOptions("ridgelines", options, ridgelinesOptions);
  checkList("ridgelines: panels", panels, "at least one, each with at least one row", panelParts);
  const { bins = 50 } = options;
  const rangeOf = (i: number) =>
    (typeof options.range[0] === "number" ? options.range : options.range[i]) as [number, number];
  const styles = stylesFor(panels.map(({ name }) => name));
  const count = Math.max(...panels.map(({ rows }) => rows.length));

  const data = panels.flatMap(({ rows }, i): Trace[] => {
    const [low, high] = rangeOf(i);
    const width = (high - low) / bins;
    const { x, y } = axesOf(i);
    return rows.map(({ name, values }, k) => {
      const counts = binCounts(values, { min: low, max: high, bins });
      const tallest = Math.max(...counts) || 1;
      const floor = count - 1 - k;
      const heights = counts.map((count) => Number((floor + (reach * count) / tallest).toFixed(3)));
      return {
        type: "scatter",
        mode: "lines",
        name,
        x: [low, ...counts.map((_, bin) => Number((low + (bin + 0.5) * width).toPrecision(5))), high],
        y: [floor, ...heights, floor],
        xaxis: x,
        yaxis: y,
        // Later rows lie in front of earlier ones.
        fill: "toself",
        fillcolor: `${styles[i].color}55`,
        line: { color: styles[i].color, width: 1.2 },
        showlegend: false,
        hovertemplate: `${titleOf(panels[i].name)}, ${name}<br>%{x:.3g}<extra></extra>`,
      };
    });
  });
  const labels = panels[0].rows.map(({ name }) => name);
  const layout = panelLayout(
    panels.map(({ name }) => name),
    {
      x: { title: { text: options.xTitle } },
      y: {
        title: { text: options.yTitle },
        tickmode: "array",
        tickvals: labels.map((_, k) => count - 1 - k),
        ticktext: labels,
        range: [-0.15, count - 1 + reach + 0.1],
        ticks: "",
        ticklabelstandoff: 6,
        showline: false,
      },
    },
  );
  for (const i of panels.keys()) Object.assign(layout[axesOf(i).xaxis] as object, { range: rangeOf(i) });
  const head = heading(options.title, withNotes(options.caption, ...cutOff(panels, options)), panelTitles);
  return new Figure({
    data,
    layout: { ...head, ...layout, height: 128 + head.margin.t + 30 * count },
    description: options.description ?? `${options.title}: ${describe(panels)}`,
  });
}

/** What the panels leave out: of all if they have one range, else panel by panel. */
function cutOff(panels: readonly RidgePanel[], { xTitle, range }: RidgelinesOptions): string[] {
  const valuesOf = ({ rows }: RidgePanel) => rows.flatMap(({ values }) => Array.from(values));
  if (typeof range[0] === "number") {
    return [clippedNote(xTitle, panels.flatMap(valuesOf), range as [number, number])];
  }
  const ranges = range as readonly (readonly [number, number])[];
  return panels.map((panel, i) => clippedNote(titleOf(panel.name), valuesOf(panel), ranges[i]));
}

/** Spread of the first and the last row of each panel. */
function describe(panels: readonly RidgePanel[]): string {
  const spread = (values: ArrayLike<number>) => inWords(moments(values).deviation);
  const sentences = panels.map(({ name, rows }) => {
    const [first, last] = [rows[0], rows[rows.length - 1]];
    return (
      `${titleOf(name)}, standard deviation ${spread(first.values)} (${first.name}) ` +
      `to ${spread(last.values)} (${last.name})`
    );
  });
  return `histograms in ${panels[0].rows.length} rows; ${listed(sentences)}.`;
}
