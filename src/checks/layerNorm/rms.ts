import { rmsNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { standardizeBy } from "../mistakes";
import { type CheckOptions, report, type Report } from "../report";

/** (x (…,C), γ (C), ε) → y of x's shape. */
export type RmsNormForward = (x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms: RMSNorm over the last axis. */
export function lnRms(solution: RmsNormForward, { seed = 1, cases = "usual" }: CheckOptions = {}): Report {
  const check = (shape: number[], s: number, epsilon = 0.1) => {
    const c = shape[shape.length - 1];
    // The mean is far from 0, or RMSNorm and layer norm would be alike.
    const x = randomNormal(shape, { seed: seed + s, mean: 2, standardDeviation: 1.5 });
    const gamma = randomNormal([c], { seed: seed + s + 100, mean: 1, standardDeviation: 0.5 });
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
          value: () => standardizeBy(x, [-1], epsilon, { center: false }).mul(gamma),
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
  return report("ln-rms", [
    { name: "a random matrix (4, 6)", run: () => check([4, 6], 0) },
    { name: "a square matrix (5, 5)", run: () => check([5, 5], 1) },
    { name: "tokens (2, 3, 4)", run: () => check([2, 3, 4], 2) },
    ...(cases === "hard"
      ? [
          { name: "one sample (1, 8)", run: () => check([1, 8], 3) },
          { name: "a small ε", run: () => check([3, 5], 4, 1e-6) },
        ]
      : []),
  ]);
}
