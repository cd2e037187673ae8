import { layerNorm, standardize, tensor, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Forward = checks.BatchNormForward;
type Options = Parameters<Forward>[1];

/** The right solution with one step replaced. */
const except =
  (change: {
    mean?: (x: Tensor) => Tensor;
    variance?: (x: Tensor, mean: Tensor) => Tensor;
    divisor?: (variance: Tensor, epsilon: number) => Tensor;
    y?: (xHat: Tensor, options: Options, x: Tensor) => Tensor;
  }): Forward =>
  (x, options) => {
    const mean = change.mean?.(x) ?? x.mean([0]);
    const variance = change.variance?.(x, mean) ?? x.sub(mean).square().mean([0]);
    const divisor = change.divisor?.(variance, options.epsilon) ?? variance.add(options.epsilon).sqrt();
    const xHat = x.sub(mean).div(divisor);
    const y = change.y?.(xHat, options, x) ?? xHat.mul(options.gamma).add(options.beta);
    return { y, xHat, mean, variance };
  };

export const right: Bank<Forward>["right"] = [
  // By the library's core.
  (x, { gamma, beta, epsilon }) => {
    const { xHat, mean, variance } = standardize(x, { axes: [0], epsilon });
    return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
  },
  // By loops, number by number.
  (x, { gamma, beta, epsilon }) => {
    const [m, channels] = x.shape;
    const columns = Array.from({ length: channels }, (_, c) =>
      Array.from({ length: m }, (_, i) => x.at(i, c)),
    );
    const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / m);
    const variance = columns.map((column, c) => column.reduce((sum, v) => sum + (v - mean[c]) ** 2, 0) / m);
    const xHat = x.map((v, k) => (v - mean[k % channels]) / Math.sqrt(variance[k % channels] + epsilon));
    const y = xHat.map((v, k) => gamma.data[k % channels] * v + beta.data[k % channels]);
    return { y, xHat, mean: tensor(mean), variance: tensor(variance) };
  },
];

