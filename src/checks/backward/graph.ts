import { batchNorm, batchNormGradSteps } from "../../norm";
import type { Tensor } from "../../tensor";
import { batch, optionsOf, upstream } from "../batchNorm/samples";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { parameterSwitches, parametersWith } from "../switches/backward";

const steps = ["dBeta", "dGamma", "dXHat", "dRstd", "dVariance", "dCentered", "dMean", "dx"] as const;
type Step = (typeof steps)[number];

interface Values {
  centered: Tensor;
  xHat: Tensor;
  rstd: Tensor;
  gamma: Tensor;
}

/** dy, centered and xHat (N, C); rstd and gamma (C). */
export type BatchNormBackwardGraph = (dy: Tensor, values: Values) => Record<Step, Tensor>;

/** Exercise bn-backward-graph: the backward pass node by node, each gradient looked at by itself. */
export const bnBackwardGraph: Check<BatchNormBackwardGraph> = formulaExercise("bn-backward-graph", {
  switches: {
    ...parameterSwitches,
    centredInDGamma: "γ multiplies x̂, not the centred values: dγ = Σ dy·x̂",
    noGamma: "γ is missing: y = γ·x̂ + β, so dx̂ = γ·dy",
    gammaDivided: "dx̂ = γ·dy: you divided by γ",
    gammaSummed: "dx̂ is γ·dy for every element: nothing is summed there",
    dRstdNotSummed: "rstd is one number per column: sum dx̂·centered over the batch",
    dRstdWithXHat: "rstd multiplies `centered`, not x̂: drstd = Σ dx̂·centered",
    meanForDRstd: "drstd is the sum over the batch, not the mean",
    dRstdWithoutGamma: "γ is missing from drstd: start from dx̂, not from dy",
    dRstdWithoutCentred: "rstd multiplies `centered`: sum dx̂·centered, not dx̂ alone",
    dRstdSign: "the sign of drstd is wrong: drstd = Σ dx̂·centered",
    dVarianceSign: "the sign is wrong: rstd falls when the variance grows, so dσ² has −½·rstd³",
    noHalf: "the derivative of (v + ε)^(−1/2) has the factor ½: −½·rstd³",
    rstdToFirst: "the derivative of (v + ε)^(−1/2) is −½·(v + ε)^(−3/2) = −½·rstd³; you took rstd",
    rstdToSecond: "the derivative of (v + ε)^(−1/2) is −½·(v + ε)^(−3/2) = −½·rstd³; you took rstd²",
    rstdToFourth: "the derivative of (v + ε)^(−1/2) is −½·(v + ε)^(−3/2) = −½·rstd³; you took a higher power",
    rstdInverted: "the derivative of (v + ε)^(−1/2) is −½·rstd³; you took a power of the standard deviation",
    derivativeOfRoot: "you took the derivative of √(v + ε), ½·rstd; rstd is one over it: −½·rstd³",
    throughXHatOnly:
      "`centered` is used twice, for x̂ and for the variance: this is only what comes back through x̂",
    throughVarianceOnly:
      "`centered` is used twice, for x̂ and for the variance: this is only what comes back through the variance",
    varianceNotDivided: "the variance is a mean: its gradient reaches every row divided by m",
    varianceBySample: "the variance is divided by m, not by m − 1: so is its gradient",
    noTwo: "the derivative of a square has the factor 2: dcentered gets 2·centered·dσ²/m",
    varianceWithXHat: "the variance is made of `centered`, not of x̂: dcentered gets 2·centered·dσ²/m",
    varianceWithoutCentred: "the derivative of a square is 2·centered; you left out `centered`",
    varianceSubtracted: "what comes back through x̂ and through the variance is added; you subtracted",
    noRstdInCentred: "x̂ = centered·rstd: what comes back through x̂ is dx̂·rstd; you left out rstd",
    rstdDivided: "x̂ = centered·rstd: what comes back through x̂ is dx̂·rstd; you divided by rstd",
    dyInCentred: "γ is missing from dcentered: what comes back through x̂ is dx̂·rstd, not dy·rstd",
    dMeanSign: "the sign is wrong: the mean is subtracted, so dμ is −Σ dcentered",
    meanForDMean: "the mean is subtracted from every row: take the sum of −dcentered, not the mean",
    dMeanNotSummed: "the mean is one number per column: sum −dcentered over the batch",
    dMeanOfDXHat: "dμ comes back through `centered`: sum −dcentered, not −dx̂",
    noMeanTerm: "your dx ignores the gradient through the mean",
    noBothTerms: "your dx ignores the gradient through the mean and through the variance",
    noVarianceTerm: "your dx ignores the gradient through the variance",
    dMeanNotDivided: "the mean is Σx/m: its gradient reaches every row divided by m",
    dMeanSubtracted: "the sign of the part through the mean is wrong: add dμ/m",
    dMeanBySample: "the mean is Σx/m: its gradient is divided by m, not by m − 1",
    dMeanAlone: "dx has both parts, dcentered and dμ/m; you left out dcentered",
  },
  formula:
    (on) =>
    (dy: Tensor, { centered, xHat, rstd, gamma }: Values): Record<Step, Tensor> => {
      const [m] = dy.shape;
      const { dGamma, dBeta } = parametersWith(dy, on("centredInDGamma") ? centered : xHat, gamma, on);
      const dXHat = on("noGamma") ? dy : on("gammaDivided") ? dy.div(gamma) : dy.mul(gamma);

      const into = on("dRstdWithoutGamma") ? dy : dXHat;
      const products = on("dRstdWithoutCentred") ? into : into.mul(on("dRstdWithXHat") ? xHat : centered);
      const summed = on("meanForDRstd") ? products.mean([0]) : products.sum([0]);
      const dRstd = on("dRstdSign") ? summed.neg() : summed;

      const power = on("rstdToFirst")
        ? 1
        : on("rstdToSecond")
          ? 2
          : on("rstdToFourth")
            ? 4
            : on("rstdInverted")
              ? -3
              : 3;
      const slope = (on("dVarianceSign") ? 1 : -1) * (on("noHalf") ? 1 : 0.5);
      const dVariance = dRstd.mul(rstd.map((r) => (on("derivativeOfRoot") ? 0.5 * r : slope * r ** power)));

      const back = on("dyInCentred") ? dy : dXHat;
      const direct = on("noRstdInCentred") ? back : on("rstdDivided") ? back.div(rstd) : back.mul(rstd);
      const base = on("varianceWithXHat") ? xHat : on("varianceWithoutCentred") ? dy.mul(0).add(1) : centered;
      const divisor = on("varianceNotDivided") ? 1 : on("varianceBySample") ? m - 1 : m;
      const throughVariance = base.mul(dVariance).mul((on("noTwo") ? 1 : 2) / divisor);
      const dCentered = on("throughXHatOnly")
        ? direct
        : on("throughVarianceOnly")
          ? throughVariance
          : on("varianceSubtracted")
            ? direct.sub(throughVariance)
            : direct.add(throughVariance);

      const reaching = on("dMeanOfDXHat") ? dXHat : dCentered;
      const total = on("meanForDMean") ? reaching.mean([0]) : reaching.sum([0]);
      const dMean = on("dMeanSign") ? total : total.neg();

      const part = dMean.div(on("dMeanNotDivided") ? 1 : on("dMeanBySample") ? m - 1 : m);
      const dx = on("noMeanTerm")
        ? dCentered
        : on("noBothTerms")
          ? direct
          : on("noVarianceTerm")
            ? direct.sub(direct.mean([0]))
            : on("dMeanAlone")
              ? dCentered.mul(0).add(part)
              : on("dMeanSubtracted")
                ? dCentered.sub(part)
                : dCentered.add(part);
      return {
        dBeta,
        dGamma,
        dXHat: on("gammaSummed") ? dXHat.sum([0]) : dXHat,
        // Who doesn't sum here sums where the next step needs it, or would see no result.
        dRstd: on("dRstdNotSummed") ? products : dRstd,
        dVariance,
        dCentered,
        dMean: on("dMeanNotSummed") ? reaching.neg() : dMean,
        dx,
      };
    },
  cases: (seed) => {
    const argsOf = (shape: number[]): [Tensor, Values] => {
      const sample = batch(seed, shape);
      const dy = upstream(seed, shape);
      const { centered, xHat, rstd } = batchNormGradSteps(dy, batchNorm(sample.x, optionsOf(sample)).cache);
      return [dy, { centered, xHat, rstd, gamma: sample.gamma }];
    };
    const small = argsOf([6, 3]);
    const square = argsOf([4, 4]);
    return {
      usual: Object.fromEntries(steps.map((output) => [output, { args: small, output }])),
      hard: {
        "dCentered, as many rows as columns": { args: square, output: "dCentered" },
        "dx, as many rows as columns": { args: square, output: "dx" },
        "dx of a batch of one is 0": { args: argsOf([1, 3]), output: "dx" },
        "dx, a batch of 200": { args: argsOf([200, 2]), output: "dx" },
      },
    };
  },
});
