import { asTensor, type TensorLike } from "../../tensor";
import { type Normalization, statisticsGroups } from "../../tensor/influence";
import {
  checkOptions,
  checkPositiveInteger,
  checkShape,
  checkText,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkCaption, checkMethods } from "../options";
import { axesOf, panelTitle } from "../panels";
import { stylesFor } from "../theme";
import { inWords, listed } from "../words";

/** Paul Tol's "light" colours and five of his "pale" ones: made for cells with dark text in them. */
const cellColors = [
  ...["#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#99ddff", "#bbcc33", "#aaaa00", "#dddddd"],
  ...["#bbccee", "#ccddaa", "#ffcccc"],
];

/** Where each element of a tensor is drawn: blocks (tiles) of cells with a gap between them. */
interface Sheet {
  columns: number[];
  rows: number[];
  /** The column and row of the element at a row-major offset. */
  place(offset: number): { column: number; row: number };
  xTitle: string;
  yTitle: string;
}

/** Between tiles, in cells. */
const gap = 0.35;
/** Beside and above a panel's cells, in pixels: labels and the gap to the next panel; its title. */
const beside = 44;
const above = 84;
/** Room kept for titles that the lowest row doesn't have below it. */
const below = 34;
/** Left edges of `blocks` blocks of `length` cells of width 1. */
const edges = (blocks: number, length: number, space: number = gap): number[] =>
  Array.from({ length: blocks * length }, (_, i) => Number((i + Math.floor(i / length) * space).toFixed(2)));

function sheetOf(shape: readonly number[]): Sheet {
  const [n, ...rest] = shape;
  if (shape.length === 2) {
    const [c] = rest;
    return {
      ...{ columns: edges(1, c), rows: edges(1, n), xTitle: "feature", yTitle: "sample" },
      place: (offset) => ({ column: offset % c, row: Math.floor(offset / c) }),
    };
  }
  if (shape.length === 3) {
    const [t, c] = rest;
    return {
      ...{ columns: edges(1, c), rows: edges(n, t), xTitle: "feature", yTitle: "sequence (one row a token)" },
      place: (offset) => ({ column: offset % c, row: Math.floor(offset / c) }),
    };
  }
  if (shape.length === 4) {
    const [h, w, c] = rest;
    return {
      ...{ columns: edges(c, w), rows: edges(n, h), xTitle: "channel", yTitle: "image" },
      place: (offset) => {
        const channel = offset % c;
        const pixel = Math.floor(offset / c);
        return { column: channel * w + (pixel % w), row: Math.floor(pixel / w) };
      },
    };
  }
  return refuse("sharedStatistics: shape", shape, "2, 3 or 4 numbers: one an axis");
}

/** The middles of the blocks, where the axis is labelled 1, 2, 3, … */
function ticks(cells: readonly number[], blocks: number): Layout {
  const length = cells.length / blocks;
  const middles = Array.from(
    { length: blocks },
    (_, b) => (cells[b * length] + cells[(b + 1) * length - 1] + 1) / 2,
  );
  return { tickvals: middles, ticktext: middles.map((_, b) => String(b + 1)), ticks: "", showline: false };
}

export interface SharedStatisticsOptions {
  /** (N,C), (N,T,C) or (N,H,W,C); keep it small, every element is drawn. */
  shape?: readonly number[];
  /** Instead of a shape a tensor, whose values are then written in the cells in place of the groups' numbers. */
  values?: TensorLike;
  title?: string;
  caption?: string;
  /** Panels side by side. */
  across?: number;
}

const sharedStatisticsOptions: OptionChecks<SharedStatisticsOptions> = {
  shape: checkShape,
  values: asTensor,
  title: checkText,
  caption: checkCaption,
  across: checkPositiveInteger,
};

/**
 * One panel a method: every cell of a small tensor, cells of one colour and number share a mean (or a mean
 * square). Nothing is drawn from memory: the groups are what {@link statisticsGroups} finds in the functions.
 */
