import type { checks } from "normlab";
import type { Bank } from "../bank";

type NoiseOf = checks.NoiseOf;

const mean = (m: number) => 1 / Math.sqrt(m);
const variance = (m: number) => Math.sqrt(2 * (m - 1)) / m;

export const right: NoiseOf[] = [
  (m) => ({ mean: Math.sqrt(1 / m), variance: Math.sqrt((2 * (m - 1)) / (m * m)) }),
  (m) => {
    // The unbiased variance deviates by √(2/(m − 1)); the biased one is (m − 1)/m of it.
    const unbiased = m === 1 ? 0 : Math.sqrt(2 / (m - 1));
    return { mean: Math.pow(m, -0.5), variance: ((m - 1) / m) * unbiased };
  },
];

export const wrong: Bank<NoiseOf>["wrong"] = [
  {
    name: "variance of the mean",
    message: /this is the variance of the mean, 1\/m/,
    solution: (m) => ({ mean: 1 / m, variance: variance(m) }),
  },
  {
    name: "variance of the variance",
    message: /for the variance, too, a standard deviation/,
    solution: (m) => ({ mean: mean(m), variance: (2 * (m - 1)) / m ** 2 }),
  },
  {
    name: "m − 1 for the mean",
    message: /divided by √m, not by √\(m − 1\)/,
    solution: (m) => ({ mean: 1 / Math.sqrt(m - 1), variance: variance(m) }),
  },
  {
    name: "more values, more noise",
    message: /you multiplied by √m/,
    solution: (m) => ({ mean: Math.sqrt(m), variance: variance(m) }),
  },
  {
    name: "the variance as noisy as the mean",
    message: /gave the variance the noise of the mean/,
    solution: (m) => ({ mean: mean(m), variance: mean(m) }),
  },
  {
    name: "unbiased",
    message: /noise of the unbiased variance/,
    solution: (m) => ({ mean: mean(m), variance: Math.sqrt(2 / (m - 1)) }),
  },
  {
    name: "for large m",
    message: /√\(2\/m\) is right for large m/,
    solution: (m) => ({ mean: mean(m), variance: Math.sqrt(2 / m) }),
  },
  {
    name: "without the 2",
    message: /the factor 2 under the root is missing/,
    solution: (m) => ({ mean: mean(m), variance: Math.sqrt(m - 1) / m }),
  },
  {
    name: "2 outside the root",
    message: /the 2 stands under the root/,
    solution: (m) => ({ mean: mean(m), variance: (2 * Math.sqrt(m - 1)) / m }),
  },
  {
    name: "m outside the square",
    message: /is under the root as a whole/,
    solution: (m) => ({ mean: mean(m), variance: Math.sqrt((2 * (m - 1)) / m) }),
  },
  {
    name: "exchanged",
    message: /mean and variance are exchanged/,
    solution: (m) => ({ mean: variance(m), variance: mean(m) }),
  },
  {
    name: "kurtosis 3",
    message: /you took the kurtosis 3/,
    solution: (m) => ({ mean: mean(m), variance: Math.sqrt(3 * (m - 1)) / m }),
  },
  // Two mistakes together.
  {
    name: "variances of both",
    message: [/this is the variance of the mean, 1\/m/, /for the variance, too, a standard deviation/],
    solution: (m) => ({ mean: 1 / m, variance: (2 * (m - 1)) / m ** 2 }),
  },
  {
    name: "m − 1 for the mean, large m for the variance",
    message: [/divided by √m, not by √\(m − 1\)/, /√\(2\/m\) is right for large m/],
    solution: (m) => ({ mean: 1 / Math.sqrt(m - 1), variance: Math.sqrt(2 / m) }),
  },
  {
    name: "unbiased, squared",
    message: [/noise of the unbiased variance/, /for the variance, too, a standard deviation/],
    solution: (m) => ({ mean: mean(m), variance: 2 / (m - 1) }),
  },
  {
    name: "exchanged, without the 2",
    message: [/mean and variance are exchanged/, /the factor 2 under the root is missing/],
    solution: (m) => ({ mean: Math.sqrt(m - 1) / m, variance: mean(m) }),
  },
];
