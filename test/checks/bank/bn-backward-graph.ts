import { type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Backward = checks.BatchNormBackwardGraph;
type Values = Parameters<Backward>[1] & { dy: Tensor; m: number };
type Step = keyof ReturnType<Backward>;
/** Each gradient from the values and from those before it. */
type Steps = Record<Step, (before: Record<Step, Tensor>, values: Values) => Tensor>;

const solved: Steps = {
  dBeta: (_, { dy }) => dy.sum([0]),
  dGamma: (_, { dy, xHat }) => dy.mul(xHat).sum([0]),
  dXHat: (_, { dy, gamma }) => dy.mul(gamma),
  dRstd: ({ dXHat }, { centered }) => dXHat.mul(centered).sum([0]),
  dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.map((r) => -0.5 * r ** 3)),
  dCentered: ({ dXHat, dVariance }, { rstd, centered, m }) =>
    dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / m)),
  dMean: ({ dCentered }) => dCentered.sum([0]).neg(),
  dx: ({ dCentered, dMean }, { m }) => dCentered.add(dMean.div(m)),
};

const except =
  (change: Partial<Steps>): Backward =>
  (dy, values) => {
    const all = { ...values, dy, m: dy.shape[0] };
    const result = {} as Record<Step, Tensor>;
    for (const step of Object.keys(solved) as Step[])
      result[step] = (change[step] ?? solved[step])(result, all);
    return result;
  };

export const right: Bank<Backward>["right"] = [
  // The paper's dμ, with its second term; dσ² by the quotient.
  except({
    dVariance: ({ dXHat }, { centered, rstd }) =>
      dXHat.mul(centered).sum([0]).div(-2).mul(rstd).mul(rstd).mul(rstd),
    dMean: ({ dXHat, dVariance }, { rstd, centered, m }) =>
      dXHat
        .mul(rstd)
        .neg()
        .sum([0])
        .add(dVariance.mul(centered.mul(-2).sum([0]).div(m))),
  }),
  // By loops for one feature after the other.
  (dy, { centered, xHat, rstd, gamma }) => {
    const [m, channels] = dy.shape;
    const filled = (like: Tensor) => like.mul(0);
    const [dBeta, dGamma, dRstd, dVariance, dMean] = Array.from({ length: 5 }, () => filled(rstd));
    const [dXHat, dCentered, dx] = Array.from({ length: 3 }, () => filled(dy));
    for (let c = 0; c < channels; c++) {
      for (let k = c; k < m * channels; k += channels) {
        dBeta.data[c] += dy.data[k];
        dGamma.data[c] += dy.data[k] * xHat.data[k];
        dXHat.data[k] = dy.data[k] * gamma.data[c];
        dRstd.data[c] += dXHat.data[k] * centered.data[k];
      }
      dVariance.data[c] = -0.5 * rstd.data[c] ** 3 * dRstd.data[c];
      for (let k = c; k < m * channels; k += channels) {
        dCentered.data[k] = dXHat.data[k] * rstd.data[c] + (2 / m) * centered.data[k] * dVariance.data[c];
        dMean.data[c] -= dCentered.data[k];
      }
      for (let k = c; k < m * channels; k += channels) dx.data[k] = dCentered.data[k] + dMean.data[c] / m;
    }
    return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
  },
];

