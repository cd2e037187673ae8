import { median } from "../../tensor/statistics";
import { checkOptions, checkText, type OptionChecks, refuse } from "../../tensor/validate";
import { axisOf } from "../axis";
import { clippedNote, withNotes } from "../clipped";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import {
  axisOptions,
  checkList,
  checkNumbers,
  checkRange,
  checkScale,
  checkTexts,
  headingOptions,
  withParts,
} from "../options";
import { rounded } from "../rounded";
import { stylesFor } from "../theme";
import { inWords, listed } from "../words";

/** The values of one kind, a list of them for each of the chart's groups. */
export interface Strips {
  /** A method's name ("batchNorm") gets its colour, marker and title; any other label free ones. */
  name: string;
  values: readonly ArrayLike<number>[];
}

export interface StripsOptions {
  title: string;
  caption?: string;
  /** Axis titles, with units. */
  xTitle: string;
  yTitle: string;
  /** What the groups are called, from left to right: "× 1", "× 5". */
  groups: readonly string[];
  yScale?: "linear" | "log";
  yRange?: readonly [number, number];
  description?: string;
}

const stripsParts = withParts<Strips>({
  name: { required: checkText },
  values: {
    required: (argument, value) => checkList(argument, value, "a list for each group", checkNumbers),
  },
});

const stripsOptions: OptionChecks<StripsOptions> = {
  ...headingOptions,
  ...axisOptions,
  groups: { required: checkTexts },
  yScale: checkScale,
  yRange: checkRange,
};

/** Share of the distance between two groups that the strips of a group fill. */
const filled = 0.8;

/**
 * All values one by one, for a few groups of a few kinds: a strip of points for each kind, side by side in each group,
 * with a bar at its median. No point hides another: within a strip they stand in a row.
 *
 * @throws RangeError when a kind has not one list for each of the groups.
 */
export function strips(kinds: readonly Strips[], options: StripsOptions): Figure {
  checkOptions("strips", options, stripsOptions);
  checkList("strips: kinds", kinds, "at least one kind of values", stripsParts);
  const { title, caption, xTitle, yTitle, groups, yScale, yRange } = options;
  kinds.forEach(({ values }, i) => {
    if (values.length !== groups.length) {
      refuse(`strips: kinds[${i}].values`, values, `a list for each of the ${groups.length} groups`);
    }
  });
  const styles = stylesFor(kinds.map(({ name }) => name));
  const width = filled / kinds.length;
  const data = kinds.flatMap(({ values }, i): Trace[] => {
    const { color, symbol, title: name } = styles[i];
    const middleOf = (group: number) => group + (i + 0.5) * width - filled / 2;
    const common = { type: "scatter", name, legendgroup: name };
    const points = values.flatMap((list, group) =>
      rounded(list).map((y, k) => ({
        x: Number((middleOf(group) + ((k + 0.5) / list.length - 0.5) * 0.7 * width).toFixed(4)),
        y,
      })),
    );
    const bars = values.flatMap((list, group) => {
      if (list.length === 0) return [];
      const [left, right] = [-0.42, 0.42].map((side) => Number((middleOf(group) + side * width).toFixed(4)));
      const [y] = rounded([median(list)]);
      return [
        { x: left, y },
        { x: right, y },
        { x: right, y: null }, // a gap before the next group
      ];
    });
    const drawn = (of: readonly { x: number; y: number | null }[]) => ({
      x: of.map(({ x }) => x),
      y: of.map(({ y }) => y),
    });
    return [
      { ...common, mode: "lines", ...drawn(bars), line: { color, width: 2 }, showlegend: false },
      { ...common, mode: "markers", ...drawn(points), marker: { color, symbol, size: 8, opacity: 0.75 } },
    ];
  });
  const all = data.flatMap(({ y }) => y as (number | null)[]);
  const words = groups.map((group, g) => {
    const medians = kinds.flatMap(({ values }, i) =>
      values[g].length > 0 ? [`${styles[i].title} ${inWords(median(values[g]))}`] : [],
    );
    return `${group}: ${listed(medians) || "none"}`;
  });
  return new Figure({
    data,
    layout: {
      ...heading(title, withNotes(caption, clippedNote(yTitle, all, yRange))),
      xaxis: {
        ...axisOf(xTitle, "linear", [-0.5, groups.length - 0.5]),
        tickmode: "array",
        tickvals: groups.map((_, group) => group),
        ticktext: [...groups],
        showgrid: false,
        ticks: "",
      },
      yaxis: axisOf(yTitle, yScale, yRange, all),
      showlegend: kinds.length > 1,
      // Lines between the groups, which the grid can't draw: it stands at their middles.
      shapes: groups.slice(1).map((_, group) => ({
        type: "line",
        x0: group + 0.5,
        x1: group + 0.5,
        yref: "paper",
        y0: 0,
        y1: 1,
        line: { color: "#e6e6e6", width: 1 },
      })),
    },
    description:
      options.description ??
      `${title}: ${yTitle} by ${xTitle}, one point a value; medians at ${words.join("; ")}.`,
  });
}
