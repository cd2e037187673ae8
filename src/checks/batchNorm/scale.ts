/** The scale γ/√(movingVariance + ε) by which a trained norm is folded, with its mistakes: for both directions. */
import type { Tensor } from "../../tensor";
import type { On } from "../formula";
import { epsilonSwitches, rootOf, rootSwitches } from "../switches/standardizing";
import type { TrainedNorm } from "./samples";

const gammaSwitches = {
  noGamma: "γ is missing: scale by γ/√(movingVariance + ε)",
  gammaAlone: "you scaled by γ alone; divide by √(movingVariance + ε), too",
  gammaDivided: "you divided by γ; the scale is γ/√(movingVariance + ε)",
  scaleInverted: "you divided by the scale; multiply",
  gammaBetaSwapped: "γ and β are swapped: γ scales, β shifts",
  meanForVariance: "you took `movingMean` for `movingVariance`",
} as const;

export const scaleSwitches: typeof epsilonSwitches & typeof rootSwitches & typeof gammaSwitches = {
  ...epsilonSwitches,
  ...rootSwitches,
  ...gammaSwitches,
};

/** γ/√(movingVariance + ε); β where the two are swapped. */
export function scaleWith(norm: TrainedNorm, on: On<keyof typeof scaleSwitches>): Tensor {
  const gamma = on("gammaBetaSwapped") ? norm.beta : norm.gamma;
  if (on("gammaAlone")) return gamma;
  const root = rootOf(on("meanForVariance") ? norm.movingMean : norm.movingVariance, norm.epsilon, on);
  const scale = on("noGamma")
    ? root.map((r) => 1 / r)
    : on("gammaDivided")
      ? root.mul(gamma).map((r) => 1 / r)
      : gamma.div(root);
  return on("scaleInverted") ? scale.map((s) => 1 / s) : scale;
}
