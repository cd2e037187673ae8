/** Moving statistics: how training updates them and how inference asks for them. */
import { ones, type Tensor, type TensorLike, zeros } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { type OptionChecks, refuse } from "../tensor/validate";
import { parameter } from "./affine";

export interface MovingOptions {
  /** Running average of the means, (C); starts from 0 in training, needed in inference. */
  movingMean?: TensorLike;
  /** Running average of the variances, (C); starts from 1 in training, needed in inference. */
  movingVariance?: TensorLike;
}

/** What they must be; the rest is for startingStatistics() to say. */
export const movingOptions: OptionChecks<MovingOptions> = {
  movingMean: finiteTensor,
  movingVariance: finiteTensor,
};

/**
 * The options alone, where they were made of the result of the step before, as in
 * `moving = batchNorm(x, { ...moving, momentum })`: all of it comes along with the moving statistics.
 */
export function withoutResult(options: unknown, result: readonly string[]): unknown {
  if (typeof options !== "object" || options === null || !("cache" in options)) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !result.includes(name)));
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
  const wrong = variance.data.find((element) => element < 0);
  if (wrong !== undefined) refuse(`an element of ${argument}`, wrong, "0 or more");
  return variance;
}
