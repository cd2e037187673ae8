import { checkOptions, checkText, type OptionChecks, refuse } from "../../tensor/validate";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { axisOptions, checkColorScale, checkList, checkTexts, headingOptions } from "../options";
import { divergingScale, sequentialScale } from "../theme";
import { inWords } from "../words";

export interface HeatmapOptions {
  title: string;
  caption?: string;
  xTitle: string;
  yTitle: string;
  /** What the colour means, with its unit. */
  valueTitle: string;
  xLabels?: readonly string[];
  yLabels?: readonly string[];
  /** "diverging" puts zero in the middle. */
  scale?: "sequential" | "diverging";
  /** Text in each cell; `true` writes the values. */
  cellText?: true | readonly (readonly string[])[];
  description?: string;
}

const heatmapOptions: OptionChecks<HeatmapOptions> = {
  ...headingOptions,
  ...axisOptions,
  valueTitle: { required: checkText },
  xLabels: checkTexts,
  yLabels: checkTexts,
  scale: checkColorScale,
  cellText(argument, value) {
    if (value !== true) checkList(argument, value, "true, or a text for each cell, row by row");
  },
};

const names = (labels: readonly string[] | undefined, count: number) =>
  labels ? [...labels] : Array.from({ length: count }, (_, i) => String(i));

/** A matrix as colours, its first row at the top. */
export function heatmap(matrix: readonly ArrayLike<number | null>[], options: HeatmapOptions): Figure {
  checkOptions("heatmap", options, heatmapOptions);
  checkList("heatmap: matrix", matrix, "rows of one length, at least one row and one column");
  const columns = matrix[0]?.length ?? 0;
  if (columns === 0 || matrix.some((row) => row.length !== columns)) {
    refuse("heatmap: matrix", matrix, "rows of one length, at least one row and one column");
  }
  const rows = matrix.map((row) => Array.from(row));
  const values = rows.flat().filter((v): v is number => v !== null && Number.isFinite(v));
  const largest = Math.max(...values.map(Math.abs));
  const diverging = options.scale === "diverging";
  const text =
    options.cellText === true
      ? rows.map((row) => row.map((v) => (v === null ? "" : inWords(v))))
      : options.cellText;
  const trace: Trace = {
    type: "heatmap",
    z: rows,
    x: names(options.xLabels, columns),
    y: names(options.yLabels, rows.length),
    colorscale: diverging ? divergingScale : sequentialScale,
    ...(diverging && { zmin: -largest, zmax: largest }),
    ...(text && { text, texttemplate: "%{text}", textfont: { size: 12 } }),
    colorbar: {
      title: { text: `${options.valueTitle}<br> `, side: "top", font: { size: 12 } },
      ypad: 0,
      outlinewidth: 0,
      thickness: 16,
    },
    hovertemplate: `${options.xTitle} %{x}<br>${options.yTitle} %{y}<br>${options.valueTitle} %{z}<extra></extra>`,
  };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return new Figure({
    data: [trace],
    layout: {
      ...heading(options.title, options.caption),
      xaxis: { title: { text: options.xTitle }, type: "category", ticks: "", showgrid: false },
      yaxis: {
        title: { text: options.yTitle },
        type: "category",
        ticks: "",
        showgrid: false,
        autorange: "reversed",
      },
    },
    description:
      options.description ??
      `${options.title}: ${options.valueTitle} for ${rows.length} values of ${options.yTitle} (rows) ` +
        `and ${columns} of ${options.xTitle} (columns), between ${inWords(low)} and ${inWords(high)}.`,
  });
}

/**
 * counts[i][j] = how often class i was taken for class j. The colour shows mistakes only (a good classifier's
 * diagonal would drown them); every cell says its count.
 */
export function confusionMatrix(
  counts: readonly ArrayLike<number>[],
  options: { title: string; caption?: string; labels?: readonly string[] },
): Figure {
  checkOptions<typeof options>("confusionMatrix", options, {
    title: { required: checkText },
    caption: checkText,
    labels: checkTexts,
  });
  checkList(
    "confusionMatrix: counts",
    counts,
    "a square matrix, true classes down and predicted ones across",
  );
  const { title, caption, labels } = options;
  const rows = counts.map((row) => Array.from(row));
  if (rows.some((row) => row.length !== rows.length)) {
    refuse("confusionMatrix: counts", counts, "a square matrix, true classes down and predicted ones across");
  }
  const mistakes = rows
    .flatMap((row, i) => row.map((count, j) => ({ i, j, count })))
    .filter(({ i, j }) => i !== j);
  const worst = mistakes.reduce((a, b) => (b.count > a.count ? b : a));
  const wrong = mistakes.reduce((sum, { count }) => sum + count, 0);
  const all = rows.flat().reduce((sum, count) => sum + count, 0);
  const name = names(labels, rows.length);
  const figure = heatmap(
    rows.map((row, i) => row.map((count, j) => (i === j ? null : count))),
    {
      title,
      caption,
      xTitle: "predicted class",
      yTitle: "true class",
      valueTitle: "mistakes",
      xLabels: name,
      yLabels: name,
      description:
        `${title}: confusion matrix, ${wrong} of ${all} wrong. ` +
        `The commonest mistake: ${name[worst.i]} taken for ${name[worst.j]}, ${worst.count} times.`,
    },
  );
  const annotations = rows.flatMap((row, i) =>
    row.map((count, j) => ({
      x: j,
      y: i,
      text: i === j ? `<b>${count}</b>` : String(count),
      showarrow: false,
      font: {
        size: 12,
        color: i !== j && count > 0.55 * worst.count ? "#ffffff" : count === 0 ? "#b0b0b0" : "#222222",
      },
    })),
  );
  return new Figure({
    data: figure.data,
    layout: { ...figure.layout, annotations, height: 520 },
    description: figure.description,
  });
}
