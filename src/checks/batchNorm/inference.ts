import { batchNorm } from "../../norm";
import type { Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { affineSwitches, affineWith } from "../switches/affine";
import {
  epsilonSwitches,
  meanWith,
  rootOf,
  rootSwitches,
  statisticsSwitches,
  varianceWith,
} from "../switches/standardizing";
import { batch, type BatchOptions, type MovingStatistics, movingStatistics, optionsOf } from "./samples";

type Options = BatchOptions & MovingStatistics;

/** x (N, C), everything else (C). Returns y. */
export type BatchNormInference = (x: Tensor, options: Options) => Tensor;

/** Exercise bn-inference: batch norm with the moving statistics. */
export const bnInference: Check<BatchNormInference> = formulaExercise("bn-inference", {
  switches: {
    batchStatistics: "you used the statistics of this batch; in inference they are the moving ones",
    batchMean: "you subtracted the batch's mean; in inference it is `movingMean`",
    batchVariance: "you divided by the batch's deviation; in inference it comes from `movingVariance`",
    rowStatistics:
      "you used each row's own statistics: this is layer norm; in inference they are the moving ones",
    wholeStatistics:
      "you used the statistics of all elements together; in inference they are the moving ones",
    ...statisticsSwitches,
    ...epsilonSwitches,
    ...rootSwitches,
    notCentred: "you did not subtract `movingMean` before dividing",
    meanAdded: "you added `movingMean`; subtract it",
    onlyCentred: "you only subtracted the mean; divide by √(movingVariance + ε), too",
    meanDivided: "`movingMean` is subtracted before dividing: (x − movingMean)/√(movingVariance + ε)",
    statisticsSwapped: "`movingMean` and `movingVariance` are exchanged",
    corrected: "`movingVariance` is used as it is: it needs no m/(m − 1) here",
    ...affineSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, { gamma, beta, movingMean, movingVariance, epsilon }: Options): Tensor => {
      const axes = on("wholeStatistics") ? [0, 1] : on("rowStatistics") ? [1] : [0];
      const ofBatch = on("batchStatistics") || on("rowStatistics") || on("wholeStatistics");
      const [movingM, movingV] = on("statisticsSwapped")
        ? [movingVariance, movingMean]
        : [movingMean, movingVariance];
      const mean = ofBatch || on("batchMean") ? meanWith(x, axes, on) : movingM;
      const [n] = x.shape;
      const handedIn = on("corrected") ? movingV.mul(n / (n - 1)) : movingV;
      const ownVariance = () => varianceWith(x, meanWith(x, axes, on), axes, on);
      const root = rootOf(ofBatch || on("batchVariance") ? ownVariance() : handedIn, epsilon, on);
      const centred = on("notCentred") ? x : on("meanAdded") ? x.add(mean) : x.sub(mean);
      const xHat = on("onlyCentred")
        ? centred
        : on("meanDivided")
          ? x.div(root).sub(mean)
          : centred.div(root);
      return affineWith(xHat, x, { gamma, beta }, on, root);
    },
  right: (x, options) => batchNorm(x, { ...options, training: false }).y,
  name: "y",
  cases: (seed) => {
    const trial = (n: number) => {
      const sample = batch(seed + n, [n, 3]);
      const options = { ...optionsOf(sample), ...movingStatistics(seed + n, 3) };
      return { args: [sample.x, options] as [Tensor, Options] };
    };
    return {
      usual: {
        "a batch of five, with the moving statistics": trial(5),
        "an example gives the same y alone as in company": trial(1),
      },
      hard: { "as many examples as channels": trial(3) },
    };
  },
});
