/**
 * The way back through x̂ = (x − μ)·rstd, dx = rstd·(dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)), and to γ and β, with the
 * mistakes: for every backward pass in closed form.
 */
import type { Tensor } from "../../tensor";
import type { On } from "../formula";
import { countOf } from "./standardizing";

/** Mistakes with the term through the mean, which RMSNorm doesn't have. */
const meanTermSwitches = {
  noMeanTerm: "your dx ignores the gradient through the mean: − mean(dx̂) is missing",
  meanSign: "the sign of mean(dx̂) is wrong: it is subtracted",
  sums: "you subtracted sums where the formula has means (a factor 1/m is missing)",
  sumForMeanTerm: "the first term that is subtracted is a mean of dx̂, not a sum",
  dyInMeanTerm: "the first mean is that of dx̂ = γ·dy; you took that of dy",
} as const;

/** Mistakes with the rest. */
export const varianceTermSwitches = {
  noVarianceTerm:
    "your dx ignores the gradient through the variance: − x̂·mean(dx̂·x̂) is missing (or 0, as mean(dx̂)·mean(x̂) is)",
  varianceSign: "the sign of x̂·mean(dx̂·x̂) is wrong: it is subtracted",
  sumForVarianceTerm: "the term x̂·mean(dx̂·x̂) has a mean, not a sum (a factor 1/m is missing)",
  meansBySample: "you divided by m − 1; the means in dx are divided by m",
  noDyGamma: "γ is missing from dx: start from dx̂ = γ·dy",
  gammaTwice: "γ is in your dx twice: dx̂ = γ·dy has it",
  dyInVarianceTerm: "the mean beside x̂ is that of dx̂·x̂, with dx̂ = γ·dy; you took dy",
  noRstd: "dx lacks the factor rstd = 1/√(σ² + ε): x̂ = (x − μ)·rstd",
  rstdInverted: "you multiplied by the standard deviation; multiply by rstd, one over it",
  rstdSquared: "rstd is in your dx twice (as if you had divided by the variance): once is enough",
  rstdOnFirstTerm: "rstd multiplies the whole bracket; you multiplied dx̂ alone by it",
  rstdOnLastTerm: "rstd multiplies the whole bracket; you multiplied only its last term by it",
  noXHatFactor: "the mean of dx̂·x̂ is multiplied by x̂; you left out the factor x̂ in front of it",
  noXHatInMean: "the mean beside x̂ is that of dx̂·x̂; you left out the x̂ inside it",
  xHatSquared: "x̂ stands in front of mean(dx̂·x̂) once; you have its square",
} as const;

/** Where γ differs along the axis of the means; for batch norm it is a common factor, and no mistake. */
export const gammaOutsideSwitch = {
  gammaOutside: "γ belongs inside the means: dx̂ = γ·dy first, then the means of dx̂, not of dy",
} as const;

/** Where the mean of x̂ is not 0; else the term would be 0, as if it were missing. */
export const averagesSwitch = {
  secondTermIsAverage: "it is mean(dx̂·x̂), the mean of the product; you multiplied two means",
} as const;

export const gradientSwitches: typeof meanTermSwitches & typeof varianceTermSwitches = {
  ...meanTermSwitches,
  ...varianceTermSwitches,
};
export type GradientSwitch =
  keyof typeof gradientSwitches | keyof typeof gammaOutsideSwitch | keyof typeof averagesSwitch;

