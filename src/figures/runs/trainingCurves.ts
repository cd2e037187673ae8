import {
  type Check,
  checkOptions,
  checkPositiveInteger,
  checkText,
  oneOf,
  type OptionChecks,
} from "../../tensor/validate";
import { axisOf } from "../axis";
import { clippedNote } from "../clipped";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkCaption, checkEpochs, checkList, checkNumbers, withParts } from "../options";
import { axesOf, columnsOf, panelTitle, panelTitles } from "../panels";
import { provenanceOf, type TracedRun } from "../provenance";
import { stylesFor } from "../theme";
import { inWords } from "../words";

/** What this figure reads of a Run, finished or not. */
export interface CurvesOfRun extends TracedRun {
  configuration: { epochs: number; batchSize: number; examples: { train: number } };
  steps: { loss: ArrayLike<number>; accuracy: ArrayLike<number> };
  epochs: readonly {
    loss: number;
    accuracy: number;
    validationLoss?: number | null;
    validationAccuracy?: number | null;
  }[];
  /** where it ended, and how: that it was "interrupted" stands in the caption */
  ended?: { how: string; epoch: number };
}

/** Refuses a Run whose curves can't be drawn. */
export const checkRun: Check = withParts<Pick<CurvesOfRun, "name" | "configuration" | "steps" | "epochs">>({
  name: { required: checkText },
  configuration: {
    required: withParts<Pick<CurvesOfRun["configuration"], "epochs">>({
      epochs: { required: checkPositiveInteger },
    }),
  },
  steps: {
    required: withParts<CurvesOfRun["steps"]>({
      loss: { required: checkNumbers },
      accuracy: { required: checkNumbers },
    }),
  },
  epochs: { required: checkEpochs },
});

export type Metric = "loss" | "accuracy";

export interface TrainingCurvesOptions {
  /** One metric, or (by default) both side by side. */
  metric?: Metric;
  title?: string;
  /** One text, or one line each. */
  caption?: string | readonly string[];
}

const curvesOptions: OptionChecks<TrainingCurvesOptions> = {
  metric: oneOf("loss", "accuracy"),
  title: checkText,
  caption: checkCaption,
};

const panels: Record<
  Metric,
  {
    title: string;
    scale: "linear" | "log";
    factor: number;
    validation: "validationLoss" | "validationAccuracy";
  }
> = {
  loss: { title: "loss (cross-entropy, nats)", scale: "log", factor: 1, validation: "validationLoss" },
  accuracy: { title: "accuracy (%)", scale: "linear", factor: 100, validation: "validationAccuracy" },
};

const pointsPerEpoch = 10;
const round = (value: number) => Number(value.toPrecision(5));

function stepsPerEpochOf({ configuration: { examples, batchSize } }: CurvesOfRun): number {
  return Math.ceil(examples.train / batchSize);
}

/** Means of the training metric over tenths of an epoch: single batches are too noisy to read. */
function trainingPoints(run: CurvesOfRun, metric: Metric): { x: number[]; y: number[] } {
  const values = run.steps[metric];
  const perEpoch = stepsPerEpochOf(run);
  const block = Math.max(1, perEpoch / pointsPerEpoch);
  const blocks = Math.ceil(values.length / block - 1e-9);
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k < blocks; k++) {
    const from = Math.floor(k * block + 1e-9);
    const to = Math.min(values.length, Math.floor((k + 1) * block + 1e-9));
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i];
    x.push(round((from + to) / 2 / perEpoch));
    y.push(round((sum / (to - from)) * panels[metric].factor));
  }
  return { x, y };
}

const columns = ["training batches", "validation images"];

/** A run's curves of a metric, on the axes of the row's two panels. */
function tracesOf(
  run: CurvesOfRun,
  metric: Metric,
  row: number,
  style: ReturnType<typeof stylesFor>[number],
): Trace[] {
  const { factor, validation } = panels[metric];
  const { color, symbol, title } = style;
  const common = { type: "scatter", name: title, legendgroup: run.name };
  const axesAt = (column: number) => {
    const { x, y } = axesOf(columns.length * row + column);
    return { xaxis: x, yaxis: y };
  };
  return [
    {
      ...common,
      mode: "lines",
      ...trainingPoints(run, metric),
      line: { color, width: 1.2 },
      showlegend: false,
      ...axesAt(0),
    },
    {
      ...common,
      mode: "lines+markers",
      x: run.epochs.map((_, i) => i + 1),
      y: run.epochs.map((epoch) => (epoch[validation] == null ? null : round(epoch[validation] * factor))),
      line: { color, width: 2 },
      marker: { color, symbol, size: 7 },
      showlegend: row === 0,
      ...axesAt(1),
    },
  ];
}

