import { median } from "../../tensor/statistics";
import { checkOptions, checkText } from "../../tensor/validate";
import { checkEpochs, checkList, checkNumbers, withParts } from "../options";
import { provenanceOf, type TracedRun } from "../provenance";
import { Table } from "../table";
import { stylesFor } from "../theme";

/** What this table reads of a Run. */
export interface ResultOfRun extends TracedRun {
  test?: { loss: number; accuracy: number } | null;
  epochs: readonly { validationAccuracy?: number | null }[];
  timings: { secondsPerEpoch: readonly number[] };
}

const runParts = withParts<Pick<ResultOfRun, "name" | "epochs" | "timings">>({
  name: { required: checkText },
  epochs: { required: checkEpochs },
  timings: { required: withParts<ResultOfRun["timings"]>({ secondsPerEpoch: { required: checkNumbers } }) },
});

/** Runs side by side: accuracy and loss on the test images, last validation accuracy, seconds per epoch (median). */
export function comparisonTable(
  runs: readonly ResultOfRun[],
  options: { title?: string; caption?: string } = {},
): Table {
  checkOptions<typeof options>("comparisonTable", options, { title: checkText, caption: checkText });
  checkList("comparisonTable: runs", runs, "at least one run", runParts);
  const { title = "Results", caption } = options;
  const styles = stylesFor(runs.map(({ name }) => name));
  const percent = (share: number | null | undefined) => (share == null ? null : share * 100);
  return new Table({
    title,
    caption,
    provenance: provenanceOf(runs),
    columns: [
      "method",
      { title: "test accuracy", unit: "%", digits: 2 },
      { title: "test loss", unit: "nats", digits: 4 },
      { title: "validation accuracy", unit: "%", digits: 2 },
      { title: "time per epoch", unit: "s", digits: 1, time: true },
    ],
    rows: runs.map((run, i) => [
      styles[i].title,
      percent(run.test?.accuracy),
      run.test?.loss ?? null,
      percent(run.epochs.at(-1)?.validationAccuracy),
      run.timings.secondsPerEpoch.length > 0 ? median(run.timings.secondsPerEpoch) : null,
    ]),
  });
}
