import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** How far the statistics of a batch are off, by the number m of independent normal values in it. */
export interface Noise {
  /** Standard deviation of the batch's mean, in units of σ. */
  mean: number;
  /** Standard deviation of the batch's (biased) variance, in units of σ². */
  variance: number;
}
export type NoiseOf = (m: number) => Noise;

/** Exercise batch-noise: the noise of the mean and of the variance of m independent normal values. */
export const batchNoise: Check<NoiseOf> = formulaExercise("batch-noise", {
  switches: {
    meanSquared: "this is the variance of the mean, 1/m; its standard deviation is asked for, the root",
    varianceSquared:
      "for the variance, too, a standard deviation is asked for: the root of the variance of the variance",
    meanNoNoise: "you gave σ for the noise of the mean; the mean of m values is less noisy than one value",
    meanByMinusOne: "the noise of the mean is divided by √m, not by √(m − 1)",
    meanTimes: "you multiplied by √m: more values make less noise",
    varianceLikeMean:
      "you gave the variance the noise of the mean; for normal values the square deviates by √2 σ², and the mean is its own",
    unbiased:
      "this is the noise of the unbiased variance, √(2/(m − 1)); the batch's variance is divided by m, which makes it smaller by (m − 1)/m",
    varianceLarge:
      "√(2/m) is right for large m; exactly it is √(2(m − 1))/m, which is 0 for a single value, whose variance is always 0",
    noTwo: "the factor 2 under the root is missing: normal values have Var(x²) = 2σ⁴",
    twoOutside: "the 2 stands under the root: Var(x²) = 2σ⁴ is a square",
    half: "√(1/(2m)) is the noise of the standard deviation; that of the variance, its square, is twice as large",
    noRootOfM: "(m − 1)/m² is under the root as a whole: the variance of the variance is 2(m − 1)/m²",
    deviationOfTwo: "you took the kurtosis 3 for 3 − 1: Var(x²) = E[x⁴] − σ⁴ = 3σ⁴ − σ⁴",
    swapped: "mean and variance are exchanged in what you return",
    percent: "these are percentages; give shares of σ and of σ²",
    bothPlusOne: "you counted one value too many: m itself is the number of values",
  },
  formula:
    (on) =>
    (given: number): Noise => {
      const m = given + (on("bothPlusOne") ? 1 : 0);
      const ofMean = on("meanNoNoise")
        ? 1
        : on("meanTimes")
          ? Math.sqrt(m)
          : 1 / Math.sqrt(on("meanByMinusOne") ? m - 1 : m);
      const mean = on("meanSquared") ? ofMean ** 2 : ofMean;
      const two = on("noTwo") ? 1 : on("deviationOfTwo") ? 3 : on("twoOutside") ? 4 : 2;
      const square = on("unbiased")
        ? two / (m - 1)
        : on("varianceLarge")
          ? two / m
          : on("half")
            ? (m - 1) / (2 * m ** 2)
            : on("noRootOfM")
              ? (two * (m - 1)) / m
              : (two * (m - 1)) / m ** 2;
      const ofVariance = on("varianceLikeMean") ? mean : Math.sqrt(square);
      const variance = on("varianceSquared") ? ofVariance ** 2 : ofVariance;
      const factor = on("percent") ? 100 : 1;
      const told = { mean: factor * mean, variance: factor * variance };
      return on("swapped") ? { mean: told.variance, variance: told.mean } : told;
    },
  right: (m) => ({ mean: m ** -0.5, variance: (2 / m - 2 / m ** 2) ** 0.5 }),
  cases: () => {
    const trials = (m: number) =>
      (["mean", "variance"] as const).map((output) => ({
        args: [m] as [number],
        output,
        tolerance: 1e-9,
      }));
    // One call a number of values, two looks at it.
    const both = (m: number) => {
      const [mean, variance] = trials(m);
      return [mean, { ...variance, args: mean.args }];
    };
    return {
      usual: {
        "a batch of 8": both(8),
        "a batch of 32": both(32),
        "a batch of two": both(2),
      },
      hard: {
        "a single value: its variance is always 0": both(1),
        "a million values": both(1e6),
      },
    };
  },
});
