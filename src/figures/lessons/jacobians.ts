import type { TensorLike } from "../../tensor";
import { finiteTensor } from "../../tensor/finite";
import { jacobian, type Normalization } from "../../tensor/influence";
import { checkOptions, checkText, refuse } from "../../tensor/validate";
import { Figure, type Layout, type Trace } from "../figure";
import { heading } from "../heading";
import { checkCaption, checkMethods } from "../options";
import { axesOf, columnsOf, panelTitle } from "../panels";
import { divergingScale, stylesFor } from "../theme";
import { listed } from "../words";

/** One panel a method: how much each output of a small matrix x (N,C) moves with each input. */
export function jacobians(
  methods: Readonly<Record<string, Normalization>>,
  options: { x: TensorLike; title?: string; caption?: string },
): Figure {
  checkOptions<typeof options>("jacobians", options, {
    x: { required: finiteTensor },
    title: checkText,
    caption: checkCaption,
  });
  const { title = "How each output depends on each input", caption } = options;
  const point = finiteTensor("jacobians: x", options.x);
  if (point.rank !== 2) refuse("jacobians: x", point, "of shape [N, C]");
  const [n, c] = point.shape;
  checkMethods("jacobians: methods", methods);
  const names = Object.keys(methods);
  const styles = stylesFor(names);
  const matrices = names.map((name) => jacobian(methods[name], point));
  const largest = Math.max(...matrices.flat(2).map(Math.abs));
  const labels = Array.from(point.data, (_, i) => `sample ${Math.floor(i / c) + 1}, feature ${(i % c) + 1}`);

  const columns = columnsOf(names.length, 0.06);
  const layout: Layout = {};
  const annotations: Layout[] = [];
  const shapes: Layout[] = [];
  const data = matrices.map((matrix, p): Trace => {
    const { x: xName, y: yName, xaxis, yaxis } = axesOf(p);
    const samples = {
      tickvals: Array.from({ length: n }, (_, i) => i * c + (c - 1) / 2),
      ticktext: Array.from({ length: n }, (_, i) => String(i + 1)),
      ...{ ticks: "", showgrid: false, showline: false },
    };
    layout[xaxis] = {
      ...samples,
      domain: columns[p],
      anchor: yName,
      title: { text: "input x, by sample" },
    };
    layout[yaxis] = {
      ...samples,
      anchor: xName,
      range: [n * c - 0.5, -0.5],
      scaleanchor: xName,
      constrain: "domain",
      ...(p === 0 && { title: { text: "output y, by sample" } }),
    };
    // Lines between the samples.
    for (let i = 1; i < n; i++) {
      const at = i * c - 0.5;
      const [low, high] = [-0.5, n * c - 0.5];
      const line = { color: "#8a8a8a", width: 1 };
      const common = { type: "line", xref: xName, yref: yName, line };
      shapes.push(
        { ...common, x0: at, x1: at, y0: low, y1: high },
        { ...common, x0: low, x1: high, y0: at, y1: at },
      );
    }
    const { title, color } = styles[p];
    annotations.push(panelTitle({ title, x: columns[p][0], y: 1 }, { font: { size: 13, color }, yshift: 4 }));
    return {
      ...{ type: "heatmap", z: matrix, xaxis: xName, yaxis: yName },
      ...{ colorscale: divergingScale, zmin: -largest, zmax: largest, xgap: 1, ygap: 1 },
      ...(p === names.length - 1
        ? { colorbar: { title: { text: "∂y/∂x", side: "top" }, outlinewidth: 0, thickness: 14 } }
        : { showscale: false }),
      text: labels.map((output) => labels.map((input) => `output: ${output}<br>input: ${input}`)),
      hovertemplate: "%{text}<br>∂y/∂x = %{z:.3f}<extra></extra>",
    };
  });
  const shares = matrices.map((matrix, p) => {
    const coupled = matrix.flat().filter((value) => Math.abs(value) > 1e-6 * largest).length;
    return `${styles[p].title}: ${coupled} of ${matrix.flat().length}`;
  });
  const head = heading(title, caption, 24);
  const height = head.margin.t + (700 / names.length) * 0.84 + 56;
  return new Figure({
    data,
    layout: { ...head, ...layout, shapes, annotations, height, margin: { ...head.margin, r: 90 } },
    description: `${title}: matrices of the derivatives of all outputs by all inputs; derivatives that are not 0: ${listed(shares)}.`,
  });
}
