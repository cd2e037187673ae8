import type { Tensor } from "../../tensor";
import { refuse } from "../../tensor/validate";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkTensors } from "../options";
import { axesOf, columnsOf, panelTitle } from "../panels";
import { methodColors, otherColors } from "../theme";
import { inWords } from "../words";

/** One feature's gradient dx̂ of shape (m, 1), and the three parts that it is the sum of. */
export interface GradientParts {
  dXHat: Tensor;
  /** The mean of dx̂, repeated. */
  alongOnes: Tensor;
  /** x̂ times the mean of dx̂·x̂. */
  alongXHat: Tensor;
  /** What is left, and passes. */
  rest: Tensor;
}

/** dx̂ = its part along (1, …, 1) + its part along x̂ + the rest, as bars for each example. */
export function gradientParts(parts: GradientParts): Figure {
  checkTensors("gradientParts", parts, ["dXHat", "alongOnes", "alongXHat", "rest"]);
  const { dXHat, alongOnes, alongXHat, rest } = parts;
  const panels = [
    { title: "dx̂", values: dXHat.data, color: methodColors.none },
    { title: "= along (1, …, 1)", values: alongOnes.data, color: otherColors[5] },
    { title: "+ along x̂", values: alongXHat.data, color: otherColors[5] },
    { title: "+ the rest, which passes", values: rest.data, color: methodColors.batchNorm },
  ];
  const m = dXHat.size;
  const wrong = panels.find(({ values }) => values.length !== m);
  if (wrong) {
    refuse(`gradientParts: length of "${wrong.title}"`, wrong.values.length, `${m}, like dx̂'s`);
  }
  const all = panels.flatMap(({ values }) => [...values]);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const range = [low - 0.06 * (high - low), high + 0.06 * (high - low)];
  const examples = Array.from({ length: m }, (_, i) => i + 1);
  const columns = columnsOf(panels.length, 0.025);
  const layout: Layout = {};
  const data = panels.map(({ title, values, color }, k): Trace => {
    const { x, y, xaxis, yaxis } = axesOf(k);
    layout[xaxis] = { title: { text: "example" }, domain: columns[k], anchor: y, dtick: 1 };
    layout[yaxis] = {
      zeroline: true,
      zerolinecolor: "#888888",
      range,
      anchor: x,
      ...(k ? { showticklabels: false, ticks: "" } : { title: { text: "gradient (loss per unit of x̂)" } }),
    };
    return { type: "bar", name: title, x: examples, y: values, marker: { color }, xaxis: x, yaxis: y };
  });
  const annotations = panels.map(({ title }, k) =>
    panelTitle({ title, x: columns[k][0], y: 1 }, { font: { size: 11.5 } }),
  );
  const length = (values: ArrayLike<number>) =>
    Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));
  return new Figure({
    data,
    layout: {
      ...heading(
        "What of the gradient gets through batch norm",
        "One feature, eight examples. The last panel, times 1/√(σ² + ε), is dx.",
        24,
      ),
      ...layout,
      annotations,
      showlegend: false,
      height: 360,
    },
    description: `Bars for each of ${m} examples: the gradient dx̂, of length ${inWords(length(dXHat.data))}, is the sum of a constant part, of length ${inWords(length(alongOnes.data))}, a part proportional to x̂, of length ${inWords(length(alongXHat.data))}, and a rest of length ${inWords(length(rest.data))}, which alone passes to x.`,
  });
}
