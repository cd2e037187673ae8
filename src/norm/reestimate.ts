import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { otherAxes } from "../tensor/shape";
import { checkInteger, checkOptions, checkSameShape, refuse, resolveAxis } from "../tensor/validate";
import { defaults } from "./defaults";
import { checkVariance, moments } from "./standardize";

/**
 * movingMean = E[μ_B],  movingVariance = m/(m − 1) · E[σ_B²]: the statistics for inference measured anew
 * after training, over whole batches, instead of averaged along the way.
 *
 * batches: the inputs of one batch norm for several batches, each as batchNorm takes it; m values a channel
 * in each batch. Batches of different sizes count by their size: Σ m·μ_B / Σ m and Σ m·σ_B² / Σ (m − 1).
 * Refuses no batches, and batches with one value a channel only, since they have no variance.
 *
 * Ioffe and Szegedy 2015, "Batch Normalization", algorithm 2, steps 8–10.
 */
export function reestimate(
  batches: Iterable<TensorLike>,
  options: { axis?: number } = {},
): { movingMean: Tensor; movingVariance: Tensor } {
  checkOptions<typeof options>("reestimate", options, { axis: checkInteger });
  const { axis = defaults.batchNorm.axis } = options;
  if (typeof (batches as Iterable<TensorLike> | undefined)?.[Symbol.iterator] !== "function") {
    refuse("reestimate: batches", batches, "a list of tensors, the inputs of one batch norm");
  }
  let sums: { mean: Tensor; squares: Tensor } | undefined;
  let values = 0;
  let count = 0;
  for (const batch of batches) {
    const x = finiteTensor(`reestimate: batch ${count}`, batch);
    const { mean, variance } = moments(x, otherAxes(x.rank, [resolveAxis("axis", axis, x.rank)]));
    checkVariance("reestimate", variance);
    const m = x.size / mean.size;
    if (sums) checkSameShape(`the statistics of batch ${count}`, mean, sums.mean.shape, "as in the first");
    sums = {
      mean: sums ? sums.mean.add(mean.mul(m)) : mean.mul(m),
      squares: sums ? sums.squares.add(variance.mul(m)) : variance.mul(m),
    };
    values += m;
    count += 1;
  }
  if (!sums) refuse("batches", "empty", "at least one batch");
  if (values === count) refuse("batches", "of one value a channel each", "larger: one value has no variance");
  return { movingMean: sums.mean.div(values), movingVariance: sums.squares.div(values - count) };
}
