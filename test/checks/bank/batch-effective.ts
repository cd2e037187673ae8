import type { checks } from "normlab";
import type { Bank } from "../bank";

type Count = checks.EffectiveCount;

export const right: Count[] = [
  (images, pixels, correlation) => {
    const varianceOfMean = (1 + (pixels - 1) * correlation) / (images * pixels);
    return 1 / varianceOfMean;
  },
  (images, pixels, correlation) => {
    let sum = 0;
    for (let i = 0; i < pixels; i++) for (let j = 0; j < pixels; j++) sum += i === j ? 1 : correlation;
    return (images * pixels ** 2) / sum;
  },
];

export const wrong: Bank<Count>["wrong"] = [
  {
    name: "all values correlated",
    message: /images are independent of each other/,
    solution: (n, p, r) => (n * p) / (1 + (n * p - 1) * r),
  },
  {
    name: "no correlation",
    message: /as if they were independent/,
    solution: (n, p) => n * p,
  },
  { name: "images alone", message: /you counted the images alone/, solution: (n) => n },
  {
    name: "one image",
    message: /you left out the number of images/,
    solution: (_, p, r) => p / (1 + (p - 1) * r),
  },
  {
    name: "P for P − 1",
    message: /the other pixels are P − 1/,
    solution: (n, p, r) => (n * p) / (1 + p * r),
  },
  {
    name: "minus",
    message: /the sign is wrong/,
    solution: (n, p, r) => (n * p) / (1 - (p - 1) * r),
  },
  {
    name: "squared",
    message: /not its square/,
    solution: (n, p, r) => (n * p) / (1 + (p - 1) * r ** 2),
  },
  {
    name: "multiplied",
    message: /correlated pixels count for less, so divide/,
    solution: (n, p, r) => n * p * (1 + (p - 1) * r),
  },
  {
    name: "1 − ρ",
    message: /you scaled the count by 1 − ρ/,
    solution: (n, p, r) => n * p * (1 - r),
  },
  {
    name: "limit",
    message: /for very many pixels/,
    solution: (n, _, r) => n / r,
  },
  {
    name: "rounded",
    message: /don't round it/,
    solution: (n, p, r) => Math.round((n * p) / (1 + (p - 1) * r)),
  },
  {
    name: "variance of the mean",
    message: /one over the count/,
    solution: (n, p, r) => (1 + (p - 1) * r) / (n * p),
  },
  {
    name: "the images correlated",
    message: /the pixels are correlated, not the images/,
    solution: (n, p, r) => (n * p) / (1 + (n - 1) * r),
  },
  // Two mistakes together.
  {
    name: "all values correlated, without − 1",
    message: [/images are independent of each other/, /the other pixels are P − 1/],
    solution: (n, p, r) => (n * p) / (1 + n * p * r),
  },
  {
    name: "one image, without − 1",
    message: [/you left out the number of images/, /the other pixels are P − 1/],
    solution: (_, p, r) => p / (1 + p * r),
  },
  {
    name: "squared, rounded",
    message: [/not its square/, /don't round it/],
    solution: (n, p, r) => Math.round((n * p) / (1 + (p - 1) * r ** 2)),
  },
  {
    name: "all values correlated, variance of the mean",
    message: [/images are independent of each other/, /one over the count/],
    solution: (n, p, r) => (1 + (n * p - 1) * r) / (n * p),
  },
  {
    name: "multiplied, without − 1",
    message: [/correlated pixels count for less, so divide/, /the other pixels are P − 1/],
    solution: (n, p, r) => n * p * (1 + p * r),
  },
];
