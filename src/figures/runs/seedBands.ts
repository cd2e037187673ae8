import { median } from "../../tensor/statistics";
import { checkOptions, checkText, refuse } from "../../tensor/validate";
import { lines } from "../charts/lines";
import type { Figure } from "../figure";
import { titleOf } from "../panels";
import { checkEpochs, checkList, withParts } from "../options";

/** What this figure reads of a Run. */
export interface EpochsOfRun {
  epochs: readonly {
    loss: number;
    accuracy: number;
    validationLoss?: number | null;
    validationAccuracy?: number | null;
  }[];
  /** how it ended: that it was "interrupted" stands in the caption */
  ended?: { how: string };
}

/** The runs of one method, which differ in their seed alone. */
export interface SeededRuns {
  name: string;
  runs: readonly EpochsOfRun[];
}

const methodParts = withParts<SeededRuns>({
  name: { required: checkText },
  runs: {
    required: (argument, value) =>
      checkList(
        argument,
        value,
        "at least one Run",
        withParts<EpochsOfRun>({ epochs: { required: checkEpochs }, ended: true }),
      ),
  },
});

/** What the caption must say of a method: its curve ends where the first of its runs did. */
function interruptions(name: string, runs: readonly EpochsOfRun[]): string[] {
  const interrupted = runs.filter(({ ended }) => ended?.how === "interrupted").length;
  if (interrupted === 0) return [];
  return [
    `${titleOf(name)}: ${interrupted} of ${runs.length} runs interrupted; drawn as far as all of them went.`,
  ];
}

/**
 * Accuracy on the validation images after each epoch: a line through the medians of all seeds, and a band from the
 * smallest to the largest. What differs by less than the bands are wide may be the seed's doing.
 *
 * @throws RangeError when a method has no runs, or none that finished an epoch.
 */
export function seedBands(
  methods: readonly SeededRuns[],
  options: { title: string; caption?: string },
): Figure {
  checkOptions<typeof options>("seedBands", options, {
    title: { required: checkText },
    caption: checkText,
  });
  checkList("seedBands: methods", methods, "at least one method and its runs", methodParts);
  const { title, caption } = options;
  const series = methods.map(({ name, runs }) => {
    const epochs = Math.min(...runs.map((run) => run.epochs.length));
    if (!(epochs > 0 && Number.isFinite(epochs))) {
      refuse(`seedBands: runs of "${name}"`, runs, "at least one, each with an epoch that it finished");
    }
    const after = Array.from({ length: epochs }, (_, epoch) =>
      runs.map((run) => 100 * (run.epochs[epoch].validationAccuracy ?? NaN)),
    );
    return {
      name,
      x: after.map((_, epoch) => epoch + 1),
      y: after.map((values) => median(values)),
      low: after.map((values) => Math.min(...values)),
      high: after.map((values) => Math.max(...values)),
      markers: true,
    };
  });
  const lowest = Math.min(...series.flatMap(({ low }) => low.slice(1)), ...series.map(({ y }) => y.at(-1)!));
  return lines(series, {
    title,
    caption: [
      caption ?? "Lines: median over the seeds. Bands: from the worst to the best seed.",
      ...methods.flatMap(({ name, runs }) => interruptions(name, runs)),
    ].join(" "),
    xTitle: "epoch",
    yTitle: "accuracy on validation images (%)",
    yRange: [Math.floor(5 * (lowest - 0.1)) / 5, 100],
  });
}
