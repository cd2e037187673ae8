import { dyt, dytGrad, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.DytBackward>;

interface Values {
  dy: Tensor;
  x: Tensor;
  alpha: number;
  gamma: Tensor;
  /** tanh(αx) */
  t: Tensor;
  /** 1 − t² */
  slope: Tensor;
}

interface Parts {
  slope?: (t: Tensor, x: Tensor) => Tensor;
  dx?: (values: Values) => Tensor;
  dAlpha?: (values: Values) => number;
  dGamma?: (values: Values) => Tensor;
  dBeta?: (values: Values) => Tensor;
}

const slopeOf = (t: Tensor) => t.map((value) => 1 - value ** 2);

/** The four gradients with one of their parts replaced. */
const backwardBy =
  ({
    slope = slopeOf,
    dx = ({ dy, alpha, gamma, slope: s }) => dy.mul(gamma).mul(s).mul(alpha),
    dAlpha = ({ dy, x, gamma, slope: s }) => dy.mul(gamma).mul(s).mul(x).sum().at(),
    dGamma = ({ dy, t }) => dy.mul(t).sum([0]),
    dBeta = ({ dy }) => dy.sum([0]),
  }: Parts): checks.DytBackward =>
  (dy, x, alpha, gamma) => {
    const t = x.mul(alpha).tanh();
    const values = { dy, x, alpha, gamma, t, slope: slope(t, x) };
    return { dx: dx(values), dAlpha: dAlpha(values), dGamma: dGamma(values), dBeta: dBeta(values) };
  };

export const right: Solution["right"] = [
  backwardBy({}),
  (dy, x, alpha, gamma) => {
    const { dAlpha, ...others } = dytGrad(dy, dyt(x, { alpha, gamma }).cache);
    return { ...others, dAlpha: dAlpha.at(0) };
  },
  // The slope of the tanh as 1/cosh².
  backwardBy({ slope: (t) => t.map((value) => 1 / Math.cosh(Math.atanh(value)) ** 2) }),
];

export const wrong: Solution["wrong"] = [
  {
    name: "no slope",
    message: /the tanh's slope is missing: its derivative/,
    solution: backwardBy({ slope: (t) => t.map(() => 1) }),
  },
  {
    name: "1 − t",
    message: /you left out the square/,
    solution: backwardBy({ slope: (t) => t.map((value) => 1 - value) }),
  },
  {
    name: "the sigmoid's slope",
    message: /is the sigmoid's slope/,
    solution: backwardBy({ slope: (t) => t.map((value) => value * (1 - value)) }),
  },
  {
    name: "the slope at x",
    message: /the slope is taken at αx/,
    solution: backwardBy({ slope: (_t, x) => slopeOf(x.tanh()) }),
  },
  {
    name: "dx without α",
    message: /α is missing from dx/,
    solution: backwardBy({ dx: ({ dy, gamma, slope }) => dy.mul(gamma).mul(slope) }),
  },
  {
    name: "dx without γ",
    message: /γ is missing from dx/,
    solution: backwardBy({ dx: ({ dy, alpha, slope }) => dy.mul(slope).mul(alpha) }),
  },
  {
    name: "dα without x",
    message: /dα lacks the factor x/,
    solution: backwardBy({ dAlpha: ({ dy, gamma, slope }) => dy.mul(gamma).mul(slope).sum().at() }),
  },
  {
    name: "dα with αx",
    message: /α is no part of its own gradient/,
    solution: backwardBy({
      dAlpha: ({ dy, x, alpha, gamma, slope }) => dy.mul(gamma).mul(slope).mul(x).sum().at() * alpha,
    }),
  },
  {
    name: "dα averaged",
    message: /dα is a sum over all samples and features/,
    solution: backwardBy({
      dAlpha: ({ dy, x, gamma, slope }) => dy.mul(gamma).mul(slope).mul(x).mean().at(),
    }),
  },
  {
    name: "dα for each channel",
    message: /sum over the features, too/,
    solution: backwardBy({
      dAlpha: ({ dy, x, gamma, slope }) => dy.mul(gamma).mul(slope).mul(x).sum([0]) as unknown as number,
    }),
  },
  {
    name: "dα without γ",
    message: /γ is missing from dα/,
    solution: backwardBy({ dAlpha: ({ dy, x, slope }) => dy.mul(slope).mul(x).sum().at() }),
  },
  {
    name: "dγ with x",
    message: /dγ = Σ dy·tanh\(αx\)/,
    solution: backwardBy({ dGamma: ({ dy, x }) => dy.mul(x).sum([0]) }),
  },
  {
    name: "dβ averaged",
    message: /dβ is the sum of dy, not the mean/,
    solution: backwardBy({ dBeta: ({ dy }) => dy.mean([0]) }),
  },
  {
    name: "dx without α, dα without x",
    message: [/α is missing from dx/, /dα lacks the factor x/],
    solution: backwardBy({
      dx: ({ dy, gamma, slope }) => dy.mul(gamma).mul(slope),
      dAlpha: ({ dy, gamma, slope }) => dy.mul(gamma).mul(slope).sum().at(),
    }),
  },
  {
    name: "1 − t, and γ left out of dx",
    message: [/you left out the square/, /γ is missing from dx/],
    solution: backwardBy({
      slope: (t) => t.map((value) => 1 - value),
      dx: ({ dy, alpha, slope }) => dy.mul(slope).mul(alpha),
    }),
  },
  {
    name: "dα averaged, dγ with x",
    message: [/dα is a sum over all samples and features/, /dγ = Σ dy·tanh\(αx\)/],
    solution: backwardBy({
      dAlpha: ({ dy, x, gamma, slope }) => dy.mul(gamma).mul(slope).mul(x).mean().at(),
      dGamma: ({ dy, x }) => dy.mul(x).sum([0]),
    }),
  },
];
