import { checkOptions, checkText, type OptionChecks, refuse } from "../../tensor/validate";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import {
  axisOptions,
  checkColorScale,
  checkList,
  checkNumbers,
  checkRange,
  checkTexts,
  headingOptions,
  withParts,
} from "../options";
import { axesOf, panelLayout, panelTitles, titleOf } from "../panels";
import { divergingScale, sequentialScale } from "../theme";
import { inWords, listed } from "../words";

/** One matrix of a row of heatmaps, its first row at the top. */
export interface HeatmapPanel {
  name: string;
  matrix: readonly ArrayLike<number>[];
}

export interface PanelHeatmapsOptions {
  title: string;
  caption?: string;
  xTitle: string;
  yTitle: string;
  /** What the colour means, with its unit. */
  valueTitle: string;
  /** Numbers along the horizontal axis; 1, 2, 3, … when left out. */
  x?: readonly number[];
  /** Texts along the horizontal axis, a column each, in place of numbers. */
  xLabels?: readonly string[];
  yLabels: readonly string[];
  /** The values at the two ends of the colours; outside them the end's colour is used. */
  colorRange: readonly [number, number];
  /** "diverging" has white in the middle of colorRange. */
  scale?: "sequential" | "diverging";
  /** Ticks of the colour bar, value and text. */
  colorTicks?: readonly { value: number; text: string }[];
  description?: string;
}

const panelParts = withParts<HeatmapPanel>({
  name: { required: checkText },
  matrix: {
    required: (argument, value) =>
      checkList(argument, value, "one row of numbers for each of yLabels", checkNumbers),
  },
});

const panelHeatmapsOptions: OptionChecks<PanelHeatmapsOptions> = {
  ...headingOptions,
  ...axisOptions,
  valueTitle: { required: checkText },
  yLabels: { required: checkTexts },
  colorRange: { required: checkRange },
  x: (argument, value) => checkList(argument, value, "a list of numbers"),
  xLabels: checkTexts,
  scale: checkColorScale,
  colorTicks: (argument, value) => checkList(argument, value, "a list of { value, text }"),
};

/** Matrices as colours side by side, with one scale of colours for all. */
export function panelHeatmaps(panels: readonly HeatmapPanel[], options: PanelHeatmapsOptions): Figure {
  checkOptions("panelHeatmaps", options, panelHeatmapsOptions);
  checkList("panelHeatmaps: panels", panels, "at least one, each with a matrix", panelParts);
  panels.forEach(({ matrix }, i) => {
    if (matrix.length !== options.yLabels.length) {
      refuse(`panelHeatmaps: panels[${i}].matrix`, matrix, "one row of numbers for each of yLabels");
    }
    if (options.xLabels && matrix.some((row) => row.length !== options.xLabels?.length)) {
      refuse(`panelHeatmaps: panels[${i}].matrix`, matrix, "rows with one number for each of xLabels");
    }
  });
  const data = panels.map(({ matrix }, i): Trace => {
    const { x, y } = axesOf(i);
    return {
      type: "heatmap",
      z: matrix.map((row) => Array.from(row, (v) => (Number.isFinite(v) ? Number(v.toPrecision(4)) : null))),
      x: options.xLabels ? [...options.xLabels] : (options.x ?? Array.from(matrix[0], (_, k) => k + 1)),
      y: [...options.yLabels],
      xaxis: x,
      yaxis: y,
      zmin: options.colorRange[0],
      zmax: options.colorRange[1],
      colorscale: options.scale === "diverging" ? divergingScale : sequentialScale,
      showscale: i === panels.length - 1,
      colorbar: {
        title: { text: options.valueTitle, side: "right", font: { size: 12 } },
        thickness: 14,
        outlinewidth: 0,
        ...(options.colorTicks && {
          tickmode: "array",
          tickvals: options.colorTicks.map(({ value }) => value),
          ticktext: options.colorTicks.map(({ text }) => text),
        }),
      },
      hovertemplate:
        `${options.xTitle} %{x}<br>${options.yTitle} %{y}<br>` + `${options.valueTitle}: %{z}<extra></extra>`,
    };
  });
  const layout = panelLayout(
    panels.map(({ name }) => name),
    {
      x: {
        title: { text: options.xTitle },
        showgrid: false,
        ...(options.xLabels && { type: "category", ticks: "" }),
      },
      y: {
        title: { text: options.yTitle },
        type: "category",
        autorange: "reversed",
        showgrid: false,
        ticks: "",
      },
    },
  );
  const head = heading(options.title, options.caption, panelTitles);
  const sentences = panels.map(({ name, matrix }) => {
    const values = matrix.flatMap((row) => Array.from(row)).filter(Number.isFinite);
    return `${titleOf(name)} from ${inWords(Math.min(...values))} to ${inWords(Math.max(...values))}`;
  });
  return new Figure({
    data,
    layout: {
      ...head,
      ...layout,
      height: 108 + head.margin.t + 30 * options.yLabels.length,
    },
    description:
      options.description ??
      `${options.title}: heatmaps of ${options.valueTitle} by ${options.xTitle} and ${options.yTitle}: ${listed(sentences)}.`,
  });
}
