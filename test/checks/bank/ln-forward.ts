import { layerNorm, standardize, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.LayerNormForward>;

interface Parts {
  axes?: (x: Tensor) => number[];
  numerator?: (x: Tensor, mean: Tensor) => Tensor;
  divisor?: (m: number) => number;
  denominator?: (variance: number, epsilon: number) => number;
  affine?: (xHat: Tensor, gamma: Tensor, beta: Tensor) => Tensor;
}

/** Layer norm with one of its parts replaced. */
const layerNormBy =
  ({
    axes = () => [-1],
    numerator = (x, mean) => x.sub(mean),
    divisor = (m) => m,
    denominator = (variance, epsilon) => Math.sqrt(variance + epsilon),
    affine = (xHat, gamma, beta) => xHat.mul(gamma).add(beta),
  }: Parts): checks.LayerNormForward =>
  (x, gamma, beta, epsilon) => {
    const over = axes(x);
    const mean = x.mean(over, true);
    const squares = x.sub(mean).square().sum(over, true);
    const variance = squares.div(divisor(x.size / mean.size));
    const xHat = numerator(x, mean).div(variance.map((v) => denominator(v, epsilon)));
    return affine(xHat, gamma, beta);
  };

export const right: Solution["right"] = [
  layerNormBy({}),
  // Row by row, in plain numbers.
  (x, gamma, beta, epsilon) => {
    const c = gamma.size;
    const result = x.map((value) => value);
    for (let start = 0; start < x.size; start += c) {
      const row = Array.from(x.data.slice(start, start + c));
      const mean = row.reduce((a, b) => a + b, 0) / c;
      const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / c;
      row.forEach((value, i) => {
        const xHat = (value - mean) / Math.sqrt(variance + epsilon);
        result.data[start + i] = gamma.data[i] * xHat + beta.data[i];
      });
    }
    return result;
  },
  (x, gamma, beta, epsilon) =>
    standardize(x, { axes: [x.rank - 1], epsilon })
      .xHat.mul(gamma)
      .add(beta),
];

export const wrong: Solution["wrong"] = [
  {
    name: "over axis 0",
    message: /over axis 0 this is batch norm/,
    solution: layerNormBy({ axes: () => [0] }),
  },
  {
    name: "over all but the last axis",
    message: /this is batch norm; layer norm takes the last axis/,
    solution: layerNormBy({ axes: (x) => x.shape.map((_, axis) => axis).slice(0, -1) }),
  },
  {
    name: "over everything",
    message: /samples must not be mixed/,
    solution: layerNormBy({ axes: (x) => x.shape.map((_, axis) => axis) }),
  },
  {
    name: "over the whole sample",
    message: /you averaged over the whole sample/,
    solution: layerNormBy({ axes: (x) => x.shape.map((_, axis) => axis).slice(1) }),
  },
  { name: "m − 1", message: /divided by m − 1/, solution: layerNormBy({ divisor: (m) => m - 1 }) },
  {
    name: "the sum of squares for the variance",
    message: /sum of squares must be divided by m/,
    solution: layerNormBy({ divisor: () => 1 }),
  },
  {
    name: "no ε",
    message: /ε is missing/,
    solution: layerNormBy({ denominator: (variance) => Math.sqrt(variance) }),
  },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: layerNormBy({ denominator: (variance, epsilon) => Math.sqrt(variance) + epsilon }),
  },
  {
    name: "divided by the variance",
    message: /divided by the variance/,
    solution: layerNormBy({ denominator: (variance, epsilon) => variance + epsilon }),
  },
  {
    name: "mean not subtracted",
    message: /did not subtract the mean/,
    solution: layerNormBy({ numerator: (x) => x }),
  },
  {
    name: "only centered",
    message: /only subtracted the mean/,
    solution: layerNormBy({ denominator: () => 1 }),
  },
  {
    name: "no γ and β",
    message: [/γ is missing/, /β is missing/],
    solution: (x, _gamma, _beta, epsilon) => layerNorm(x, { epsilon }).y,
  },
  {
    name: "no β",
    message: /β is missing/,
    solution: (x, gamma, _beta, epsilon) => layerNorm(x, { gamma, epsilon }).y,
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: (x, _gamma, beta, epsilon) => layerNorm(x, { beta, epsilon }).y,
  },
  {
    name: "β before γ",
    message: /added β before multiplying/,
    solution: layerNormBy({ affine: (xHat, gamma, beta) => xHat.add(beta).mul(gamma) }),
  },
  {
    name: "E[x²] − E[x]²: right until the values are large",
    message: /its digits cancel/,
    solution: (x, gamma, beta, epsilon) => {
      const mean = x.mean([-1], true);
      const variance = x.square().mean([-1], true).sub(mean.square());
      return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
    },
  },
  {
    name: "an object instead of y",
    message: /is an object; it must be a tensor/,
    solution: ((x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => ({
      y: layerNorm(x, { gamma, beta, epsilon }).y,
    })) as never,
  },
  // Two mistakes together.
  {
    name: "m − 1, β missing",
    message: [/you divided by m − 1/, /β is missing/],
    solution: layerNormBy({ divisor: (m) => m - 1, affine: (xHat, gamma) => xHat.mul(gamma) }),
  },
  {
    name: "over axis 0, no ε",
    message: [/over axis 0 this is batch norm/, /ε is missing/],
    solution: layerNormBy({ axes: () => [0], denominator: (variance) => Math.sqrt(variance) }),
  },
  {
    name: "ε outside the root, γ and β swapped",
    message: [/ε stands outside the root/, /γ and β are swapped/],
    solution: layerNormBy({
      denominator: (variance, epsilon) => Math.sqrt(variance) + epsilon,
      affine: (xHat, gamma, beta) => xHat.mul(beta).add(gamma),
    }),
  },
  {
    name: "ε of its own, β before γ",
    message: [/an ε of your own/, /added β before multiplying/],
    solution: layerNormBy({
      denominator: (variance) => Math.sqrt(variance + 1e-3),
      affine: (xHat, gamma, beta) => xHat.add(beta).mul(gamma),
    }),
  },
];
