import { rmsNorm, rmsNormGrad } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { type CheckOptions, report, type Report } from "../report";

/** (dy (N,C), x (N,C), γ (C), ε) → dx (N,C) of RMSNorm over the last axis. */
export type RmsNormBackward = (dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms-backward: layer norm's closed form with one term less. */
export function lnRmsBackward(
  solution: RmsNormBackward,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const check = (shape: [number, number], s: number) => {
    const epsilon = 0.1;
    const x = randomNormal(shape, { seed: seed + s, mean: 2, standardDeviation: 1.5 });
    const dy = randomNormal(shape, { seed: seed + s + 100 });
    const gamma = randomNormal([shape[1]], { seed: seed + s + 200, mean: 1, standardDeviation: 0.5 });
    const { cache } = rmsNorm(x, { gamma, epsilon });
    const { xHat } = cache;
    const rstd = cache.rstd.reshape([shape[0], 1]);
    const dXHat = dy.mul(gamma);
    const through = (d: Tensor, axis = 1) => xHat.mul(d.mul(xHat).mean([axis], true));
    return diagnose(
      invoke(solution, dy, x, gamma, epsilon),
      rmsNormGrad(dy, cache).dx,
      [
        {
          message: "there is no mean in RMSNorm, so nothing flows through it: leave out − mean(dx̂)",
          value: () =>
            dXHat
              .sub(dXHat.mean([1], true))
              .sub(through(dXHat))
              .mul(rstd),
        },
        {
          message:
            "your dx treats the mean square as a constant: it depends on x; − x̂ · mean(dx̂ · x̂) is missing",
          value: () => dXHat.mul(rstd),
        },
        {
          message: "γ is missing from dx: start from dx̂ = γ · dy",
          value: () => dy.sub(through(dy)).mul(rstd),
        },
        {
          message: "γ belongs inside the mean: dx̂ = γ · dy first, then mean(dx̂ · x̂)",
          value: () => dy.sub(through(dy)).mul(rstd).mul(gamma),
        },
        {
          message: "your mean is over the samples: each sample has its own mean(dx̂ · x̂), over the features",
          value: () => dXHat.sub(through(dXHat, 0)).mul(rstd),
        },
        { message: "dx lacks the factor rstd = 1/√(mean(x²) + ε)", value: () => dXHat.sub(through(dXHat)) },
        {
          message: "you used a sum where the closed form has a mean: divide by C",
          value: () => dXHat.sub(through(dXHat).mul(shape[1])).mul(rstd),
        },
        {
          message: "you took x where x̂ = x · rstd belongs",
          value: () => dXHat.sub(x.mul(dXHat.mul(x).mean([1], true))).mul(rstd),
        },
      ],
      { name: "dx" },
    );
  };
  return report("ln-rms-backward", [
    { name: "a random matrix (4, 5)", run: () => check([4, 5], 0) },
    { name: "a square matrix (4, 4)", run: () => check([4, 4], 1) },
    ...(cases === "hard" ? [{ name: "one sample", run: () => check([1, 7], 2) }] : []),
  ]);
}
