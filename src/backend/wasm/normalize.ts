/** The fused kernels under `normalize`, for every layout in which x can be seen as [outer, rows, groups, width]. */
import * as tf from "@tensorflow/tfjs";
import { dropAxes } from "../../tensor/shape";
import { composedNormalize, composedNormalizeGradient } from "../composed/normalize";
import { normalizeGradientKernel, normalizeKernel } from "../normalizeKernel";
import type { NormalizeAttributes } from "../normalizeKernel";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerKernel } from "./registry";

/**
 * Every normalization seen as one: x has the shape [outer, rows, groups, width], the statistics are taken over
 * rows and width, and γ and β have groups · width elements.
 *
 *   batch norm [1, N·H·W, C, 1]    instance norm [N, H·W, C, 1]    group norm [N, H·W, G, C/G]
 *   layer norm [rows, 1, 1, width] or [N, H·W, 1, C] when γ is per channel
 *
 * Two ways through the memory: assembly/normalizeRows.ts where rows = groups = 1, else assembly/normalizeColumns.ts.
 */
interface Layout {
  outer: number;
  rows: number;
  groups: number;
  width: number;
}

/**
 * x's axes in order, each kept or reduced and with or without parameters along it, must spell
 * outer* rows* groups* width*; undefined if they do not. Axes of size 1 fit anywhere.
 */
function layoutOf(shape: number[], axes: number[], parameters: number[] | undefined): Layout | undefined {
  const sizes = [1, 1, 1, 1];
  let place = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue;
    const reduced = axes.includes(axis);
    // Without parameters a kept axis may be outer or groups and a reduced one rows or width.
    const varies = parameters === undefined ? undefined : parameters[axis] !== 1;
    const fitting = (reduced ? [1, 3] : [0, 2]).filter((p) => varies === undefined || p >= 2 === varies);
    const next = fitting.find((p) => p >= place);
    if (next === undefined) return undefined;
    sizes[next] *= shape[axis];
    place = next;
  }
  const [outer, rows, groups, width] = sizes;
  // Rows of a matrix without parameters are found as rows; along them is faster as width.
  if (parameters === undefined && groups === 1 && width === 1) return { outer, rows: 1, groups, width: rows };
  return { outer, rows, groups, width };
}

export function registerNormalize(heap: Heap): void {
  const normalizeRows = heap.kernel("normalizeRows");
  const normalizeRowsGradient = heap.kernel("normalizeRowsGradient");
  const normalizeColumns = heap.kernel("normalizeColumns");
  const normalizeColumnsGradient = heap.kernel("normalizeColumnsGradient");
  type Tensors = Record<string, tf.TensorInfo>;

  function layoutFor({ x, gamma, beta }: Tensors, { axes, affine }: NormalizeAttributes): Layout | undefined {
    if (!allFloat32(x, gamma, beta) || isEmpty(x)) return undefined;
    if (affine && !gamma.shape.every((size, axis) => size === beta.shape[axis])) return undefined;
    const layout = layoutOf(x.shape, axes, affine ? gamma.shape : undefined);
    // A γ that does not reach every element of an axis it varies along is a broadcast ours do not do.
    return layout && (!affine || tf.util.sizeFromShape(gamma.shape) === layout.groups * layout.width)
      ? layout
      : undefined;
  }

  registerKernel<NormalizeAttributes>(normalizeKernel, ({ inputs, attrs }) => {
    const { x, gamma, beta } = inputs;
    const layout = layoutFor(inputs, attrs);
    if (!layout) return composedNormalize({ inputs, attrs: { ...attrs }, backend: tf.backend() });
    const { outer, rows, groups, width } = layout;
    const kept = dropAxes(x.shape, attrs.axes);
    const [y, mean, variance] = [heap.output(x.shape), heap.output(kept), heap.output(kept)];
    const addresses = [x, gamma, beta, y, mean, variance].map((tensor) => heap.at(tensor));
    if (!attrs.affine) addresses[1] = addresses[2] = 0;
    const center = attrs.center ? 1 : 0;
    if (rows === 1 && groups === 1) {
      normalizeRows(...addresses, outer, width, center, attrs.epsilon);
    } else {
      const scratch = heap.scratch(3 * groups * width);
      normalizeColumns(...addresses, outer, rows, groups, width, center, attrs.epsilon, scratch);
    }
    return [y, mean, variance];
  });

  registerKernel<NormalizeAttributes>(normalizeGradientKernel, ({ inputs, attrs }) => {
    const layout = layoutFor(inputs, attrs);
    if (!layout) return composedNormalizeGradient({ inputs, attrs: { ...attrs }, backend: tf.backend() });
    const { outer, rows, groups, width } = layout;
    const { x, dy, gamma, beta, mean, variance, dMean, dVariance } = inputs;
    const [dx, dGamma, dBeta] = [heap.output(x.shape), heap.output(gamma.shape), heap.output(beta.shape)];
    const tensors = [x, dy, gamma, mean, variance, dMean, dVariance, dx, dGamma, dBeta];
    const addresses = tensors.map((tensor) => heap.at(tensor));
    if (!attrs.affine) addresses[2] = 0;
    const center = attrs.center ? 1 : 0;
    if (rows === 1 && groups === 1) {
      normalizeRowsGradient(...addresses, outer, width, center, attrs.epsilon);
    } else {
      const scratch = heap.scratch(4 * groups * width);
      normalizeColumnsGradient(...addresses, outer, rows, groups, width, center, attrs.epsilon, scratch);
    }
    return [dx, dGamma, dBeta];
  });
}
