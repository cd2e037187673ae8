import { batchNorm, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Inference = checks.BatchNormInference;
const scaled = (x: Tensor, divisor: Tensor, { gamma, beta, movingMean }: Parameters<Inference>[1]) =>
  x.sub(movingMean).div(divisor).mul(gamma).add(beta);

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
    message: /is a variance already/,
    solution: (x, o) => scaled(x, o.movingVariance.square().add(o.epsilon).sqrt(), o),
  },
  {
    name: "divides by the variance",
    message: /divided by the variance; divide by its root/,
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
    message: /γ and β are missing/,
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
];
