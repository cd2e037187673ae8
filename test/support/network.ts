/** A dense layer, a convolution and poolings in float64, as slow and plain as can be: the folding tests' network. */
import type { Tensor } from "normlab";
import { tensor } from "normlab";

/** x (N, inputs) · kernel (inputs, units) + bias (units) */
export function dense(x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  const [inputs, units] = kernel.shape;
  const y = new Float64Array(x.shape[0] * units);
  y.forEach((_, i) => {
    const [row, unit] = [Math.floor(i / units), i % units];
    y[i] = bias.data[unit];
    for (let k = 0; k < inputs; k++) y[i] += x.at(row, k) * kernel.at(k, unit);
  });
  return tensor(y, [x.shape[0], units]);
}

/** x (N,H,W,C) ⋆ kernel (h,w,C,filters) + bias (filters), stride 1; "same" pads with zeros around (odd kernels). */
export function convolve(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor,
  padding: "valid" | "same" = "valid",
): Tensor {
  const [n, height, width] = x.shape;
  const [h, w, channels, filters] = kernel.shape;
  const [top, left] = padding === "same" ? [(h - 1) / 2, (w - 1) / 2] : [0, 0];
  const shape = [n, height + 2 * top - h + 1, width + 2 * left - w + 1, filters];
  const y: number[] = [];
  forEachIndex(shape, ([b, i, j, f]) => {
    let sum = bias.at(f);
    forEachIndex([h, w, channels], ([p, q, c]) => {
      const [row, column] = [i + p - top, j + q - left];
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      if (inside) sum += x.at(b, row, column, c) * kernel.at(p, q, c, f);
    });
    y.push(sum);
  });
  return tensor(y, shape);
}

/** 2×2 windows, stride 2. */
export function pool(x: Tensor, kind: "max" | "average"): Tensor {
  const [n, height, width, channels] = x.shape;
  const shape = [n, height / 2, width / 2, channels];
  const y: number[] = [];
  forEachIndex(shape, ([b, i, j, c]) => {
    const window = [0, 1].flatMap((p) => [0, 1].map((q) => x.at(b, 2 * i + p, 2 * j + q, c)));
    y.push(kind === "max" ? Math.max(...window) : window.reduce((sum, value) => sum + value) / 4);
  });
  return tensor(y, shape);
}

function forEachIndex(
  shape: readonly number[],
  visit: (index: number[]) => void,
  prefix: number[] = [],
): void {
  if (prefix.length === shape.length) return visit(prefix);
  for (let i = 0; i < shape[prefix.length]; i++) forEachIndex(shape, visit, [...prefix, i]);
}
