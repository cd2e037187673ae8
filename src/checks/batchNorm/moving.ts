import { batchNorm } from "../../norm";
import type { Tensor } from "../../tensor";
import { diagnose, type Misconception } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { batch, type MovingStatistics, movingStatistics } from "./samples";

/** moving: (C) each; x (N, C); momentum is the weight of the old value. Returns the new statistics. */
export type UpdateMoving = (
  moving: MovingStatistics,
  x: Tensor,
  options: { momentum: number; unbiased: boolean },
) => MovingStatistics;

/** Exercise bn-moving: the exponential moving averages of mean and variance. */
export const bnMoving: Check<UpdateMoving> = exercise("bn-moving", (solution, seed) => {
  const check = (name: keyof MovingStatistics, n: number, momentum: number, unbiased: boolean) => {
    const { x } = batch(seed + n, [n, 3]);
    const old = movingStatistics(seed + n, 3);
    const result = batchNorm(x, { ...old, momentum, unbiasedMoving: unbiased });
    const given = field(invoke(solution, old, x, { momentum, unbiased }), name);
    const now = name === "movingMean" ? result.mean : result.variance.mul(unbiased ? n / (n - 1) : 1);
    const mixed =
      (value: Tensor, weight = momentum) =>
      () =>
        old[name].mul(weight).add(value.mul(1 - weight));
    const biased = result.variance;
    const common: Misconception[] = [
      {
        message:
          "the moving average is updated with the weights swapped: `momentum` is the weight of the old value here " +
          "(PyTorch's convention is the other one)",
        value: mixed(now, 1 - momentum),
      },
      { message: "you replaced the old value by the batch's; average the two", value: now },
      { message: "you returned the old value unchanged", value: old[name] },
      {
        message: "you added the batch's value without the weight 1 − momentum",
        value: () => old[name].mul(momentum).add(now),
      },
    ];
    const ofVariance: Misconception[] = [
      {
        message: unbiased
          ? "this is the biased variance; with `unbiased` it is multiplied by m/(m − 1) first"
          : "this is the unbiased variance; without `unbiased` it is Σ(x − μ)²/m",
        value: mixed(unbiased ? biased : biased.mul(n / (n - 1))),
      },
      { message: "you averaged standard deviations; average variances", value: mixed(now.sqrt()) },
      {
        message:
          "you subtracted the moving mean before squaring; the batch's variance is around its own mean",
        value: () => mixed(x.sub(old.movingMean).square().mean([0]))(),
      },
      { message: "the correction is m/(m − 1), not (m − 1)/m", value: mixed(biased.mul((n - 1) / n)) },
    ];
    return diagnose(given, result[name], name === "movingMean" ? common : [...common, ...ofVariance], {
      name,
    });
  };
  return {
    usual: {
      "moving mean, momentum 0.9": () => check("movingMean", 5, 0.9, false),
      "moving variance, momentum 0.9": () => check("movingVariance", 5, 0.9, false),
      "moving variance, unbiased as in PyTorch": () => check("movingVariance", 5, 0.9, true),
    },
    hard: {
      "momentum 0.99, batch of two": () => check("movingVariance", 2, 0.99, true),
      "`unbiased` leaves the mean alone": () => check("movingMean", 4, 0.8, true),
      "momentum 1 changes nothing": () => check("movingMean", 4, 1, false),
      "momentum 0 forgets everything": () => check("movingVariance", 4, 0, false),
    },
  };
});
