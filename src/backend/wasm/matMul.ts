/** Matrix products: all transposes, batches, and the dense layer's with bias and ReLU. */
import * as tf from "@tensorflow/tfjs";
import { isFused, isPerChannel, modeOf } from "./fusion";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerKernel } from "./registry";

interface MatMulAttributes {
  transposeA: boolean;
  transposeB: boolean;
  activation?: string;
}

type Product = (
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  attrs: MatMulAttributes,
) => tf.TensorInfo | undefined;

/** a · b [+ bias] [, relu] over batches of matrices; undefined for what ours does not do. */
export function matrixProduct(heap: Heap): Product {
  const multiply = heap.kernel("product");
  const productRoom = heap.size("productRoom");
  return (a, b, bias, { transposeA, transposeB, activation }) => {
    const [aRows, aColumns] = a.shape.slice(-2);
    const [bRows, bColumns] = b.shape.slice(-2);
    const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const columns = transposeB ? bRows : bColumns;
    const [aLead, bLead] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const [aBatch, bBatch] = [tf.util.sizeFromShape(aLead), tf.util.sizeFromShape(bLead)];
    const aligned = tf.util.arraysEqual(aLead, bLead);
    if (!(aligned || aBatch === 1 || bBatch === 1)) return undefined;
    const y = heap.output([...tf.broadcast_util.assertAndGetBroadcastShape(aLead, bLead), rows, columns]);
    if (isEmpty(y)) return y;

    const [aRow, aDepth] = transposeA ? [4, aColumns * 4] : [aColumns * 4, 4];
    const [bRow, bColumn] = transposeB ? [4, bColumns * 4] : [bColumns * 4, 4];
    const biasAt = bias ? heap.at(bias) : 0;
    const mode = modeOf(activation);
    // One matrix b for a whole batch of a: their rows are those of one long matrix.
    const isFlat = bBatch === 1 && !transposeA;
    const [count, height] = isFlat ? [1, aBatch * rows] : [Math.max(aBatch, bBatch), rows];
    const room = heap.scratch(productRoom(height, depth, columns));
    for (let i = 0; i < count; i++) {
      const aAt = heap.at(a) + (aBatch === 1 ? 0 : i * rows * depth * 4);
      const bAt = heap.at(b) + (bBatch === 1 ? 0 : i * depth * columns * 4);
      const yAt = heap.at(y) + i * rows * columns * 4;
      const [left, right] = [
        [aAt, aRow, aDepth],
        [bAt, bRow, bColumn],
      ];
      multiply(...left, ...right, yAt, columns * 4, height, depth, columns, biasAt, mode, room);
    }
    return y;
  };
}

export function registerMatMul(heap: Heap): void {
  const product = matrixProduct(heap);

  registerKernel<MatMulAttributes>("BatchMatMul", ({ inputs: { a, b }, attrs }) => {
    if (!allFloat32(a, b)) return undefined;
    return product(a, b, undefined, { ...attrs, activation: undefined });
  });

  registerKernel<MatMulAttributes>("_FusedMatMul", ({ inputs, attrs }) => {
    const { a, b, bias, preluActivationWeights } = inputs;
    const columns = attrs.transposeB ? b.shape.at(-2) : b.shape.at(-1);
    if (!isFused(attrs.activation) || preluActivationWeights || !isPerChannel(bias, columns!))
      return undefined;
    if (!allFloat32(a, b, bias)) return undefined;
    return product(a, b, bias, attrs);
  });
}
