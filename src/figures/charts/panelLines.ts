import { checkFinite, checkOptions, checkText, oneOf, type OptionChecks } from "../../tensor/validate";
import { axisOf } from "../axis";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { checkList, withParts } from "../options";
import { axesOf, panelLayout, panelTitles, titleOf } from "../panels";
import { rounded } from "../rounded";
import { methodOf, methods, otherColors, stylesFor } from "../theme";
import { inWords, listed } from "../words";
import { band, checkSeries, type LinesOptions, linesOptions, type Series } from "./lines";

/** Curves of one panel. */
export interface LinePanel {
  /** A method's name gives the panel that method's colour. */
  name: string;
  series: readonly Series[];
}

export interface PanelLinesOptions extends LinesOptions {
  /** A horizontal line to compare with, and what it says. */
  reference?: { y: number; text: string };
  /**
   * How the curves of a panel are told apart. "panel" (if left out) gives all the panel's own colour; "series"
   * gives each the colour of the method it is named after, or a free one; "depth" goes from light (the first)
   * to dark (the last). The last two name the curves in a legend.
   */
  colors?: "panel" | "series" | "depth";
}

const referenceOptions: OptionChecks<NonNullable<PanelLinesOptions["reference"]>> = {
  y: { required: checkFinite },
  text: { required: checkText },
};

const panelParts = withParts<LinePanel>({
  name: { required: checkText },
  series: { required: (argument, value) => checkList(argument, value, "at least one curve", checkSeries) },
});

const panelLinesOptions: OptionChecks<PanelLinesOptions> = {
  ...linesOptions,
  reference: (argument, value) => checkOptions(argument, value, referenceOptions, argument),
  colors: oneOf("panel", "series", "depth"),
};

/** From light to dark: the first of `count` curves to the last. Purple to yellow would vanish on white. */
function depthColor(k: number, count: number): string {
  const t = count < 2 ? 1 : k / (count - 1);
  const mix = (from: number, to: number) => Math.round(from + (to - from) * t);
  const hex = (part: number) => part.toString(16).padStart(2, "0");
  return `#${hex(mix(244, 63))}${hex(mix(165, 0))}${hex(mix(96, 92))}`;
}

/** Curves in panels side by side with one vertical axis. */
export function panelLines(panels: readonly LinePanel[], options: PanelLinesOptions): Figure {
  checkOptions("panelLines", options, panelLinesOptions);
  checkList("panelLines: panels", panels, "at least one, each with at least one curve", panelParts);
  const { colors = "panel" } = options;
  const names = panels.map(({ name }) => name);
  const data = panels.flatMap(({ name, series }, i): Trace[] => {
    const method = methodOf(name);
    const own = method ? methods[method].color : otherColors[i % otherColors.length];
    const styles = stylesFor(series.map((one) => one.name));
    return series.flatMap((one, k) => {
      const color = { panel: own, series: styles[k].color, depth: depthColor(k, series.length) }[colors];
      const x = one.x ? Array.from(one.x) : Array.from(one.y, (_, n) => n);
      const axes = { xaxis: axesOf(i).x, yaxis: axesOf(i).y };
      return [
        ...band(
          { name: one.name, low: one.low && rounded(one.low), high: one.high && rounded(one.high) },
          x,
          color,
        ).map((trace) => ({
          ...trace,
          ...axes,
        })),
        {
          type: "scatter",
          mode: one.markers ? "lines+markers" : "lines",
          name: styles[k].title,
          legendgroup: one.name,
          x,
          y: rounded(one.y),
          line: { color, width: colors === "depth" ? 1.4 : 1.8, dash: one.dash ?? "solid" },
          marker: { color, size: 6 },
          showlegend: colors !== "panel" && i === 0,
          hovertemplate: `${titleOf(name)}, ${styles[k].title}<br>%{x}: %{y:.4g}<extra></extra>`,
          ...axes,
        },
      ];
    });
  });
  const values = panels.flatMap(({ series }) => series.flatMap(({ y }) => Array.from(y)));
  const layout = panelLayout(names, {
    x: axisOf(options.xTitle, options.xScale, options.xRange),
    y: axisOf(options.yTitle, options.yScale, options.yRange, values),
  });
  const { reference } = options;
  if (reference) {
    layout.shapes = names.map((_, i) => ({
      type: "line",
      xref: `${axesOf(i).x} domain`,
      yref: axesOf(i).y,
      x0: 0,
      x1: 1,
      y0: reference.y,
      y1: reference.y,
      line: { color: "#8a8a8a", width: 1.2, dash: "dash" },
    }));
    (layout.annotations as object[]).push({
      text: reference.text,
      xref: `${axesOf(names.length - 1).x} domain`,
      yref: "y",
      x: 0.98,
      y: options.yScale === "log" ? Math.log10(reference.y) : reference.y,
      xanchor: "right",
      yanchor: "bottom",
      showarrow: false,
      font: { size: 11, color: "#5a5a5a" },
    });
  }
  const head = heading(options.title, options.caption, panelTitles);
  return new Figure({
    data,
    layout: {
      ...head,
      ...layout,
      height: 318 + head.margin.t,
      showlegend: colors !== "panel",
      legend: { orientation: "h", x: 0, y: -0.22, yanchor: "top" },
    },
    description:
      options.description ??
      `${options.title}: ${options.yTitle} against ${options.xTitle}; ${words(panels)}`,
  });
}

function words(panels: readonly LinePanel[]): string {
  const sentences = panels.map(({ name, series }) => {
    const ends = series.map(
      ({ name: label, y }) => `${label} from ${inWords(y[0])} to ${inWords(y[y.length - 1])}`,
    );
    const shown = ends.length > 3 ? [ends[0], ends[ends.length - 1]] : ends;
    return `${titleOf(name)}: ${listed(shown)}`;
  });
  return `${sentences.join("; ")}.`;
}
