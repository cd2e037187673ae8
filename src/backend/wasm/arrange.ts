/** Transposed matrices, for which tfjs walks down the columns, and tf.where, which it does value by value. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerKernel } from "./registry";

export function registerArrange(heap: Heap): void {
  const transposeMatrices = heap.kernel("transposeMatrices");
  const transposeRows = heap.kernel("transposeRows");
  const choose = heap.kernel("choose");

  registerKernel<{ perm: number[] }>("Transpose", ({ inputs: { x }, attrs: { perm } }) => {
    const matrices = matricesOf(x.shape, perm);
    if (matrices === undefined || !allFloat32(x) || isEmpty(x)) return undefined;
    const y = heap.output(perm.map((axis) => x.shape[axis]));
    const { count, rows, columns, width } = matrices;
    if (width === 1) transposeMatrices(heap.at(x), heap.at(y), count, rows, columns);
    else transposeRows(heap.at(x), heap.at(y), count, rows, columns, width);
    return y;
  });

  registerKernel("Select", ({ inputs: { condition, t, e } }) => {
    const isSame = [condition, e].every(({ shape }) => tf.util.arraysEqual(shape, t.shape));
    if (!isSame || condition.dtype !== "bool" || !allFloat32(t, e)) return undefined;
    const y = heap.output(t.shape);
    const addresses = [condition, t, e, y].map((tensor) => heap.at(tensor));
    choose(...addresses, tf.util.sizeFromShape(t.shape));
    return y;
  });
}

/**
 * x as `count` matrices of rows × columns, each element of `width` values: where the permutation keeps some first and
 * some last axes, and two groups between them change places. Undefined for any other, and for one that changes nothing.
 */
function matricesOf(
  shape: number[],
  perm: number[],
): Record<"count" | "rows" | "columns" | "width", number> | undefined {
  // Axes of length 1 may be anywhere.
  const order = perm.filter((axis) => shape[axis] !== 1);
  const axes = [...order].sort((a, b) => a - b);
  const isMoved = order.map((axis, i) => axis !== axes[i]);
  const [first, last] = [isMoved.indexOf(true), isMoved.lastIndexOf(true) + 1];
  if (first < 0) return undefined;
  const between = axes.slice(first, last);
  const turn = between.indexOf(order[first]);
  const turned = [...between.slice(turn), ...between.slice(0, turn)];
  if (!tf.util.arraysEqual(turned, order.slice(first, last))) return undefined;
  const size = (of: number[]) => of.reduce((product, axis) => product * shape[axis], 1);
  return {
    count: size(axes.slice(0, first)),
    rows: size(between.slice(0, turn)),
    columns: size(between.slice(turn)),
    width: size(axes.slice(last)),
  };
}