/** dx; rstd must broadcast against x̂. `over` are the axes of each of the two means. */
export function gradientWith(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
  axes: readonly number[],
  on: On<GradientSwitch>,
  { throughMean = true }: { throughMean?: boolean } = {},
): Tensor {
  const raw = on("noDyGamma") || on("gammaOutside");
  const dXHat = raw ? dy : on("gammaTwice") ? dy.mul(gamma).mul(gamma) : dy.mul(gamma);
  const count = countOf(xHat, axes);
  const average = (t: Tensor, isSum: boolean) =>
    t.sum(axes, true).div(isSum ? 1 : on("meansBySample") ? count - 1 : count);
  const first = average(on("dyInMeanTerm") ? dy : dXHat, on("sums") || on("sumForMeanTerm"));
  const inner = on("dyInVarianceTerm") ? dy : dXHat;
  const isSum = on("sums") || on("sumForVarianceTerm");
  const second = on("secondTermIsAverage")
    ? average(inner, isSum).mul(average(xHat, isSum))
    : average(on("noXHatInMean") ? inner : inner.mul(xHat), isSum);
  const front = on("xHatSquared") ? xHat.square() : xHat;
  const along = on("noXHatFactor") ? second : front.mul(second);
  const signed = (t: Tensor, isLeftOut: boolean, isAdded: boolean) =>
    isLeftOut ? t.mul(0) : isAdded ? t : t.neg();
  const meanTerm = signed(first, !throughMean || on("noMeanTerm"), on("meanSign"));
  const varianceTerm = signed(along, on("noVarianceTerm"), on("varianceSign"));
  const factor = on("noRstd") ? rstd.mul(0).add(1) : on("rstdInverted") ? rstd.map((r) => 1 / r) : rstd;
  const scale = on("rstdSquared") ? factor.square() : factor;
  const dx = on("rstdOnFirstTerm")
    ? dXHat.mul(scale).add(meanTerm).add(varianceTerm)
    : on("rstdOnLastTerm")
      ? dXHat.add(meanTerm).add(varianceTerm.mul(scale))
      : dXHat.add(meanTerm).add(varianceTerm).mul(scale);
  return on("gammaOutside") ? dx.mul(gamma) : dx;
}

export const parameterSwitches = {
  meanForDGamma: "dγ is the sum of dy·x̂, not the mean: γ multiplies every row",
  meanForDBeta: "dβ is the sum of dy, not the mean: β is added to every row",
  dGammaOverFeatures:
    "dGamma is summed over the features: γ and β are shared by all samples, so sum over the samples, axis 0",
  dBetaOverFeatures:
    "dBeta is summed over the features: γ and β are shared by all samples, so sum over the samples, axis 0",
  dGammaNotSummed: "dGamma is not summed yet: γ has one gradient per column, Σ dy·x̂ over the samples",
  dBetaNotSummed: "dBeta is not summed yet: β has one gradient per column, Σ dy over the samples",
  dGammaOfAll: "you summed dγ over everything; γ has one gradient per column",
  dBetaOfAll: "you summed dβ over everything; β has one gradient per column",
  dGammaWithGamma: "γ is no part of its own gradient: dγ = Σ dy·x̂, with dy, not γ·dy",
  dBetaWithGamma: "γ is no part of β's gradient: dβ = Σ dy, with dy, not γ·dy",
  dGammaWithoutXHat: "γ multiplies x̂: sum dy·x̂, not dy alone",
  dBetaWithXHat: "β is only added: sum dy alone, not dy·x̂",
  parametersSwapped: "dγ and dβ are exchanged: dγ = Σ dy·x̂, dβ = Σ dy",
  dGammaSign: "the sign of dγ is wrong",
  dBetaSign: "the sign of dβ is wrong",
} as const;
export type ParameterSwitch = keyof typeof parameterSwitches;

/** dγ and dβ, summed over axis 0; `factor` is what γ multiplies. */
export function parametersWith(
  dy: Tensor,
  factor: Tensor,
  gamma: Tensor,
  on: On<ParameterSwitch>,
): { dGamma: Tensor; dBeta: Tensor } {
  const sum = (t: Tensor, isMean: boolean, isRow: boolean, isWhole: boolean, isAll: boolean) => {
    if (isWhole) return t;
    const axes = isAll ? [0, 1] : isRow ? [1] : [0];
    return isMean ? t.mean(axes) : t.sum(axes);
  };
  const scaled = (isScaled: boolean) => (isScaled ? dy.mul(gamma) : dy);
  const ofGamma = scaled(on("dGammaWithGamma"));
  const dGamma = sum(
    on("dGammaWithoutXHat") ? ofGamma : ofGamma.mul(factor),
    on("meanForDGamma"),
    on("dGammaOverFeatures"),
    on("dGammaNotSummed"),
    on("dGammaOfAll"),
  );
  const ofBeta = scaled(on("dBetaWithGamma"));
  const dBeta = sum(
    on("dBetaWithXHat") ? ofBeta.mul(factor) : ofBeta,
    on("meanForDBeta"),
    on("dBetaOverFeatures"),
    on("dBetaNotSummed"),
    on("dBetaOfAll"),
  );
  const [a, b] = [on("dGammaSign") ? dGamma.neg() : dGamma, on("dBetaSign") ? dBeta.neg() : dBeta];
  return on("parametersSwapped") ? { dGamma: b, dBeta: a } : { dGamma: a, dBeta: b };
}
