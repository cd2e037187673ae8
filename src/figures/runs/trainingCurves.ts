import {
  type Check,
  checkOptions,
  checkPositiveInteger,
  checkText,
  oneOf,
  type OptionChecks,
} from "../../tensor/validate";
import { axisOf } from "../axis";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkCaption, checkEpochs, checkList, checkNumbers, withParts } from "../options";
import { axesOf } from "../panels";
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

function tracesOf(
  run: CurvesOfRun,
  metric: Metric,
  panel: number,
  style: ReturnType<typeof stylesFor>[number],
): Trace[] {
  const { factor, validation } = panels[metric];
  const { color, symbol, title } = style;
  const { x, y } = axesOf(panel);
  const common = { xaxis: x, yaxis: y, legendgroup: run.name, showlegend: panel === 0 };
  return [
    {
      type: "scatter",
      mode: "lines",
      name: `${title}, training`,
      ...trainingPoints(run, metric),
      line: { color, width: 1.2, dash: "dot" },
      ...common,
    },
    {
      type: "scatter",
      mode: "lines+markers",
      name: `${title}, validation`,
      x: run.epochs.map((_, i) => i + 1),
      y: run.epochs.map((epoch) => (epoch[validation] == null ? null : round(epoch[validation] * factor))),
      line: { color, width: 2 },
      marker: { color, symbol, size: 7 },
      ...common,
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

/**
 * Loss and accuracy over the epochs, on training batches (dotted) and on validation images (solid), each run
 * in its method's colour. A Run that was interrupted is drawn as far as it goes, and the caption says so; for runs
 * that are still going on there is {@link trainingProgress}.
 */
export function trainingCurves(runs: readonly CurvesOfRun[], options: TrainingCurvesOptions = {}): Figure {
  checkOptions("trainingCurves", options, curvesOptions);
  checkList("trainingCurves: runs", runs, "at least one run", checkRun);
  const metrics: Metric[] = options.metric ? [options.metric] : ["loss", "accuracy"];
  const styles = stylesFor(runs.map(({ name }) => name));
  const epochs = Math.max(...runs.map(({ configuration }) => configuration.epochs));
  const data: Trace[] = [];
  const axes: Layout = {};
  for (const [i, metric] of metrics.entries()) {
    const { x, y, xaxis, yaxis } = axesOf(i);
    const traces = runs.flatMap((run, k) => tracesOf(run, metric, i, styles[k]));
    data.push(...traces);
    const { title, scale } = panels[metric];
    axes[xaxis] = {
      ...axisOf("epoch"),
      range: [0, epochs + 0.15],
      ...(epochs <= 12 && { dtick: 1 }),
      anchor: y,
      ...(metrics.length === 2 && { domain: i === 0 ? [0, 0.44] : [0.56, 1] }),
    };
    axes[yaxis] = {
      ...axisOf(
        title,
        scale,
        metric === "accuracy" ? accuracyRange(traces) : undefined,
        traces.flatMap(({ y }) => y as (number | null)[]),
      ),
      anchor: x,
    };
  }
  const title =
    options.title ?? (options.metric ? `Training: ${options.metric}` : "Training: loss and accuracy");
  const caption =
    options.caption ??
    "Dotted: mean over tenths of an epoch of training batches. Solid: validation images, after each epoch.";
  const interrupted = runs.flatMap(({ ended, configuration }, i) =>
    ended?.how === "interrupted"
      ? [`${styles[i].title}: interrupted in epoch ${ended.epoch} of ${configuration.epochs}.`]
      : [],
  );
  return new Figure({
    data,
    layout: {
      ...heading(title, [caption, interrupted].flat()),
      ...axes,
      height: 460,
      legend: { orientation: "h", x: 0, y: -0.2, yanchor: "top", entrywidth: 165 },
    },
    provenance: provenanceOf(runs),
    description: `${title}. ${runs.map((run, i) => sentence(run, styles[i].title)).join(" ")}`,
  });
}