export const wrong: Bank<Backward>["wrong"] = [
  {
    name: "dβ is a mean",
    message: /dβ is the sum of dy, not the mean/,
    solution: except({ dBeta: (_, { dy }) => dy.mean([0]) }),
  },
  {
    name: "dβ not summed",
    message: /β has one gradient per column/,
    solution: except({ dBeta: (_, { dy }) => dy }),
  },
  {
    name: "dγ is a mean",
    message: /not the mean: γ multiplies every row/,
    solution: except({ dGamma: (_, { dy, xHat }) => dy.mul(xHat).mean([0]) }),
  },
  {
    name: "dγ not summed",
    message: /γ has one gradient per column/,
    solution: except({ dGamma: (_, { dy, xHat }) => dy.mul(xHat) }),
  },
  {
    name: "dγ without x̂",
    message: /sum dy·x̂, not dy alone/,
    solution: except({ dGamma: (_, { dy }) => dy.sum([0]) }),
  },
  {
    name: "dγ with the centered values",
    message: /γ multiplies x̂, not the centred values/,
    solution: except({ dGamma: (_, { dy, centered }) => dy.mul(centered).sum([0]) }),
  },
  { name: "no γ", message: /γ is missing/, solution: except({ dXHat: (_, { dy }) => dy }) },
  {
    name: "drstd not summed",
    message: /rstd is one number per column/,
    solution: except({
      dRstd: ({ dXHat }, { centered }) => dXHat.mul(centered),
      dVariance: ({ dXHat }, { centered, rstd }) =>
        dXHat
          .mul(centered)
          .sum([0])
          .mul(rstd.map((r) => -0.5 * r ** 3)),
    }),
  },
  {
    name: "drstd with x̂",
    message: /rstd multiplies `centered`, not x̂/,
    solution: except({ dRstd: ({ dXHat }, { xHat }) => dXHat.mul(xHat).sum([0]) }),
  },
  {
    name: "drstd is a mean",
    message: /drstd is the sum over the batch, not the mean/,
    solution: except({ dRstd: ({ dXHat }, { centered }) => dXHat.mul(centered).mean([0]) }),
  },
  {
    name: "sign of dσ²",
    message: /sign is wrong: rstd falls/,
    solution: except({ dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.map((r) => 0.5 * r ** 3)) }),
  },
  {
    name: "no ½",
    message: /has the factor ½/,
    solution: except({ dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.map((r) => -(r ** 3))) }),
  },
  {
    name: "wrong power of rstd",
    message: /you took rstd$/m,
    solution: except({ dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.mul(-0.5)) }),
  },
  {
    name: "rstd squared, not cubed",
    message: /you took rstd²$/m,
    solution: except({ dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.square().mul(-0.5)) }),
  },
  {
    name: "only through x̂",
    message: /only what comes back through x̂/,
    solution: except({ dCentered: ({ dXHat }, { rstd }) => dXHat.mul(rstd) }),
  },
  {
    name: "only through the variance",
    message: /only what comes back through the variance/,
    solution: except({ dCentered: ({ dVariance }, { centered, m }) => centered.mul(dVariance).mul(2 / m) }),
  },
  {
    name: "variance's gradient not divided by m",
    message: /reaches every row divided by m/,
    solution: except({
      dCentered: ({ dXHat, dVariance }, { rstd, centered }) =>
        dXHat.mul(rstd).add(centered.mul(dVariance).mul(2)),
    }),
  },
  {
    name: "square without its 2",
    message: /derivative of a square has the factor 2/,
    solution: except({
      dCentered: ({ dXHat, dVariance }, { rstd, centered, m }) =>
        dXHat.mul(rstd).add(centered.mul(dVariance).div(m)),
    }),
  },
  {
    name: "sign of dμ",
    message: /sign is wrong: the mean is subtracted/,
    solution: except({ dMean: ({ dCentered }) => dCentered.sum([0]) }),
  },
  {
    name: "dμ is a mean",
    message: /take the sum of −dcentered, not the mean/,
    solution: except({ dMean: ({ dCentered }) => dCentered.mean([0]).neg() }),
  },
  {
    name: "dx without the mean",
    message: /your dx ignores the gradient through the mean$/m,
    solution: except({ dx: ({ dCentered }) => dCentered }),
  },
  {
    name: "dx with statistics as constants",
    message: /your dx ignores the gradient through the mean and through the variance/,
    solution: except({ dx: ({ dXHat }, { rstd }) => dXHat.mul(rstd) }),
  },
  {
    name: "dx without the variance",
    message: /your dx ignores the gradient through the variance/,
    solution: except({
      dx: ({ dXHat }, { rstd }) => {
        const direct = dXHat.mul(rstd);
        return direct.sub(direct.mean([0]));
      },
    }),
  },
  {
    name: "dx with the whole dμ",
    message: /its gradient reaches every row divided by m/,
    solution: except({ dx: ({ dCentered, dMean }) => dCentered.add(dMean) }),
  },
  // Two mistakes together.
  {
    name: "no γ, no ½",
    message: [/γ is missing/, /has the factor ½/],
    solution: except({
      dXHat: (_, { dy }) => dy,
      dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.map((r) => -(r ** 3))),
    }),
  },
  {
    name: "rstd squared, sign of dμ",
    message: [/you took rstd²/, /the mean is subtracted, so dμ/],
    solution: except({
      dVariance: ({ dRstd }, { rstd }) => dRstd.mul(rstd.square().mul(-0.5)),
      dMean: ({ dCentered }) => dCentered.sum([0]),
    }),
  },
  {
    name: "dγ is a mean, only through x̂",
    message: [/dγ is the sum of dy·x̂/, /only what comes back through x̂/],
    solution: except({
      dGamma: (_, { dy, xHat }) => dy.mul(xHat).mean([0]),
      dCentered: ({ dXHat }, { rstd }) => dXHat.mul(rstd),
    }),
  },
  {
    name: "square without its 2, the whole dμ",
    message: [/derivative of a square has the factor 2/, /reaches every row divided by m/],
    solution: except({
      dCentered: ({ dXHat, dVariance }, { rstd, centered, m }) =>
        dXHat.mul(rstd).add(centered.mul(dVariance).div(m)),
      dx: ({ dCentered, dMean }) => dCentered.add(dMean),
    }),
  },
];