/** The part of the accuracy axis where something happens: the first tenth of the curves may leave it. */
function accuracyRange(traces: readonly Trace[]): [number, number] {
  const settled = traces.flatMap((trace) => {
    const y = (trace.y as (number | null)[]).filter((v): v is number => v !== null);
    return trace.mode === "lines" && y.length > 10 ? y.slice(Math.ceil(y.length / 10)) : y;
  });
  if (settled.length === 0) return [0, 100];
  const low = Math.min(...settled);
  return [Math.max(0, Math.floor(low - 0.08 * (100 - low) - 0.2)), 100.2];
}

function sentence(run: CurvesOfRun, title: string): string {
  const last = run.epochs.at(-1);
  if (!last) return `${title}: ${run.steps.loss.length} steps so far.`;
  const validation =
    last.validationLoss == null || last.validationAccuracy == null
      ? ""
      : `; on validation images loss ${inWords(last.validationLoss)}, accuracy ${inWords(last.validationAccuracy * 100)} %`;
  return (
    `${title}, after epoch ${run.epochs.length} of ${run.configuration.epochs}: ` +
    `training loss ${inWords(last.loss)}, accuracy ${inWords(last.accuracy * 100)} %${validation}.`
  );
}

/** Where the rows of panels lie, the first at the top. */
const domainsOf = (rows: number): [number, number][] =>
  rows === 1
    ? [[0, 1]]
    : [
        [0.54, 1],
        [0, 0.46],
      ];

/** The axes of a row: one vertical axis for both panels. */
function axesOfRow(
  metric: Metric,
  row: number,
  rows: number,
  traces: readonly Trace[],
  epochs: number,
): Layout {
  const { title, scale } = panels[metric];
  const values = traces.flatMap(({ y }) => y as (number | null)[]);
  const range = metric === "accuracy" ? accuracyRange(traces) : undefined;
  const first = axesOf(columns.length * row);
  const layout: Layout = {};
  for (const [column, domain] of columnsOf(columns.length, 0.05).entries()) {
    const { x, y, xaxis, yaxis } = axesOf(columns.length * row + column);
    layout[xaxis] = {
      ...axisOf(row === rows - 1 ? "epoch" : ""),
      range: [0, epochs + 0.15],
      ...(epochs <= 12 && { dtick: 1 }),
      domain,
      anchor: y,
    };
    layout[yaxis] = {
      ...axisOf(column === 0 ? title : "", scale, range, values),
      domain: domainsOf(rows)[row],
      anchor: x,
      ...(column > 0 && { matches: first.y, showticklabels: false }),
    };
  }
  return layout;
}

/**
 * Loss and accuracy over the epochs, on training batches and on validation images side by side, each run in its
 * method's colour. A Run that was interrupted is drawn as far as it goes, and the caption says so; for runs that are
 * still going on there is {@link trainingProgress}.
 */
export function trainingCurves(runs: readonly CurvesOfRun[], options: TrainingCurvesOptions = {}): Figure {
  checkOptions("trainingCurves", options, curvesOptions);
  checkList("trainingCurves: runs", runs, "at least one run", checkRun);
  const metrics: Metric[] = options.metric ? [options.metric] : ["loss", "accuracy"];
  const styles = stylesFor(runs.map(({ name }) => name));
  const epochs = Math.max(...runs.map(({ configuration }) => configuration.epochs));
  const rows = metrics.map((metric, row) => runs.flatMap((run, k) => tracesOf(run, metric, row, styles[k])));
  const axes = Object.assign(
    {},
    ...metrics.map((metric, row) => axesOfRow(metric, row, metrics.length, rows[row], epochs)),
  ) as Layout;
  const title =
    options.title ?? (options.metric ? `Training: ${options.metric}` : "Training: loss and accuracy");
  const caption =
    options.caption ?? "Training: mean over tenths of an epoch of batches. Validation: after each epoch.";
  const interrupted = runs.flatMap(({ ended, configuration }, i) =>
    ended?.how === "interrupted"
      ? [`${styles[i].title}: interrupted in epoch ${ended.epoch} of ${configuration.epochs}.`]
      : [],
  );
  const cut = metrics.map((metric, row) => {
    const { range } = axes[axesOf(columns.length * row).yaxis] as { range?: [number, number] };
    const values = rows[row].flatMap(({ y }) => y as (number | null)[]);
    return clippedNote(panels[metric].title, values, range);
  });
  const head = heading(title, [caption, interrupted, cut.filter(Boolean)].flat(), panelTitles);
  return new Figure({
    data: rows.flat(),
    layout: {
      ...head,
      ...axes,
      annotations: columnsOf(columns.length, 0.05).map(([x], column) =>
        panelTitle({ title: columns[column], x, y: 1 }),
      ),
      height: head.margin.t + 92 + 210 * metrics.length,
      legend: { orientation: "h", x: 0, y: metrics.length === 1 ? -0.22 : -0.12, yanchor: "top" },
    },
    provenance: provenanceOf(runs),
    description: `${title}. ${runs.map((run, i) => sentence(run, styles[i].title)).join(" ")}`,
  });
}
