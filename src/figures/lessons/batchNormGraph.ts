import type { Tensor } from "../../tensor";
import { refuse } from "../../tensor/validate";
import { Figure, type Trace } from "../figure";
import { heading } from "../heading";
import { checkTensors } from "../options";
import { methodColors, otherColors } from "../theme";

/** All values and gradients of batch norm's graph for one feature: shapes (m, 1) or (1). */
export type GraphValues = Record<
  | "x"
  | "mean"
  | "centered"
  | "variance"
  | "rstd"
  | "xHat"
  | "gamma"
  | "beta"
  | "y"
  | "dx"
  | "dMean"
  | "dCentered"
  | "dVariance"
  | "dRstd"
  | "dXHat"
  | "dGamma"
  | "dBeta"
  | "dy",
  Tensor
>;

interface Node {
  value: keyof GraphValues;
  gradient: keyof GraphValues;
  title: string;
  formula: string;
  /** Column from the left; row 0 above (examples), row 1 below (statistics and parameters). */
  at: [number, number];
}

const nodes: Node[] = [
  { value: "x", gradient: "dx", title: "x", formula: "", at: [0, 0] },
  { value: "mean", gradient: "dMean", title: "μ", formula: "mean of x", at: [1, 1] },
  { value: "centered", gradient: "dCentered", title: "d", formula: "x − μ", at: [2, 0] },
  { value: "variance", gradient: "dVariance", title: "σ²", formula: "mean of d²", at: [3, 1] },
  { value: "rstd", gradient: "dRstd", title: "r", formula: "1/√(σ² + ε)", at: [4.1, 1] },
  { value: "xHat", gradient: "dXHat", title: "x̂", formula: "d · r", at: [5.1, 0] },
  { value: "gamma", gradient: "dGamma", title: "γ", formula: "", at: [5.65, 1] },
  { value: "beta", gradient: "dBeta", title: "β", formula: "", at: [6.68, 1] },
  { value: "y", gradient: "dy", title: "y", formula: "γ · x̂ + β", at: [7.1, 0] },
];
const edges: [keyof GraphValues, keyof GraphValues][] = [
  ["x", "mean"],
  ["x", "centered"],
  ["mean", "centered"],
  ["centered", "variance"],
  ["variance", "rstd"],
  ["centered", "xHat"],
  ["rstd", "xHat"],
  ["xHat", "y"],
  ["gamma", "y"],
  ["beta", "y"],
];

const rowHeight = 0.17;
const headHeight = 0.42;
const halfWidth = 0.44;
const centers = [0, -1.85];

/** Two decimals, with a true minus sign; no "−0.00". */
const short = (value: number): string => {
  const text = (Math.abs(value) < 0.005 ? 0 : value).toFixed(2);
  return text.replace("-", "−");
};

/** The computation graph of batch norm with numbers: values in black, gradients in colour beside them. */
export function batchNormGraph(values: GraphValues): Figure {
  const names = nodes.flatMap(({ value, gradient }) => [value, gradient]);
  checkTensors("batchNormGraph", values, names);
  const m = values.x.size;
  if (m > 4 || values.mean.size !== 1) {
    refuse("batchNormGraph: x", values.x, "one feature of at most four examples, of shape [m, 1]");
  }
  const boxOf = ({ value, at: [column, row] }: Node) => {
    const height = headHeight + rowHeight * values[value].size + 0.06;
    return { x: column, y: centers[row], width: halfWidth, height };
  };
  const find = (name: keyof GraphValues) => nodes.find(({ value }) => value === name)!;

  const shapes = nodes.map((node) => {
    const { x, y, width, height } = boxOf(node);
    const statistic = node.at[1] === 1;
    return {
      type: "rect",
      x0: x - width,
      x1: x + width,
      y0: y - height / 2,
      y1: y + height / 2,
      line: { color: statistic ? otherColors[5] : methodColors.batchNorm, width: 1.5 },
      fillcolor: statistic ? "#f3f6fb" : "#eaf4fa",
    };
  });

  const text = (x: number, y: number, label: string, extra: Record<string, unknown> = {}) => ({
    x,
    y,
    text: label,
    showarrow: false,
    yanchor: "middle",
    ...extra,
  });
  const labels = nodes.flatMap((node) => {
    const { x, y, width, height } = boxOf(node);
    const top = y + height / 2;
    const rows = Array.from(values[node.value].data, (value, i) => [
      text(x - 0.02, top - headHeight - rowHeight * (i + 0.5), short(value), {
        xanchor: "right",
        font: { size: 10.5 },
      }),
      text(x + width - 0.03, top - headHeight - rowHeight * (i + 0.5), short(values[node.gradient].data[i]), {
        xanchor: "right",
        font: { size: 10.5, color: methodColors.layerNorm },
      }),
    ]);
    return [
      text(x, top - 0.12, `<b>${node.title}</b>`, { font: { size: 13 } }),
      ...(node.formula ? [text(x, top - 0.31, node.formula, { font: { size: 9.5, color: "#555555" } })] : []),
      ...rows.flat(),
    ];
  });

  // Arrows are drawn as lines with an arrow-shaped marker at their end: annotations' own arrows are
  // placed by the browser's path measurements, which the static picture lacks.
  const arrows = edges.map(([from, to]): Trace => {
    const [a, b] = [boxOf(find(from)), boxOf(find(to))];
    const sameRow = a.y === b.y;
    const down = b.y < a.y ? -1 : 1;
    // Towards the other box, so that two arrows into one box don't end at the same point.
    const aside = Math.min(0.6 * halfWidth, 0.25 * (b.x - a.x));
    const start = sameRow ? [a.x + a.width, a.y] : [a.x + aside, a.y + (down * a.height) / 2];
    const end = sameRow ? [b.x - b.width - 0.03, b.y] : [b.x - aside, b.y - down * (b.height / 2 + 0.03)];
    return {
      type: "scatter",
      mode: "lines+markers",
      x: [start[0], end[0]],
      y: [start[1], end[1]],
      line: { color: "#777777", width: 1.5 },
      marker: { color: "#777777", symbol: "arrow", angleref: "previous", size: [0, 11], opacity: 1 },
      hoverinfo: "skip",
    };
  });

  const words = nodes.map(({ title, value, gradient }) => {
    const list = (tensor: Tensor) => Array.from(tensor.data, short).join(", ");
    return `${title} = ${list(values[value])} with gradient ${list(values[gradient])}`;
  });
  const head = heading(
    "Batch norm as a graph",
    "Left in each box: the values. Right, orange: the gradients of the loss with respect to them.",
  );
  const hidden = { visible: false, fixedrange: true };
  return new Figure({
    data: arrows,
    layout: {
      ...head,
      height: 380,
      margin: { ...head.margin, l: 12, r: 12, b: 12 },
      xaxis: { ...hidden, range: [-0.55, 7.65] },
      yaxis: { ...hidden, range: [-2.3, 0.62] },
      shapes,
      annotations: labels,
      showlegend: false,
    },
    description: `The computation graph of batch norm for one feature of ${m} examples, from x through the mean μ, the centered values d, the variance σ², its reciprocal root r and x̂ to y. ${words.join("; ")}.`,
  });
}
