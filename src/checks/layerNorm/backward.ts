import { layerNorm, layerNormGrad } from "../../norm";
import type { Tensor } from "../../tensor";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import {
  gammaOutsideSwitch,
  gradientSwitches,
  gradientWith,
  parameterSwitches,
  parametersWith,
} from "../switches/backward";
import {
  epsilonSwitches,
  rootSwitches,
  standardizeWith,
  statisticsSwitches,
} from "../switches/standardizing";
import { backwardSample } from "./samples";

interface Gradients {
  dx: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}

/** (dy (N,C), x (N,C), γ (C), ε) → the gradients of layer norm over the last axis. */
export type LayerNormBackward = (dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number) => Gradients;

/** Exercise ln-backward: the closed form. */
export const lnBackward: Check<LayerNormBackward> = formulaExercise("ln-backward", {
  switches: {
    ...gradientSwitches,
    ...gammaOutsideSwitch,
    meansOverBatch:
      "the means in your dx are over the batch: that is batch norm's backward; layer norm's are over the features",
    batchStatistics:
      "your x̂ has the batch's statistics: that is batch norm; layer norm's mean and variance are over the features",
    xInDx: "your dx has x where x̂ belongs",
    centredInDx: "your dx has x − μ where x̂ = (x − μ)·rstd belongs",
    xInDGamma: "dγ needs x̂, not x: dγ = Σ dy·x̂",
    centredInDGamma: "γ multiplies x̂, not the centred values: dγ = Σ dy·x̂",
    ...parameterSwitches,
    ...statisticsSwitches,
    ...epsilonSwitches,
    ...rootSwitches,
  },
  formula:
    (on) =>
    (dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Gradients => {
      const axes = [on("batchStatistics") ? 0 : 1];
      const { xHat, mean, root } = standardizeWith(x, axes, epsilon, on as On);
      const rstd = root.map((value) => 1 / value);
      const inDx = on("xInDx") ? x : on("centredInDx") ? x.sub(mean) : xHat;
      const inDGamma = on("xInDGamma") ? x : on("centredInDGamma") ? x.sub(mean) : xHat;
      return {
        dx: gradientWith(dy, { xHat: inDx, rstd, gamma }, on("meansOverBatch") ? [0] : [1], on as On),
        ...parametersWith(dy, inDGamma, gamma, on),
      };
    },
  right: (dy, x, gamma, epsilon) => layerNormGrad(dy, layerNorm(x, { gamma, epsilon }).cache),
  cases: (seed) => {
    const argsOf = (shape: [number, number], s: number): [Tensor, Tensor, Tensor, number] => {
      const { x, dy, gamma, epsilon } = backwardSample(seed + s, shape, { standardDeviation: 3 });
      return [dy, x, gamma, epsilon];
    };
    const dx = (shape: [number, number], s: number) => ({ args: argsOf(shape, s), output: "dx" });
    const parameters = (shape: [number, number], s: number) => {
      const args = argsOf(shape, s);
      return [
        { args, output: "dGamma" },
        { args, output: "dBeta" },
      ];
    };
    return {
      usual: {
        "dx of a random matrix (4, 5)": dx([4, 5], 0),
        "dx of a square matrix (4, 4)": dx([4, 4], 1),
        "dγ and dβ": parameters([4, 5], 2),
      },
      hard: {
        "dx of one sample": dx([1, 7], 3),
        "dγ and dβ of a square matrix": parameters([5, 5], 4),
      },
    };
  },
});
