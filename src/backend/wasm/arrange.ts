/** Transposed matrices, for which tfjs walks down the columns, and tf.where, which it does value by value. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerKernel } from "./registry";

export function registerArrange(heap: Heap): void {
  const transposeMatrices = heap.kernel("transposeMatrices");
  const choose = heap.kernel("choose");

  registerKernel<{ perm: number[] }>("Transpose", ({ inputs: { x }, attrs: { perm } }) => {
    const matrices = matricesOf(x.shape, perm);
    if (matrices === undefined || !allFloat32(x) || isEmpty(x)) return undefined;
    const y = heap.output(perm.map((axis) => x.shape[axis]));
    transposeMatrices(heap.at(x), heap.at(y), ...matrices);
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
 * [count, rows, columns] where the permutation keeps some first axes and changes places of two groups of others;
 * undefined for any other, and for one that changes nothing.
 */
function matricesOf(shape: number[], perm: number[]): [number, number, number] | undefined {
  // Axes of length 1 may be anywhere.
  const order = perm.filter((axis) => shape[axis] !== 1);
  const axes = [...order].sort((a, b) => a - b);
  let kept = 0;
  while (kept < order.length && order[kept] === axes[kept]) kept++;
  const rest = axes.slice(kept);
  const turn = rest.indexOf(order[kept]);
  const turned = [...rest.slice(turn), ...rest.slice(0, turn)];
  if (rest.length === 0 || !tf.util.arraysEqual(turned, order.slice(kept))) return undefined;
  const size = (of: number[]) => of.reduce((product, axis) => product * shape[axis], 1);
  return [size(axes.slice(0, kept)), size(rest.slice(0, turn)), size(rest.slice(turn))];
}
