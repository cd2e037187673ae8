import { batchNorm } from "../../norm";
import type { Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { statisticsSwitches } from "../switches/standardizing";
import { batch, type MovingStatistics, movingStatistics } from "./samples";

interface UpdateOptions {
  momentum: number;
  unbiased: boolean;
}

/** moving: (C) each; x (N, C); momentum is the weight of the old value. Returns the new statistics. */
export type UpdateMoving = (moving: MovingStatistics, x: Tensor, options: UpdateOptions) => MovingStatistics;

/** Exercise bn-moving: the exponential moving averages of mean and variance. */
export const bnMoving: Check<UpdateMoving> = formulaExercise("bn-moving", {
  switches: {
    weightsSwapped:
      "the moving average is updated with the weights swapped: `momentum` is the weight of the old value here " +
      "(PyTorch's convention is the other one)",
    meanWeightsSwapped:
      "the weights are swapped for the mean: `momentum` is the weight of the old value for both statistics",
    varianceWeightsSwapped:
      "the weights are swapped for the variance: `momentum` is the weight of the old value for both statistics",
    replaced: "you replaced the old value by the batch's; average the two",
    meanReplaced: "you replaced the moving mean by the batch's mean; average the two, as for the variance",
    varianceReplaced:
      "you replaced the moving variance by the batch's variance; average the two, as for the mean",
    unchanged: "you returned the old value unchanged",
    noWeightOfNew: "you added the batch's value without the weight 1 − momentum",
    noWeightOfOld: "you added the old value without its weight, `momentum`",
    halved: "you took the plain average of old and new; `momentum` is the weight of the old value",
    momentumFixed: "you took a momentum of your own: use the one that is handed in",
    momentumFixed99: "you took a momentum of your own: use the one that is handed in",
    subtracted: "you subtracted the batch's part; the two parts are added",
    alwaysBiased: "this is the biased variance; with `unbiased` it is multiplied by m/(m − 1) first",
    alwaysUnbiased: "this is the unbiased variance; without `unbiased` it is Σ(x − μ)²/m",
    unbiasedSwapped: "`unbiased` works the wrong way round: m − 1 is the divisor when it is true",
    correctionInverted: "the correction is m/(m − 1), not (m − 1)/m",
    correctionOfMean: "the correction m/(m − 1) is for the variance alone; the mean has none",
    correctionLast:
      "you corrected the moving average; m/(m − 1) is for the batch's variance, before it is averaged in",
    correctionByPlus: "the correction is m/(m − 1); you divided by m + 1",
    deviations: "you averaged standard deviations; average variances",
    deviationsSquared: "you averaged standard deviations and squared that; average the variances themselves",
    aroundMovingMean:
      "you subtracted the moving mean before squaring; the batch's variance is around its own mean",
    aroundNewMean:
      "you subtracted the updated moving mean before squaring; the batch's variance is around its own mean",
    uncentredVariance: statisticsSwitches.uncentredVariance,
    sumOfSquares: statisticsSwitches.sumOfSquares,
    sumForMean: statisticsSwitches.sumForMean,
    wholeTensor: "you took one mean and one variance of all elements; each column has its own",
    outputsSwapped: "mean and variance are exchanged in what you return",
  },
  formula:
    (on) =>
    (old: MovingStatistics, x: Tensor, options: UpdateOptions): MovingStatistics => {
      const [n] = x.shape;
      const axes = on("wholeTensor") ? [0, 1] : [0];
      const mean = on("sumForMean") ? x.sum(axes) : x.mean(axes);
      const momentum = on("momentumFixed") ? 0.9 : on("momentumFixed99") ? 0.99 : options.momentum;
      const unbiased =
        on("alwaysUnbiased") || (!on("alwaysBiased") && options.unbiased !== on("unbiasedSwapped"));
      const mix = (before: Tensor, now: Tensor, isSwapped: boolean, isReplaced: boolean) => {
        if (on("unchanged")) return before;
        if (on("replaced") || isReplaced) return now;
        const weight = on("halved") ? 0.5 : isSwapped ? 1 - momentum : momentum;
        const newPart = on("noWeightOfNew") ? now : now.mul(1 - weight);
        return before.mul(on("noWeightOfOld") ? 1 : weight).add(on("subtracted") ? newPart.neg() : newPart);
      };
      const correction = !unbiased
        ? 1
        : on("correctionInverted")
          ? (n - 1) / n
          : on("correctionByPlus")
            ? n / (n + 1)
            : n / (n - 1);
      const swapped = on("weightsSwapped");
      const ownMean = on("correctionOfMean") ? mean.mul(correction) : mean;
      const movingMean = mix(
        old.movingMean,
        ownMean,
        swapped || on("meanWeightsSwapped"),
        on("meanReplaced"),
      );
      const around = on("aroundMovingMean")
        ? old.movingMean
        : on("aroundNewMean")
          ? movingMean
          : on("uncentredVariance")
            ? 0
            : x.mean(axes, true);
      const squares = x.sub(around).square();
      const biased = on("sumOfSquares") ? squares.sum(axes) : squares.mean(axes);
      const variance = on("correctionLast") ? biased : biased.mul(correction);
      const isRoot = on("deviationsSquared");
      const blended = mix(
        isRoot ? old.movingVariance.sqrt() : old.movingVariance,
        isRoot || on("deviations") ? variance.sqrt() : variance,
        swapped || on("varianceWeightsSwapped"),
        on("varianceReplaced"),
      );
      const mixed = isRoot ? blended.square() : blended;
      const movingVariance = on("correctionLast") ? mixed.mul(correction) : mixed;
      return on("outputsSwapped")
        ? { movingMean: movingVariance, movingVariance: movingMean }
        : { movingMean, movingVariance };
    },
  right: (old, x, { momentum, unbiased }) => {
    const result = batchNorm(x, { ...old, momentum, unbiasedMoving: unbiased });
    return { movingMean: result.movingMean!, movingVariance: result.movingVariance! };
  },
  cases: (seed) => {
    const trial = (output: keyof MovingStatistics, n: number, momentum: number, unbiased: boolean) => ({
      args: [movingStatistics(seed + n, 3), batch(seed + n, [n, 3]).x, { momentum, unbiased }] as [
        MovingStatistics,
        Tensor,
        UpdateOptions,
      ],
      output,
    });
    return {
      usual: {
        "moving mean, momentum 0.9": trial("movingMean", 5, 0.9, false),
        "moving variance, momentum 0.9": trial("movingVariance", 5, 0.9, false),
        "moving variance, unbiased as in PyTorch": trial("movingVariance", 5, 0.9, true),
      },
      hard: {
        "momentum 0.99, batch of two": trial("movingVariance", 2, 0.99, true),
        "`unbiased` leaves the mean alone": trial("movingMean", 4, 0.8, true),
        "momentum 1 changes nothing": trial("movingMean", 4, 1, false),
        "momentum 0 forgets everything": trial("movingVariance", 4, 0, false),
      },
    };
  },
});
