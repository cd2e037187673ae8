import { layerNorm, rmsNorm, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.RmsNormForward>;

/** x · γ divided by something of each row. */
const dividedBy =
  (root: (x: Tensor, epsilon: number) => Tensor): checks.RmsNormForward =>
  (x, gamma, epsilon) =>
    x.div(root(x, epsilon)).mul(gamma);

export const right: Solution["right"] = [
  (x, gamma, epsilon) => {
    const c = gamma.size;
    return x.map((value, i) => {
      const start = i - (i % c);
      let squares = 0;
      for (let j = start; j < start + c; j++) squares += x.data[j] ** 2;
      return (gamma.data[i % c] * value) / Math.sqrt(squares / c + epsilon);
    });
  },
  (x, gamma, epsilon) => {
    const rstd = x
      .mul(x)
      .mean([x.rank - 1], true)
      .map((v) => (v + epsilon) ** -0.5);
    return gamma.mul(x).mul(rstd);
  },
  (x, gamma, epsilon) => rmsNorm(x, { gamma, epsilon }).y,
];

export const wrong: Solution["wrong"] = [
  {
    name: "layer norm",
    message: /you subtracted the mean: this is layer norm/,
    solution: (x, gamma, epsilon) => layerNorm(x, { gamma, epsilon }).y,
  },
  {
    name: "the standard deviation",
    message: /you divided by the standard deviation/,
    solution: dividedBy((x, epsilon) =>
      x
        .sub(x.mean([-1], true))
        .square()
        .mean([-1], true)
        .add(epsilon)
        .sqrt(),
    ),
  },
  {
    name: "the length",
    message: /you divided by the length/,
    solution: dividedBy((x, epsilon) => x.square().sum([-1], true).add(epsilon).sqrt()),
  },
  {
    name: "mean absolute value",
    message: /you averaged absolute values/,
    solution: dividedBy((x, epsilon) => x.abs().mean([-1], true).add(epsilon)),
  },
  {
    name: "no root",
    message: /divided by the variance.*divide by its root/,
    solution: dividedBy((x, epsilon) => x.square().mean([-1], true).add(epsilon)),
  },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: dividedBy((x, epsilon) => x.square().mean([-1], true).sqrt().add(epsilon)),
  },
  {
    name: "no ε",
    message: /ε is missing/,
    solution: dividedBy((x) => x.square().mean([-1], true).sqrt()),
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: (x, _gamma, epsilon) => rmsNorm(x, { epsilon }).y,
  },
  {
    name: "over the samples",
    message: /you averaged over the samples/,
    solution: dividedBy((x, epsilon) => x.square().mean([0], true).add(epsilon).sqrt()),
  },
  {
    name: "one for the whole tensor",
    message: /one mean square of the whole tensor/,
    solution: dividedBy((x, epsilon) => x.square().mean().add(epsilon).sqrt()),
  },
  // Two mistakes together.
  {
    name: "no ε, no γ",
    message: [/ε is missing/, /γ is missing/],
    solution: (x) => x.div(x.square().mean([-1], true).sqrt()),
  },
  {
    name: "the length, ε outside the root",
    message: [/divided by the length/, /ε stands outside the root/],
    solution: dividedBy((x, epsilon) => x.square().sum([-1], true).sqrt().add(epsilon)),
  },
  {
    name: "over the samples, m − 1",
    message: [/averaged over the samples/, /divided the sum of squares by m − 1/],
    solution: dividedBy((x, epsilon) =>
      x
        .square()
        .sum([0], true)
        .div(x.shape[0] - 1)
        .add(epsilon)
        .sqrt(),
    ),
  },
  {
    name: "layer norm without γ",
    message: [/this is layer norm/, /γ is missing/],
    solution: (x, _gamma, epsilon) => layerNorm(x, { epsilon }).y,
  },
];
