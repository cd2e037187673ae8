import type { Tensor } from "../../tensor";
import { moments } from "../../tensor/statistics";
import { refuse } from "../../tensor/validate";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkTensors } from "../options";
import { axesOf, columnsOf, panelTitle } from "../panels";
import { methodColors, otherColors } from "../theme";
import { inWords } from "../words";

/** The values of a batch of shape (m, 2) after each of batch norm's steps. */
export interface BatchSteps {
  x: Tensor;
  /** x − μ */
  centered: Tensor;
  xHat: Tensor;
  y: Tensor;
}

const column = ({ shape, data }: Tensor, c: number): number[] =>
  Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + c]);

/** A batch of two features as points in the plane, before batch norm and after each of its steps. */
export function batchSteps(steps: BatchSteps): Figure {
  checkTensors("batchSteps", steps, ["x", "centered", "xHat", "y"]);
  const { x, centered, xHat, y } = steps;
  const panels: { title: string; step: Tensor }[] = [
    { title: "x", step: x },
    { title: "x − μ", step: centered },
    { title: "x̂ = (x − μ) / √(σ² + ε)", step: xHat },
    { title: "y = γ·x̂ + β", step: y },
  ];
  const wrong = panels.find(({ step }) => step.rank !== 2 || step.shape[1] !== 2);
  if (wrong) {
    refuse(`batchSteps: "${wrong.title}"`, wrong.step, "of shape [m, 2]");
  }
  const all = panels.map(({ step }) => [column(step, 0), column(step, 1)]);
  const reach = (c: number): [number, number] => {
    const values = all.flatMap((columns) => columns[c]);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    return [low - 0.06 * (high - low), high + 0.06 * (high - low)];
  };
  const columns = columnsOf(2, 0.035);
  const layout: Layout = {
    ...heading(
      "The same 40 points, step by step",
      "40 examples, two features. The cross marks the mean; its arms are one standard deviation long.",
    ),
    height: 620,
    showlegend: false,
  };
  const data: Trace[] = [];
  const annotations: Layout[] = [];
  panels.forEach(({ title }, k) => {
    const domain = { x: columns[k % 2], y: k < 2 ? [0.55, 0.96] : [0, 0.41] };
    const { x: xName, y: yName, xaxis, yaxis } = axesOf(k);
    const axes = { xaxis: xName, yaxis: yName };
    const line = { zeroline: true, zerolinecolor: "#bbbbbb" };
    layout[xaxis] = {
      ...line,
      domain: domain.x,
      anchor: yName,
      range: reach(0),
      ...(k > 1 && { title: { text: "feature 1" } }),
    };
    layout[yaxis] = {
      ...line,
      domain: domain.y,
      anchor: xName,
      range: reach(1),
      ...(k % 2 ? { showticklabels: false } : { title: { text: "feature 2" } }),
    };
    const [first, second] = all[k];
    const [{ mean: mx, deviation: dx }, { mean: my, deviation: dy }] = [moments(first), moments(second)];
    data.push(
      {
        ...axes,
        type: "scatter",
        mode: "markers",
        name: title,
        x: first,
        y: second,
        marker: { color: k === 0 ? methodColors.none : methodColors.batchNorm, size: 6, opacity: 0.6 },
      },
      {
        ...axes,
        type: "scatter",
        mode: "lines",
        hoverinfo: "skip",
        x: [mx - dx, mx + dx, null, mx, mx],
        y: [my, my, null, my - dy, my + dy],
        line: { color: otherColors[4], width: 3 },
      },
    );
    annotations.push(panelTitle({ title, x: domain.x[0], y: domain.y[1] }));
  });
  const words = panels.map(({ title }, k) => {
    const [first, second] = all[k];
    const two = (what: "mean" | "deviation") =>
      `${inWords(moments(first)[what])} and ${inWords(moments(second)[what])}`;
    return `${title}: means ${two("mean")}, standard deviations ${two("deviation")}`;
  });
  return new Figure({
    data,
    layout: { ...layout, annotations },
    description: `Four scatter plots of the same ${x.shape[0]} examples with two features. ${words.join("; ")}. The cloud is moved, stretched along the axes, and moved again, and never turned.`,
  });
}
