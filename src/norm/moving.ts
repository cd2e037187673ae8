/** Moving statistics: how training updates them and how inference asks for them. */
import { ones, type Tensor, type TensorLike, zeros } from "../tensor";
import { refuse } from "../tensor/validate";
import { parameter } from "./affine";

export interface MovingOptions {
  /** Running average of the means, (C); starts from 0 in training, needed in inference. */
  movingMean?: TensorLike;
  /** Running average of the variances, (C); starts from 1 in training, needed in inference. */
  movingVariance?: TensorLike;
}

/** The moving statistics to start from: those given, or 0 and 1 in training. */
export function startingStatistics(
  { movingMean, movingVariance }: MovingOptions,
  shape: readonly number[],
  training: boolean,
): { movingMean: Tensor; movingVariance: Tensor } {
  if (!training) {
    const must = "given when training is false, where it replaces the batch's own";
    if (movingMean === undefined) refuse("movingMean", movingMean, must);
    if (movingVariance === undefined) refuse("movingVariance", movingVariance, must);
  }
  return {
    movingMean: parameter("movingMean", movingMean ?? zeros(shape), shape),
    movingVariance: varianceParameter("movingVariance", movingVariance ?? ones(shape), shape),
  };
}

/** momentum · old + (1 − momentum) · now */
export function movingAverage(old: Tensor, now: Tensor, momentum: number): Tensor {
  return old.mul(momentum).add(now.mul(1 - momentum));
}

/** A given variance: of the right shape and nowhere negative. */
export function varianceParameter(argument: string, value: TensorLike, shape: readonly number[]): Tensor {
  const variance = parameter(argument, value, shape);
  const wrong = variance.data.find((element) => !(element >= 0));
  if (wrong !== undefined) refuse(`an element of ${argument}`, wrong, "0 or more");
  return variance;
}
