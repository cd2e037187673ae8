import { rmsNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { slips, standardizeBy } from "../mistakes";
import { gammaOf } from "./samples";

/** (x (…,C), γ (C), ε) → y of x's shape. */
export type RmsNormForward = (x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms: RMSNorm over the last axis. */
export const lnRms: Check<RmsNormForward> = exercise("ln-rms", (solution, seed) => {
  const check = (shape: number[], s: number, epsilon = 0.1) => {
    // The mean is far from 0, or RMSNorm and layer norm would be alike.
    const x = randomNormal(shape, { seed: seed + s, mean: 2, standardDeviation: 1.5 });
    const gamma = gammaOf(seed + s + 100, x.shape[x.rank - 1]);
    const meanSquare = x.square().mean([-1], true);
    const by = (root: Tensor) => x.div(root).mul(gamma);
    return diagnose(
      invoke(solution, x, gamma, epsilon),
      rmsNorm(x, { gamma, epsilon }).y,
      [
        {
          message: "you subtracted the mean: this is layer norm; RMSNorm is what is left without the mean",
          value: () => standardizeBy(x, [-1], epsilon).mul(gamma),
        },
        {
          message:
            "you divided by the standard deviation: RMSNorm divides by the root of the mean square, √(mean(x²) + ε)",
          value: () => standardizeBy(x, [-1], epsilon, slips.notCentered).mul(gamma),
        },
        {
          message: "you divided by the length ‖x‖: take the mean of the squares, not their sum",
          value: () => by(x.square().sum([-1], true).add(epsilon).sqrt()),
        },
        {
          message: "you averaged absolute values: RMS is the root of the mean of the squares",
          value: () => by(x.abs().mean([-1], true).add(epsilon)),
        },
        {
          message: "you divided by the mean square: take its root",
          value: () => by(meanSquare.add(epsilon)),
        },
        {
          message: "you added ε outside the root: here it is √(mean(x²) + ε)",
          value: () => by(meanSquare.sqrt().add(epsilon)),
        },
        { message: "you left out ε: divide by √(mean(x²) + ε)", value: () => by(meanSquare.sqrt()) },
        { message: "you left out γ", value: () => x.div(meanSquare.add(epsilon).sqrt()) },
        {
          message:
            "you averaged over the samples: RMSNorm's mean square belongs to one sample, over the last axis",
          value: () => by(x.square().mean([0], true).add(epsilon).sqrt()),
        },
        {
          message: "you took one mean square of the whole tensor: every row has its own, over the last axis",
          value: () => by(x.square().mean().add(epsilon).sqrt()),
        },
      ],
      { name: "y" },
    );
  };
  return {
    usual: {
      "a random matrix (4, 6)": () => check([4, 6], 0),
      "a square matrix (5, 5)": () => check([5, 5], 1),
      "tokens (2, 3, 4)": () => check([2, 3, 4], 2),
    },
    hard: {
      "one sample (1, 8)": () => check([1, 8], 3),
      "a small ε": () => check([3, 5], 4, 1e-6),
    },
  };
});
