import { binCounts, moments } from "../../tensor/statistics";
import {
  type Check,
  checkOptions,
  checkPositiveInteger,
  checkText,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { clippedNote, withNotes } from "../clipped";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { checkList, checkNumbers, checkRange, headingOptions, withParts } from "../options";
import { stylesFor } from "../theme";
import { inWords, listed } from "../words";

/** Numbers to be counted, under a label. */
export interface Sample {
  name: string;
  values: ArrayLike<number>;
}

export interface HistogramOptions {
  title: string;
  caption?: string;
  /** What is counted, with its unit. */
  xTitle: string;
  /** Number of bins, 40 by default. */
  bins?: number;
  /** First and last edge; by default the smallest and the largest value of all samples. */
  range?: [number, number];
  description?: string;
}

/** Refuses a sample that can't be counted. */
export const checkSample: Check = withParts<Sample>({
  name: { required: checkText },
  values: { required: checkNumbers },
});

const histogramOptions: OptionChecks<HistogramOptions> = {
  ...headingOptions,
  xTitle: { required: checkText },
  bins: checkPositiveInteger,
  range: checkRange,
};

function rangeOf(samples: readonly Sample[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of samples) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  }
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** Histograms of one or several samples over each other: share of the values in each bin, in percent. */
export function histogram(samples: readonly Sample[], options: HistogramOptions): Figure {
  checkOptions("histogram", options, histogramOptions);
  checkList("histogram: samples", samples, "at least one sample", checkSample);
  for (const { name, values } of samples) {
    if (values.length === 0) refuse(`histogram: values of "${name}"`, values, "at least one number");
  }
  const { bins = 40, range = rangeOf(samples) } = options;
  const width = (range[1] - range[0]) / bins;
  const styles = stylesFor(samples.map(({ name }) => name));
  const data = samples.map(({ values }, i): Trace => {
    const counts = binCounts(values, { min: range[0], max: range[1], bins });
    const shares = counts.map((count) => (100 * count) / values.length);
    return {
      type: "scatter",
      mode: "lines",
      name: styles[i].title,
      // A staircase that starts and ends on the floor.
      x: [range[0], ...shares.map((_, k) => range[0] + k * width), range[1], range[1]],
      y: [0, ...shares, shares[bins - 1], 0],
      line: { shape: "hv", color: styles[i].color, width: 1.5 },
      fill: "tozeroy",
      fillcolor: `${styles[i].color}38`,
    };
  });
  const words = samples.map(({ values }, i) => {
    const { mean, deviation } = moments(values);
    return `${styles[i].title} with mean ${inWords(mean)} and standard deviation ${inWords(deviation)}`;
  });
  const cut = samples.map(({ values }) => clippedNote(options.xTitle, Array.from(values), range));
  return new Figure({
    data,
    layout: {
      ...heading(options.title, withNotes(options.caption, ...new Set(cut))),
      xaxis: { title: { text: options.xTitle }, range },
      yaxis: { title: { text: "share of values per bin (%)" }, rangemode: "tozero" },
      showlegend: samples.length > 1,
    },
    description: options.description ?? `${options.title}: histogram of ${options.xTitle}, ${listed(words)}.`,
  });
}
