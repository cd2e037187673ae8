import { dyt, dytGrad } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { gammaOf } from "../layerNorm/samples";
import { parametersWith, parameterSwitches } from "../switches/backward";

interface Gradients {
  dx: Tensor;
  dAlpha: number;
  dGamma: Tensor;
  dBeta: Tensor;
}

/** (dy, x (N,C), α, γ (C)) → dx (N,C), dα (a number), dγ and dβ (C), for y = γ·tanh(αx) + β. */
export type DytBackward = (dy: Tensor, x: Tensor, alpha: number, gamma: Tensor) => Gradients;

/** Exercise family-dyt-back: DyT's four gradients. */
export const familyDytBack: Check<DytBackward> = formulaExercise("family-dyt-back", {
  switches: {
    noSlope: "the tanh's slope is missing: its derivative is 1 − tanh²",
    slopeNotSquared: "the tanh's slope is 1 − t², with t = tanh(αx); you left out the square",
    slopeSquareOnly: "the tanh's slope is 1 − t²; you took t² alone",
    slopeOfSigmoid: "t·(1 − t) is the sigmoid's slope; the tanh's is 1 − t²",
    slopeAtX: "the slope is taken at αx; you left α out inside the tanh",
    noAlphaInDx: "α is missing from dx: it is the derivative of αx by x",
    alphaTwice: "α is in your dx twice; once is enough",
    alphaDivided: "you divided dx by α; multiply by it",
    noGammaInDx: "γ is missing from dx: it starts from γ·dy",
    gammaTwice: "γ is in your dx twice; once is enough",
    noGammaInDAlpha: "γ is missing from dα: it starts from γ·dy, too",
    noXInDAlpha: "dα lacks the factor x: it is the derivative of αx by α",
    alphaInDAlpha: "α is no part of its own gradient: the factor is x, not αx",
    tInDAlpha: "the factor in dα is x, not tanh(αx)",
    noSlopeInDAlpha: "the tanh's slope is missing from dα: x stands inside the tanh",
    meanForDAlpha: "dα is a sum over all samples and features, not a mean",
    dAlphaPerChannel: "α is one number for the whole layer: sum over the features, too",
    dAlphaPerSample: "α is one number for the whole layer: sum over the samples, too",
    dAlphaSign: "the sign of dα is wrong",
    xForXHat: "γ multiplies tanh(αx): dγ = Σ dy·tanh(αx), not Σ dy·x",
    ...parameterSwitches,
  },
  formula:
    (on) =>
    (dy: Tensor, x: Tensor, alpha: number, gamma: Tensor): Gradients => {
      const t = x.mul(alpha).tanh();
      const at = on("slopeAtX") ? x.tanh() : t;
      const slope = at.map((value) =>
        on("noSlope")
          ? 1
          : on("slopeNotSquared")
            ? 1 - value
            : on("slopeSquareOnly")
              ? value * value
              : on("slopeOfSigmoid")
                ? value * (1 - value)
                : 1 - value * value,
      );
      const scaled = dy.mul(gamma);
      const inDx = on("noGammaInDx") ? dy : on("gammaTwice") ? scaled.mul(gamma) : scaled;
      const factor = on("noAlphaInDx")
        ? 1
        : on("alphaTwice")
          ? alpha ** 2
          : on("alphaDivided")
            ? 1 / alpha
            : alpha;
      const inner = on("noXInDAlpha")
        ? x.mul(0).add(1)
        : on("alphaInDAlpha")
          ? x.mul(alpha)
          : on("tInDAlpha")
            ? t
            : x;
      const through = on("noSlopeInDAlpha") ? slope.mul(0).add(1) : slope;
      const products = (on("noGammaInDAlpha") ? dy : scaled).mul(through).mul(inner);
      const sum = on("dAlphaPerChannel")
        ? products.sum([0])
        : on("dAlphaPerSample")
          ? products.sum([1])
          : on("meanForDAlpha")
            ? products.mean()
            : products.sum();
      const signed = on("dAlphaSign") ? sum.neg() : sum;
      return {
        dx: inDx.mul(slope).mul(factor),
        // A learner's number, or what is not summed yet.
        dAlpha: (signed.size === 1 && signed.rank === 0 ? signed.at() : signed) as number,
        ...parametersWith(dy, on("xForXHat") ? x : t, gamma, on),
      };
    },
  right: (dy, x, alpha, gamma) => {
    const { dAlpha, ...others } = dytGrad(dy, dyt(x, { alpha, gamma }).cache);
    return { ...others, dAlpha: dAlpha.at(0) };
  },
  cases: (seed) => {
    const trials = (shape: [number, number], s: number, alpha = 0.7) => {
      const args: [Tensor, Tensor, number, Tensor] = [
        randomNormal(shape, { seed: seed + s + 100 }),
        randomNormal(shape, { seed: seed + s, mean: 0.5, standardDeviation: 1.5 }),
        ...([alpha, gammaOf(seed + s + 200, shape[1])] as const),
      ];
      return ["dx", "dAlpha", "dGamma", "dBeta"].map((output) => ({ args, output }));
    };
    return {
      usual: {
        "a random matrix (4, 5)": trials([4, 5], 0),
        "a square matrix (3, 3)": trials([3, 3], 1),
      },
      hard: { "one sample": trials([1, 6], 2), "a larger α": trials([4, 3], 3, 1.6) },
    };
  },
});
