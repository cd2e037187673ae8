import { batchNorm, batchNormGradSteps, type ForwardSteps, type GradSteps } from "../../norm";
import type { Tensor } from "../../tensor";
import { batch, optionsOf, upstream } from "../batchNorm/samples";
import { diagnose, type Misconception } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";

/** dy, centered and xHat (N, C); rstd and gamma (C). */
export type BatchNormBackwardGraph = (
  dy: Tensor,
  values: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
) => Record<Step, Tensor>;

const steps = ["dBeta", "dGamma", "dXHat", "dRstd", "dVariance", "dCentered", "dMean", "dx"] as const;
type Step = (typeof steps)[number];

/** Exercise bn-backward-graph: the backward pass node by node, each gradient looked at by itself. */
export const bnBackwardGraph: Check<BatchNormBackwardGraph> = exercise(
  "bn-backward-graph",
  (solution, seed) => {
    const check = (step: Step, shape: number[]) => {
      const sample = batch(seed, shape);
      const dy = upstream(seed, shape);
      const right = batchNormGradSteps(dy, batchNorm(sample.x, optionsOf(sample)).cache);
      const { centered, xHat, rstd } = right;
      const result = invoke(solution, dy, { centered, xHat, rstd, gamma: sample.gamma });
      const mistakes = mistakesOf(dy, right)[step];
      return diagnose(field(result, step), right[step], mistakes, { name: step });
    };
    return {
      usual: Object.fromEntries(steps.map((step) => [step, () => check(step, [6, 3])])),
      hard: {
        "dCentered, as many rows as columns": () => check("dCentered", [4, 4]),
        "dx, as many rows as columns": () => check("dx", [4, 4]),
        "dx of a batch of one is 0": () => check("dx", [1, 3]),
        "dx, a batch of 200": () => check("dx", [200, 2]),
      },
    };
  },
);

/** The wrong formulas for each gradient; `right` are all values and gradients on the way. */
function mistakesOf(dy: Tensor, right: ForwardSteps & GradSteps): Record<Step, Misconception[]> {
  const { centered, xHat, rstd } = right;
  const m = dy.shape[0];
  const direct = right.dXHat.mul(rstd);
  return {
    dBeta: [
      {
        message: "take the sum of dy over the batch, not the mean: β is added to every row",
        value: right.dBeta.div(m),
      },
      { message: "β has one gradient per column: sum dy over the batch", value: dy },
    ],
    dGamma: [
      {
        message: "take the sum over the batch, not the mean: γ multiplies every row",
        value: right.dGamma.div(m),
      },
      { message: "γ multiplies x̂, not the centered values", value: dy.mul(centered).sum([0]) },
      { message: "γ multiplies x̂: sum dy·x̂, not dy alone", value: right.dBeta },
      { message: "γ has one gradient per column: sum dy·x̂ over the batch", value: dy.mul(xHat) },
    ],
    dXHat: [{ message: "γ is missing: y = γ·x̂ + β, so dx̂ = γ·dy", value: dy }],
    dRstd: [
      {
        message: "rstd is one number per column: sum dx̂·centered over the batch",
        value: right.dXHat.mul(centered),
      },
      { message: "rstd multiplies `centered`, not x̂", value: right.dXHat.mul(xHat).sum([0]) },
      { message: "take the sum over the batch, not the mean", value: right.dRstd.div(m) },
      { message: "γ is missing: start from dx̂, not from dy", value: dy.mul(centered).sum([0]) },
    ],
    dVariance: [
      { message: "the sign is wrong: rstd falls when the variance grows", value: right.dVariance.neg() },
      {
        message: "the derivative of (v + ε)^(−1/2) has the factor ½: −½·rstd³",
        value: right.dVariance.mul(2),
      },
      {
        message: "the derivative of (v + ε)^(−1/2) is −½·(v + ε)^(−3/2) = −½·rstd³; you took rstd",
        value: right.dRstd.mul(rstd).mul(-0.5),
      },
      {
        message: "the derivative of (v + ε)^(−1/2) is −½·(v + ε)^(−3/2) = −½·rstd³; you took rstd²",
        value: right.dRstd.mul(rstd.square()).mul(-0.5),
      },
    ],
    dCentered: [
      {
        message:
          "`centered` is used twice, for x̂ and for the variance: this is only what comes back through x̂",
        value: direct,
      },
      {
        message:
          "`centered` is used twice, for x̂ and for the variance: this is only what comes back through the variance",
        value: right.dCenteredThroughVariance,
      },
      {
        message: "the variance is a mean: its gradient reaches every row divided by m",
        value: direct.add(centered.mul(2).mul(right.dVariance)),
      },
      {
        message: "the derivative of a square has the factor 2",
        value: direct.add(centered.mul(right.dVariance).div(m)),
      },
    ],
    dMean: [
      { message: "the sign is wrong: the mean is subtracted", value: right.dMean.neg() },
      {
        message: "the mean is subtracted from every row: take the sum of −dCentered, not the mean",
        value: right.dMean.div(m),
      },
    ],
    dx: [
      { message: "your dx ignores the gradient through the mean", value: right.dCentered },
      {
        message: "your dx ignores the gradient through the mean and through the variance",
        value: direct,
      },
      {
        message: "your dx ignores the gradient through the variance",
        value: direct.add(direct.sum([0]).div(-m)),
      },
      {
        message: "the mean is Σx/m: its gradient reaches every row divided by m",
        value: right.dCentered.add(right.dMean),
      },
      {
        message: "the sign of the part through the mean is wrong: add dMean/m",
        value: right.dCentered.sub(right.dMean.div(m)),
      },
    ],
  };
}
