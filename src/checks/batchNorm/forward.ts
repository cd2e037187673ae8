import { batchNorm } from "../../norm";
import { full, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import { digitsLost } from "../layerNorm/samples";
import { affineSwitches, affineWith } from "../switches/affine";
import { partAxesSwitches, partAxesWith } from "../switches/axes";
import { countOf, standardizeWith, standardizingSwitches } from "../switches/standardizing";
import { type Batch, batch, type BatchOptions, optionsOf } from "./samples";

interface Forward {
  y: Tensor;
  xHat: Tensor;
  mean: Tensor;
  variance: Tensor;
}

/** x (N, C); gamma, beta, mean and variance (C); y and xHat (N, C). */
export type BatchNormForward = (x: Tensor, options: BatchOptions) => Forward;

/** Exercise bn-forward: the four equations of batch norm in training mode, x of shape (N, C). */
export const bnForward: Check<BatchNormForward> = formulaExercise("bn-forward", {
  switches: {
    layerNorm:
      "you averaged over the wrong axis: this is layer norm, which takes each row by itself; " +
      "batch norm takes each column, over the batch",
    wholeTensor: "you took one mean and one variance of all elements; batch norm has one of each per column",
    ...partAxesSwitches,
    ...standardizingSwitches,
    ...affineSwitches,
    deviationReturned: "this is the standard deviation; the variance is its square",
    rootReturned: "this is what you divide by; the variance is asked for, without ε and root",
    epsilonInVariance: "ε does not belong to the variance; add it where you divide",
    sampleVarianceReturned:
      "the variance that you return is divided by m − 1; batch norm takes the biased variance",
    biasedVarianceReturned:
      "x̂ is made with the variance divided by m − 1; batch norm takes the biased one, which you return",
    sumReturned: "this is the sum of each column; divide it by m",
    squaresReturned: "this is the sum of squares; divide it by m",
    meanSquareReturned: "this is the mean of the squares; subtract the mean before squaring",
    xHatCentredOnly: "`xHat` is only centred; it is divided by √(σ² + ε), too",
    xHatIsY: "`xHat` is y; it is what γ and β are applied to",
  },
  formula:
    (on) =>
    (x: Tensor, { gamma, beta, epsilon }: BatchOptions): Forward => {
      const axes = on("layerNorm") ? [1] : on("wholeTensor") ? [0, 1] : [0];
      const used = partAxesWith(axes, [1], [0, 1], on);
      const ofVariance: On = (id) =>
        on(id as never) || (id === "sampleVariance" && on("biasedVarianceReturned"));
      const { xHat, mean, variance, root } = standardizeWith(x, used, epsilon, ofVariance);
      const y = affineWith(xHat, x, { gamma, beta }, on, root);
      const n = countOf(x, axes);
      const over = "mean" in used ? used : { mean: used, variance: used };
      const flat = (t: Tensor, reduced: readonly number[]) =>
        t.reshape(t.shape.filter((_, axis) => !reduced.includes(axis)));
      const told = on("deviationReturned")
        ? variance.sqrt()
        : on("rootReturned")
          ? root
          : on("epsilonInVariance")
            ? variance.add(epsilon)
            : on("biasedVarianceReturned")
              ? variance.mul((n - 1) / n)
              : on("sampleVarianceReturned")
                ? variance.mul(n / (n - 1))
                : on("squaresReturned")
                  ? variance.mul(n)
                  : on("meanSquareReturned")
                    ? x.square().mean(axes, true)
                    : variance;
      return {
        y,
        xHat: on("xHatIsY") ? y : on("xHatCentredOnly") ? x.sub(mean) : xHat,
        mean: flat(on("sumReturned") ? mean.mul(n) : mean, over.mean),
        variance: flat(told, over.variance),
      };
    },
  right: (x, options) => {
    const { y, mean, variance, cache } = batchNorm(x, options);
    return { y, mean, variance, xHat: cache.xHat };
  },
  fragile: digitsLost,
  cases: (seed) => {
    const argsOf = (sample: Batch): [Tensor, BatchOptions] => [sample.x, optionsOf(sample)];
    const sample = batch(seed, [6, 3]);
    const args = argsOf(sample);
    const y = (given: Batch) => ({ args: argsOf(given), output: "y" });
    return {
      usual: {
        "mean: one for each column": { args, output: "mean" },
        "variance: biased, one for each column": { args, output: "variance" },
        "x̂: mean 0, variance σ²/(σ² + ε)": { args, output: "xHat" },
        "y = γ·x̂ + β": { args, output: "y" },
        "a square batch, whose rows could be taken for columns": y(batch(seed + 10, [4, 4])),
      },
      hard: {
        "a constant column gives β, not NaN": y({ ...sample, x: full([5, 3], 7) }),
        "a batch of one gives β": y(batch(seed + 20, [1, 3])),
        "a large mean beside a small spread: mean 10⁶, σ 1": {
          ...y({ ...sample, x: sample.x.add(1e6) }),
          fragile: true,
        },
      },
    };
  },
});
