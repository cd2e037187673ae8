import { rmsNorm, rmsNormGrad, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.RmsNormBackward>;

interface Parts {
  axis?: number;
  reduce?: "mean" | "sum";
  throughSquare?: boolean;
  first?: (dy: Tensor, gamma: Tensor) => Tensor;
  /** Put in the place of x̂. */
  direction?: (x: Tensor, xHat: Tensor) => Tensor;
  last?: (dx: Tensor, rstd: Tensor, gamma: Tensor) => Tensor;
}

/** The closed form with one of its parts replaced. */
const backwardBy =
  ({
    axis = 1,
    reduce = "mean",
    throughSquare = true,
    first = (dy, gamma) => dy.mul(gamma),
    direction = (_x, xHat) => xHat,
    last = (dx, rstd) => dx.mul(rstd),
  }: Parts): checks.RmsNormBackward =>
  (dy, x, gamma, epsilon) => {
    const { cache } = rmsNorm(x, { epsilon });
    const along = direction(x, cache.xHat);
    const d = first(dy, gamma);
    const projected = throughSquare ? along.mul(d.mul(along)[reduce]([axis], true)) : 0;
    return last(d.sub(projected), cache.rstd.reshape([x.shape[0], 1]), gamma);
  };

export const right: Solution["right"] = [
  backwardBy({}),
  // Element by element: dx_j = r · (dx̂_j − x̂_j · Σ dx̂_i x̂_i / C).
  (dy, x, gamma, epsilon) => {
    const c = gamma.size;
    const result = dy.map(() => 0);
    for (let row = 0; row < x.size; row += c) {
      let [squares, product] = [0, 0];
      for (let i = 0; i < c; i++) {
        squares += x.data[row + i] ** 2;
        product += gamma.data[i] * dy.data[row + i] * x.data[row + i];
      }
      const r = 1 / Math.sqrt(squares / c + epsilon);
      for (let j = 0; j < c; j++) {
        const direct = r * gamma.data[j] * dy.data[row + j];
        result.data[row + j] = direct - (r ** 3 * x.data[row + j] * product) / c;
      }
    }
    return result;
  },
  (dy, x, gamma, epsilon) => rmsNormGrad(dy, rmsNorm(x, { gamma, epsilon }).cache).dx,
];

export const wrong: Solution["wrong"] = [
  {
    name: "layer norm's middle term",
    message: /nothing flows through it: leave out/,
    solution: (dy, x, gamma, epsilon) => {
      const { cache } = rmsNorm(x, { epsilon });
      const throughMean = dy
        .mul(gamma)
        .mean([1], true)
        .mul(cache.rstd.reshape([x.shape[0], 1]));
      return backwardBy({})(dy, x, gamma, epsilon).sub(throughMean);
    },
  },
  {
    name: "mean square as a constant",
    message: /treats the mean square as a constant/,
    solution: backwardBy({ throughSquare: false }),
  },
  { name: "no γ", message: /γ is missing from dx/, solution: backwardBy({ first: (dy) => dy }) },
  {
    name: "γ at the end",
    message: /γ belongs inside the mean/,
    solution: backwardBy({ first: (dy) => dy, last: (dx, rstd, gamma) => dx.mul(rstd).mul(gamma) }),
  },
  { name: "over the samples", message: /your mean is over the samples/, solution: backwardBy({ axis: 0 }) },
  { name: "no rstd", message: /lacks the factor rstd/, solution: backwardBy({ last: (dx) => dx }) },
  {
    name: "a sum for the mean",
    message: /has a mean, not a sum/,
    solution: backwardBy({ reduce: "sum" }),
  },
  { name: "x for x̂", message: /x where x̂ = x·rstd belongs/, solution: backwardBy({ direction: (x) => x }) },
  // Two mistakes together.
  {
    name: "no γ, no rstd",
    message: [/γ is missing from dx/, /lacks the factor rstd/],
    solution: backwardBy({ first: (dy) => dy, last: (dx) => dx }),
  },
  {
    name: "over the samples, a sum",
    message: [/your mean is over the samples/, /has a mean, not a sum/],
    solution: backwardBy({ axis: 0, reduce: "sum" }),
  },
  {
    name: "x for x̂, γ at the end",
    message: [/x where x̂ = x·rstd belongs/, /γ belongs inside the mean/],
    solution: backwardBy({
      direction: (x) => x,
      first: (dy) => dy,
      last: (dx, rstd, gamma) => dx.mul(rstd).mul(gamma),
    }),
  },
  {
    name: "mean square as a constant, rstd squared",
    message: [/treats the mean square as a constant/, /rstd is in your dx twice/],
    solution: backwardBy({ throughSquare: false, last: (dx, rstd) => dx.mul(rstd).mul(rstd) }),
  },
];