export const wrong: Bank<Forward>["wrong"] = [
  {
    name: "sample variance",
    message: /divided by m − 1/,
    solution: except({
      variance: (x, mean) =>
        x
          .sub(mean)
          .square()
          .sum([0])
          .div(x.shape[0] - 1),
    }),
  },
  {
    name: "sample variance returned, the biased one used",
    message: /divided by m − 1; batch norm takes the biased variance$/,
    case: "variance: biased, one for each column",
    solution: (x, options) => {
      const m = x.shape[0];
      const result = except({})(x, options);
      return { ...result, variance: result.variance.mul(m / (m - 1)) };
    },
  },
  {
    name: "layer norm",
    message: /wrong axis: this is layer norm/,
    solution: (x, { gamma, beta, epsilon }) => {
      const { y, mean, variance, cache } = layerNorm(x, { gamma, beta, epsilon });
      return { y, mean, variance, xHat: cache.xHat };
    },
  },
  {
    name: "one mean for everything",
    message: /one mean and one variance of all elements/,
    solution: (x, { gamma, beta, epsilon }) => {
      const { xHat, mean, variance } = standardize(x, { axes: [0, 1], epsilon });
      return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
    },
  },
  { name: "no ε", message: /ε is missing/, solution: except({ divisor: (v) => v.sqrt() }) },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: except({ divisor: (v, epsilon) => v.sqrt().add(epsilon) }),
  },
  {
    name: "divided by the variance",
    message: /divided by the variance.*divide by its root/,
    solution: except({ divisor: (v, epsilon) => v.add(epsilon) }),
  },
  {
    name: "only centered",
    message: /only subtracted the mean/,
    solution: except({ divisor: (v) => v.mul(0).add(1) }),
  },
  {
    name: "standard deviation returned as variance",
    message: /you took the standard deviation for the variance/,
    solution: except({ variance: (x, mean) => x.sub(mean).square().mean([0]).sqrt() }),
  },
  {
    name: "mean square as variance",
    message: /mean of the squares/,
    solution: except({ variance: (x) => x.square().mean([0]) }),
  },
  { name: "no γ", message: /γ is missing/, solution: except({ y: (xHat, { beta }) => xHat.add(beta) }) },
  { name: "no β", message: /β is missing/, solution: except({ y: (xHat, { gamma }) => xHat.mul(gamma) }) },
  { name: "y is x̂", message: [/γ is missing/, /β is missing/], solution: except({ y: (xHat) => xHat }) },
  {
    name: "γ and β swapped",
    message: /γ and β are swapped/,
    solution: except({ y: (xHat, { gamma, beta }) => xHat.mul(beta).add(gamma) }),
  },
  {
    name: "γ · (x̂ + β)",
    message: /added β before multiplying/,
    solution: except({ y: (xHat, { gamma, beta }) => xHat.add(beta).mul(gamma) }),
  },
  {
    name: "scales x itself",
    message: /scaled x itself/,
    solution: except({ y: (_, { gamma, beta }, x) => x.mul(gamma).add(beta) }),
  },
  {
    name: "keeps the axis of length 1",
    message: /axes of length 1/,
    solution: except({ mean: (x) => x.mean([0], true) }),
  },
  {
    name: "E[x²] − E[x]², which loses the digits at a large mean",
    message: /its digits cancel/,
    solution: except({ variance: (x, mean) => x.square().mean([0]).sub(mean.square()) }),
  },
  {
    name: "writes into its input",
    message: /changed its input/,
    solution: (x, options) => {
      const result = except({})(x, options);
      result.xHat.data.forEach((value, i) => (x.data[i] = value));
      return result;
    },
  },
  {
    name: "no return",
    message: /returned nothing; is a `return` missing/,
    solution: (() => undefined) as never,
  },
  {
    name: "only y",
    message: /no `mean`/,
    solution: ((x: Tensor, o: Options) => ({ y: except({})(x, o).y })) as never,
  },
  {
    name: "sum for the mean",
    message: /you took the sum for the mean/,
    solution: except({ mean: (x) => x.sum([0]) }),
  },
  {
    name: "sum of squares for the variance",
    message: /sum of squares must be divided by m/,
    solution: except({ variance: (x, mean) => x.sub(mean).square().sum([0]) }),
  },
  {
    name: "ε in the returned variance",
    message: /ε does not belong to the variance/,
    solution: (x, options) => {
      const result = except({})(x, options);
      return { ...result, variance: result.variance.add(options.epsilon) };
    },
  },
  {
    name: "not centered",
    message: /did not subtract the mean before dividing/,
    solution: (x, options) => {
      const { mean, variance } = except({})(x, options);
      const xHat = x.div(variance.add(options.epsilon).sqrt());
      return { y: xHat.mul(options.gamma).add(options.beta), xHat, mean, variance };
    },
  },
  // Two mistakes together.
  {
    name: "m − 1, no ε",
    message: [/you divided by m − 1/, /ε is missing/],
    solution: except({
      variance: (x, mean) =>
        x
          .sub(mean)
          .square()
          .sum([0])
          .div(x.shape[0] - 1),
      divisor: (v) => v.sqrt(),
    }),
  },
  {
    name: "ε outside the root, γ and β swapped",
    message: [/ε stands outside the root/, /γ and β are swapped/],
    solution: except({
      divisor: (v, epsilon) => v.sqrt().add(epsilon),
      y: (xHat, { gamma, beta }) => xHat.mul(beta).add(gamma),
    }),
  },
  {
    name: "ε of its own, β missing",
    message: [/an ε of your own/, /β is missing/],
    solution: except({ divisor: (v) => v.add(1e-3).sqrt(), y: (xHat, { gamma }) => xHat.mul(gamma) }),
  },
  {
    name: "one mean for everything, standard deviation returned",
    message: [/one mean and one variance of all elements/, /this is the standard deviation/],
    solution: (x, { gamma, beta, epsilon }) => {
      const { xHat, mean, variance } = standardize(x, { axes: [0, 1], epsilon });
      return { y: xHat.mul(gamma).add(beta), xHat, mean, variance: variance.sqrt() };
    },
  },
];
