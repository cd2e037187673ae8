import { batchNorm, layerNorm, standardize, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Inference = checks.BatchNormInference;
const scaled = (x: Tensor, divisor: Tensor, { gamma, beta, movingMean }: Parameters<Inference>[1]) =>
  x.sub(movingMean).div(divisor).mul(gamma).add(beta);
/** By the statistics of the batch, as in training, with another divisor. */
const ofBatch =
  (
    divisor: (batch: { variance: Tensor; meanSquare: Tensor; n: number; epsilon: number }) => Tensor,
  ): Inference =>
  (x, { gamma, beta, epsilon }) => {
    const { mean, variance } = batchNorm(x);
    const by = divisor({ variance, meanSquare: x.square().mean([0]), n: x.shape[0], epsilon });
    return x.sub(mean).div(by).mul(gamma).add(beta);
  };

export const right: Bank<Inference>["right"] = [
  (x, options) => batchNorm(x, { ...options, training: false }).y,
  // One scale and one shift.
  (x, { gamma, beta, movingMean, movingVariance, epsilon }) => {
    const scale = gamma.div(movingVariance.add(epsilon).sqrt());
    return x.mul(scale).add(beta.sub(movingMean.mul(scale)));
  },
];

export const wrong: Bank<Inference>["wrong"] = [
  {
    name: "the batch's statistics",
    message: /you used the statistics of this batch/,
    solution: (x, { gamma, beta, epsilon }) => batchNorm(x, { gamma, beta, epsilon }).y,
  },
  {
    name: "the batch's mean",
    message: /you subtracted the batch's mean/,
    solution: (x, options) => batchNorm(x, { ...options, movingMean: x.mean([0]), training: false }).y,
  },
  {
    name: "the batch's variance",
    message: /you divided by the batch's deviation/,
    solution: (x, options) =>
      batchNorm(x, { ...options, movingVariance: batchNorm(x).variance, training: false }).y,
  },
  {
    name: "squares the variance",
    message: /which is a square already/,
    solution: (x, o) => scaled(x, o.movingVariance.square().add(o.epsilon).sqrt(), o),
  },
  {
    name: "divides by the variance",
    message: /divided by the variance.*divide by its root/,
    solution: (x, o) => scaled(x, o.movingVariance.add(o.epsilon), o),
  },
  { name: "no ε", message: /ε is missing/, solution: (x, o) => scaled(x, o.movingVariance.sqrt(), o) },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: (x, o) => scaled(x, o.movingVariance.sqrt().add(o.epsilon), o),
  },
  {
    name: "no γ and β",
    message: [/γ is missing/, /β is missing/],
    solution: (x, o) => x.sub(o.movingMean).div(o.movingVariance.add(o.epsilon).sqrt()),
  },
  {
    name: "γ and β swapped",
    message: /γ and β are swapped/,
    solution: (x, o) =>
      scaled(x, o.movingVariance.add(o.epsilon).sqrt(), { ...o, gamma: o.beta, beta: o.gamma }),
  },
  {
    name: "an object instead of y",
    message: /is an object; it must be a tensor of shape/,
    solution: ((x: Tensor, o: Parameters<Inference>[1]) => ({
      y: batchNorm(x, { ...o, training: false }).y,
    })) as never,
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: (x, o) => batchNorm(x, { ...o, gamma: undefined, training: false }).y,
  },
  {
    name: "no β",
    message: /β is missing: y/,
    solution: (x, o) => batchNorm(x, { ...o, beta: undefined, training: false }).y,
  },
  {
    name: "γ · (x̂ + β)",
    message: /added β before multiplying/,
    solution: (x, o) =>
      x.sub(o.movingMean).div(o.movingVariance.add(o.epsilon).sqrt()).add(o.beta).mul(o.gamma),
  },
  {
    name: "scales x itself",
    message: /you scaled x itself/,
    solution: (x, { gamma, beta }) => x.mul(gamma).add(beta),
  },
  {
    name: "layer norm",
    message: /this is layer norm/,
    solution: (x, { gamma, beta, epsilon }) => layerNorm(x, { gamma, beta, epsilon }).y,
  },
  {
    name: "one mean for everything",
    message: /statistics of all elements together/,
    solution: (x, { gamma, beta, epsilon }) =>
      standardize(x, { axes: [0, 1], epsilon })
        .xHat.mul(gamma)
        .add(beta),
  },
  {
    name: "the batch's statistics, m − 1",
    message: [/statistics of this batch/, /you divided by m − 1/],
    solution: ofBatch(({ variance, n, epsilon }) =>
      variance
        .mul(n / (n - 1))
        .add(epsilon)
        .sqrt(),
    ),
  },
  {
    name: "the batch's statistics, no ε",
    message: [/statistics of this batch/, /ε is missing/],
    solution: ofBatch(({ variance }) => variance.sqrt()),
  },
  {
    name: "the batch's statistics, ε outside the root",
    message: [/statistics of this batch/, /ε stands outside the root/],
    solution: ofBatch(({ variance, epsilon }) => variance.sqrt().add(epsilon)),
  },
  {
    name: "the batch's statistics, no root",
    message: [/statistics of this batch/, /divided by the variance/],
    solution: ofBatch(({ variance, epsilon }) => variance.add(epsilon)),
  },
  {
    name: "the batch's mean, only subtracted",
    message: [/subtracted the batch's mean|statistics of this batch/, /you only subtracted the mean/],
    solution: (x, { gamma, beta }) =>
      x
        .sub(x.mean([0]))
        .mul(gamma)
        .add(beta),
  },
  {
    name: "divided by the batch's deviation, not centered",
    message: [/divided by the batch's deviation|statistics of this batch/, /did not subtract `movingMean`/],
    solution: (x, { gamma, beta, epsilon }) =>
      x.div(batchNorm(x).variance.add(epsilon).sqrt()).mul(gamma).add(beta),
  },
  {
    name: "the batch's statistics, mean square as variance",
    message: [/statistics of this batch/, /you took the mean of the squares/],
    solution: ofBatch(({ meanSquare, epsilon }) => meanSquare.add(epsilon).sqrt()),
  },
  // Two mistakes together.
  {
    name: "no ε, no β",
    message: [/ε is missing/, /β is missing/],
    solution: (x, o) => x.sub(o.movingMean).div(o.movingVariance.sqrt()).mul(o.gamma),
  },
  {
    name: "mean added, no root",
    message: [/you added `movingMean`/, /divided by the variance.*divide by its root/],
    solution: (x, { gamma, beta, movingMean, movingVariance, epsilon }) =>
      x.add(movingMean).div(movingVariance.add(epsilon)).mul(gamma).add(beta),
  },
  {
    name: "the batch's variance, γ missing",
    message: [/it comes from `movingVariance`/, /γ is missing/],
    solution: (x, o) => {
      const { variance } = batchNorm(x);
      return x.sub(o.movingMean).div(variance.add(o.epsilon).sqrt()).add(o.beta);
    },
  },
  {
    name: "not centered, ε outside the root",
    message: [/did not subtract `movingMean`/, /ε stands outside the root/],
    solution: (x, { gamma, beta, movingVariance, epsilon }) =>
      x.div(movingVariance.sqrt().add(epsilon)).mul(gamma).add(beta),
  },
];
