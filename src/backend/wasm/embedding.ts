/** Rows of a table by their numbers, as tf.layers.embedding and tf.gather take them, and their gradient. */
import * as tf from "@tensorflow/tfjs";
import { refuse } from "../../tensor/validate";
import type { Heap } from "./heap";
import { allFloat32, isEmpty, registerGradient, registerKernel } from "./registry";

const gradientKernel = "NormlabGatherRowsGradient";

interface GatherAttributes {
  axis: number;
  batchDims: number;
}

/** Whether ours do it: whole rows along the first axis, of real numbers. */
const isOfRows = (x: tf.TensorInfo, { axis, batchDims }: GatherAttributes): boolean =>
  (axis === 0 || axis === -x.shape.length) && batchDims === 0 && x.shape.length > 0 && allFloat32(x);

export function registerEmbedding(heap: Heap): void {
  const gatherRows = heap.checkingKernel("gatherRows");
  const scatterRows = heap.kernel("scatterRows");

  registerKernel<GatherAttributes>("GatherV2", ({ inputs: { x, indices }, attrs }) => {
    if (!isOfRows(x, attrs) || indices.dtype !== "int32" || isEmpty(x)) return undefined;
    const [rows, ...row] = x.shape;
    const y = heap.output([...indices.shape, ...row]);
    const count = tf.util.sizeFromShape(indices.shape);
    const width = tf.util.sizeFromShape(row);
    const wrong = gatherRows(heap.at(x), heap.at(indices), heap.at(y), count, rows, width);
    if (wrong < 0) return y;
    tf.backend().disposeData(y.dataId);
    refuse("gather: an index", tf.backend().readSync(indices.dataId)[wrong], rangeOf(rows));
  });

  registerKernel<{ rows: number }>(gradientKernel, ({ inputs: { indices, dy }, attrs: { rows } }) => {
    const row = dy.shape.slice(indices.shape.length);
    const dx = heap.output([rows, ...row]);
    const count = tf.util.sizeFromShape(indices.shape);
    const width = tf.util.sizeFromShape(row);
    scatterRows(heap.at(dy), heap.at(indices), heap.at(dx), count, rows, width);
    return dx;
  });

  const stock = tf.getGradient("GatherV2");
  registerGradient({
    kernelName: "GatherV2",
    inputsToSave: ["x", "indices"],
    gradFunc: (dy, saved, attrs) => {
      const [x, indices] = saved;
      const isOurs = isOfRows(x, attrs as unknown as GatherAttributes) && indices.dtype === "int32";
      if (!isOurs) return stock.gradFunc(dy, saved, attrs);
      const inputs = { indices, dy: dy as tf.Tensor };
      return {
        x: () => tf.engine().runKernel(gradientKernel, inputs, { rows: x.shape[0] }) as tf.Tensor,
        indices: () => tf.zeros(indices.shape),
      };
    },
  });

  registerGradient({
    kernelName: gradientKernel,
    inputsToSave: ["indices"],
    gradFunc: (ddx, [indices]) => ({
      dy: () => tf.gather(ddx as tf.Tensor, indices as tf.Tensor1D),
    }),
  });
}

const rangeOf = (rows: number): string =>
  rows === 1
    ? "0, the only row there is"
    : `a whole number from 0 to ${rows - 1}, one of the ${rows} rows there are`;
