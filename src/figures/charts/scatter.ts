import {
  checkBoolean,
  checkOptions,
  checkPositive,
  checkText,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { axisOf } from "../axis";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { axisOptions, checkList, checkNumbers, checkScale, headingOptions, withParts } from "../options";
import { rounded } from "../rounded";
import { stylesFor } from "../theme";
import { listed } from "../words";

/** Points of one kind. */
export interface Points {
  /** A method's name ("batchNorm") gets its colour, marker and title; any other label free ones. */
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface ScatterOptions {
  title: string;
  caption?: string;
  /** Axis titles, with units. */
  xTitle: string;
  yTitle: string;
  xScale?: "linear" | "log";
  /** The same scale on both axes, so that a circle looks like one. */
  equalScales?: boolean;
  /** Diameter of a point in pixels. */
  size?: number;
  description?: string;
}

const pointsParts = withParts<Points>({
  name: { required: checkText },
  x: { required: checkNumbers },
  y: { required: checkNumbers },
});

const scatterOptions: OptionChecks<ScatterOptions> = {
  ...headingOptions,
  ...axisOptions,
  xScale: checkScale,
  equalScales: checkBoolean,
  size: checkPositive,
};

/** Points in the plane, each method in its own colour and with its own marker. */
export function scatter(groups: readonly Points[], options: ScatterOptions): Figure {
  checkOptions("scatter", options, scatterOptions);
  checkList("scatter: groups", groups, "at least one kind of points", pointsParts);
  const styles = stylesFor(groups.map(({ name }) => name));
  const data = groups.map(({ name, x, y }, i): Trace => {
    if (x.length !== y.length) refuse(`scatter: x of "${name}"`, x, `as long as its y: ${y.length}`);
    const { color, symbol, title } = styles[i];
    const marker = { color, symbol, size: options.size ?? 5, opacity: 0.7 };
    return { type: "scatter", mode: "markers", name: title, x: rounded(x), y: rounded(y), marker };
  });
  const valuesOfX = groups.flatMap(({ x }) => Array.from(x));
  return new Figure({
    data,
    layout: {
      ...heading(options.title, options.caption),
      xaxis: {
        ...axisOf(options.xTitle, options.xScale, undefined, valuesOfX),
        ...(options.equalScales && { constrain: "domain" }),
      },
      yaxis: {
        ...axisOf(options.yTitle),
        ...(options.equalScales && { scaleanchor: "x", constrain: "domain" }),
      },
      showlegend: groups.length > 1,
      ...(options.equalScales && { height: 520 }),
    },
    description:
      options.description ??
      `${options.title}: ${options.yTitle} against ${options.xTitle}, as points: ` +
        `${listed(groups.map(({ x }, i) => `${x.length} of ${styles[i].title}`))}.`,
  });
}
