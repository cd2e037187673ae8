import { percentile } from "../../tensor/statistics";
import { checkFinite, checkOptions, checkPositiveInteger } from "../../tensor/validate";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { checkList, checkNumbers, withParts } from "../options";
import { methodColors, otherColors } from "../theme";
import { inWords, listed } from "../words";

/** What one example became in several random batches of one size. */
export interface Outputs {
  batchSize: number;
  values: readonly number[];
}

const outputParts = withParts<Outputs>({
  batchSize: { required: checkPositiveInteger },
  values: { required: checkNumbers },
});

/** The same example in different company: its normalized value in random batches of growing size. */
export function sameExample(outputs: readonly Outputs[], options: { truth: number }): Figure {
  checkOptions<typeof options>("sameExample", options, { truth: { required: checkFinite } });
  checkList("sameExample: outputs", outputs, "a list of { batchSize, values }", outputParts);
  const { truth } = options;
  const data = outputs.map(({ batchSize, values }): Trace => {
    return {
      type: "box",
      name: String(batchSize),
      y: values.map((value) => Number(value.toFixed(4))),
      boxpoints: "all",
      pointpos: 0,
      jitter: 0.7,
      // The points say it all; the box is only where half of them lie.
      marker: { color: methodColors.batchNorm, size: 3.5, opacity: 0.45 },
      line: { color: "#222222", width: 1.5 },
      fillcolor: "rgba(0,0,0,0)",
      whiskerwidth: 0,
    };
  });
  const spans = outputs.map(({ batchSize, values }) => {
    const at = (p: number) => inWords(percentile(values, p));
    return `from ${at(5)} to ${at(95)} in batches of ${batchSize}`;
  });
  return new Figure({
    data,
    layout: {
      ...heading(
        "The same example, in different company",
        `Each point: its output in another random batch. Dashed: ${truth}, by the mean and deviation of the population.`,
      ),
      xaxis: { title: { text: "batch size" }, type: "category" },
      yaxis: { title: { text: "x̂ of the example (standard deviations)" } },
      showlegend: false,
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: truth,
          y1: truth,
          line: { color: otherColors[4], width: 1.5, dash: "dash" },
        },
      ],
    },
    description: `Box plots of the normalized value of one and the same example in random batches. Nine in ten of the values lie ${listed(spans)}. The smaller the batch, the more the value is decided by the other examples.`,
  });
}