export function sharedStatistics(
  methods: Readonly<Record<string, Normalization>>,
  options: SharedStatisticsOptions,
): Figure {
  checkOptions("sharedStatistics", options, sharedStatisticsOptions);
  checkMethods("sharedStatistics: methods", methods);
  const { values, title = "Which cells share their statistics", caption, across = 3 } = options;
  const { shape = values === undefined ? [] : asTensor("values", values).shape } = options;
  const written = values === undefined ? undefined : asTensor("values", values).data;
  const names = Object.keys(methods);
  const styles = stylesFor(names);
  const { columns, rows, place, xTitle, yTitle } = sheetOf(shape);
  const [wide, high] = [columns.at(-1)! + 1, rows.at(-1)! + 1];
  const grid = { columns: Math.min(across, names.length), rows: Math.ceil(names.length / across) };
  const cell = Math.min(40, (700 / grid.columns - beside) / wide);
  const panel = { width: cell * wide + beside, height: cell * high + above };
  const plotWidth = Math.max(700, panel.width * grid.columns);
  const plotHeight = panel.height * grid.rows - below;

  const data: Trace[] = [];
  const layout: Layout = {};
  const shapes: Layout[] = [];
  const annotations: Layout[] = [];
  const sentences: string[] = [];
  names.forEach((name, p) => {
    const groups = statisticsGroups(methods[name], shape);
    const count = Math.max(...groups) + 1;
    const shared = groups.length / count;
    const means = count === groups.length ? "every cell on its own" : `${count} sets of ${shared} cells`;
    sentences.push(`${styles[p].title}: ${means}`);

    const { x: xName, y: yName, xaxis, yaxis } = axesOf(p);
    const cells = Array.from(groups, (group, offset) => {
      const { column, row } = place(offset);
      const text = written ? inWords(written[offset]) : String(group + 1);
      return { x: columns[column], y: rows[row], group, text };
    });
    // One path a group draws much faster than one rectangle a cell.
    for (let group = 0; group < count; group++) {
      const squares = cells.filter((one) => one.group === group);
      shapes.push({
        ...{ type: "path", xref: xName, yref: yName, layer: "below" },
        path: squares.map(({ x, y }) => `M${x},${y}H${x + 1}V${y + 1}H${x}Z`).join(""),
        ...{ fillcolor: cellColors[group % cellColors.length], line: { color: "#ffffff", width: 1.5 } },
      });
    }
    data.push({
      ...{ type: "scatter", mode: "text", xaxis: xName, yaxis: yName, showlegend: false, cliponaxis: false },
      x: cells.map(({ x }) => x + 0.5),
      y: cells.map(({ y }) => y + 0.5),
      text: cells.map(({ text }) => text),
      customdata: cells.map(({ group }) => group + 1),
      textfont: { size: Math.max(7, Math.min(12, cell * 0.42)), color: "#333333" },
      hovertemplate: `group %{customdata} of ${count}<br>${shared} cells share its statistics<extra></extra>`,
    });

    const left = ((p % grid.columns) * panel.width) / plotWidth;
    const top = 1 - (Math.floor(p / grid.columns) * panel.height) / plotHeight;
    const right = left + (panel.width - beside) / plotWidth;
    const bottom = top - (panel.height - above) / plotHeight;
    const lowest = p + grid.columns >= names.length;
    const common = { showgrid: false, fixedrange: true };
    layout[xaxis] = {
      ...{ ...common, ...ticks(columns, shape[shape.length - 1]), domain: [left, right], anchor: yName },
      ...{ range: [0, wide], ...(lowest && { title: { text: xTitle, standoff: 4 } }) },
    };
    layout[yaxis] = {
      ...{ ...common, ...ticks(rows, shape[0]), domain: [bottom, top], anchor: xName },
      ...{ range: [high, 0], ...(p % grid.columns === 0 && { title: { text: yTitle, standoff: 4 } }) },
    };
    annotations.push(
      panelTitle(
        { title: styles[p].title, note: means, x: left, y: top },
        { align: "left", font: { size: 13, color: styles[p].color }, yshift: 2 },
      ),
    );
  });

  const head = heading(title, caption, 40);
  const margin = { ...head.margin, l: 60, r: 0, b: 0 };
  return new Figure({
    data,
    layout: {
      ...{ ...head, ...layout, shapes, annotations, margin, showlegend: false, hovermode: "closest" },
      ...{ width: plotWidth + margin.l + margin.r, height: plotHeight + margin.t + margin.b },
    },
    description: `${title}, in a tensor of shape [${shape.join(", ")}]. ${listed(sentences)}.`,
  });
}
