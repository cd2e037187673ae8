import { rmsNorm, rmsNormGrad } from "../../norm";
import type { Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { type GradSlip, standardizeGradBy } from "../mistakes";
import { backwardSample } from "./samples";

/** (dy (N,C), x (N,C), γ (C), ε) → dx (N,C) of RMSNorm over the last axis. */
export type RmsNormBackward = (dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms-backward: layer norm's closed form with one term less. */
export const lnRmsBackward: Check<RmsNormBackward> = exercise("ln-rms-backward", (solution, seed) => {
  const check = (shape: [number, number], s: number) => {
    const { x, dy, gamma, epsilon } = backwardSample(seed + s, shape, { standardDeviation: 1.5 });
    const { cache } = rmsNorm(x, { gamma, epsilon });
    const { xHat } = cache;
    const rstd = cache.rstd.reshape([shape[0], 1]);
    const dXHat = dy.mul(gamma);
    /** dx of RMSNorm, in which nothing flows through a mean, but for what is replaced. */
    const by = (d: Tensor, slip?: GradSlip, axes = [1]) =>
      standardizeGradBy(d, { xHat, rstd }, axes, { throughMean: false, ...slip });
    return diagnose(
      invoke(solution, dy, x, gamma, epsilon),
      rmsNormGrad(dy, cache).dx,
      [
        {
          message: "there is no mean in RMSNorm, so nothing flows through it: leave out − mean(dx̂)",
          value: () => by(dXHat, { throughMean: true }),
        },
        {
          message:
            "your dx treats the mean square as a constant: it depends on x; − x̂ · mean(dx̂ · x̂) is missing",
          value: () => by(dXHat, { throughVariance: false }),
        },
        {
          message: "γ is missing from dx: start from dx̂ = γ · dy",
          value: () => by(dy),
        },
        {
          message: "γ belongs inside the mean: dx̂ = γ · dy first, then mean(dx̂ · x̂)",
          value: () => by(dy).mul(gamma),
        },
        {
          message: "your mean is over the samples: each sample has its own mean(dx̂ · x̂), over the features",
          value: () => by(dXHat, {}, [0]),
        },
        { message: "dx lacks the factor rstd = 1/√(mean(x²) + ε)", value: () => by(dXHat).div(rstd) },
        {
          message: "you used a sum where the closed form has a mean: divide by C",
          value: () => by(dXHat, { sums: true }),
        },
        {
          message: "you took x where x̂ = x · rstd belongs",
          value: () => standardizeGradBy(dXHat, { xHat: x, rstd }, [1], { throughMean: false }),
        },
      ],
      { name: "dx" },
    );
  };
  return {
    usual: {
      "a random matrix (4, 5)": () => check([4, 5], 0),
      "a square matrix (4, 4)": () => check([4, 4], 1),
    },
    hard: { "one sample": () => check([1, 7], 2) },
  };
});
