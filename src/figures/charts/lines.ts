import {
  type Check,
  checkBoolean,
  checkOptions,
  checkText,
  oneOf,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { axisOf, axisOfChosen } from "../axis";
import { clippedNote, withNotes } from "../clipped";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import {
  axisOptions,
  checkList,
  checkNumbers,
  checkRange,
  checkScale,
  headingOptions,
  withParts,
} from "../options";
import { stylesFor } from "../theme";
import { inWords, listed } from "../words";

/** One curve; `low` and `high` draw a band around it (several seeds, percentiles). */
export interface Series {
  /** A method's name ("batchNorm") gets its colour and title; any other label gets a free colour. */
  name: string;
  /** Where the points lie; 0, 1, 2, … when left out. */
  x?: ArrayLike<number>;
  y: ArrayLike<number>;
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  dash?: "solid" | "dash" | "dot" | "dashdot";
  markers?: boolean;
}

export interface LinesOptions {
  title: string;
  caption?: string;
  /** Axis titles, with units. */
  xTitle: string;
  yTitle: string;
  xScale?: "linear" | "log";
  yScale?: "linear" | "log";
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Words for text/plain; by default they name the curves, where each starts and where it ends. */
  description?: string;
}

export const linesOptions: OptionChecks<LinesOptions> = {
  ...headingOptions,
  ...axisOptions,
  xScale: checkScale,
  yScale: checkScale,
  xRange: checkRange,
  yRange: checkRange,
};

const seriesParts = withParts<Series>({
  name: { required: checkText },
  x: checkNumbers,
  y: { required: checkNumbers },
  low: checkNumbers,
  high: checkNumbers,
  dash: oneOf("solid", "dash", "dot", "dashdot"),
  markers: checkBoolean,
});

/** Refuses a curve that can't be drawn. */
export const checkSeries: Check = (argument, value) => {
  seriesParts(argument, value);
  const series = value as Series;
  for (const part of ["x", "low", "high"] as const) {
    if (series[part] && series[part].length !== series.y.length) {
      refuse(`${argument}.${part}`, series[part], `as long as its y: ${series.y.length}`);
    }
  }
};

/** The area between `low` and `high`, if the series has them; it comes and goes with its curve. */
export function band(
  { name, low, high }: { name: string; low?: ArrayLike<number | null>; high?: ArrayLike<number | null> },
  x: readonly number[],
  color: string,
): Trace[] {
  if (!low || !high) return [];
  return [
    {
      type: "scatter",
      mode: "lines",
      x: [...x, ...[...x].reverse()],
      y: [...Array.from(high), ...Array.from(low).reverse()],
      fill: "toself",
      fillcolor: `${color}30`,
      line: { width: 0 },
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: name,
    },
  ];
}

/** Curves over a common axis, each method in its own colour. */
export function lines(series: readonly Series[], options: LinesOptions): Figure {
  checkOptions("lines", options, linesOptions);
  checkList("lines: series", series, "at least one curve", checkSeries);
  const styles = stylesFor(series.map(({ name }) => name));
  const data = series.flatMap((one, i): Trace[] => {
    const { color, symbol, title } = styles[i];
    const x = one.x ? Array.from(one.x) : Array.from(one.y, (_, k) => k);
    return [
      ...band(one, x, color),
      {
        type: "scatter",
        mode: one.markers ? "lines+markers" : "lines",
        name: title,
        legendgroup: one.name,
        x,
        y: one.y,
        line: { color, width: 2, dash: one.dash ?? "solid" },
        marker: { color, symbol, size: 7 },
      },
    ];
  });
  const ends = series.map(
    ({ y }, i) => `${styles[i].title} from ${inWords(y[0])} to ${inWords(y[y.length - 1])}`,
  );
  const valuesOf = (key: "x" | "y") => data.flatMap((trace) => Array.from(trace[key] as ArrayLike<number>));
  const [x, y] = [valuesOf("x"), valuesOf("y")];
  return new Figure({
    data,
    layout: {
      ...heading(
        options.title,
        withNotes(
          options.caption,
          clippedNote(options.xTitle, x, options.xRange),
          clippedNote(options.yTitle, y, options.yRange),
        ),
      ),
      xaxis: axisOfChosen(options.xTitle, options.xScale, options.xRange, x),
      yaxis: axisOf(options.yTitle, options.yScale, options.yRange, y),
      showlegend: series.length > 1,
    },
    description:
      options.description ??
      `${options.title}: ${options.yTitle} against ${options.xTitle}, as ${series.length > 1 ? "curves" : "a curve"}: ${listed(ends)}.`,
  });
}
