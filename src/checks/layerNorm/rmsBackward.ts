import { rmsNorm, rmsNormGrad } from "../../norm";
import type { Tensor } from "../../tensor";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import { averagesSwitch, gammaOutsideSwitch, gradientWith, varianceTermSwitches } from "../switches/backward";
import { meanSquareSwitches, meanSquareWith } from "../switches/meanSquare";
import { epsilonSwitches, rootOf, rootSwitches } from "../switches/standardizing";
import { backwardSample } from "./samples";

/** (dy (N,C), x (N,C), γ (C), ε) → dx (N,C) of RMSNorm over the last axis. */
export type RmsNormBackward = (dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms-backward: layer norm's closed form with one term less. */
export const lnRmsBackward: Check<RmsNormBackward> = formulaExercise("ln-rms-backward", {
  switches: {
    throughMean: "there is no mean in RMSNorm, so nothing flows through it: leave out − mean(dx̂)",
    ...varianceTermSwitches,
    ...gammaOutsideSwitch,
    ...averagesSwitch,
    noVarianceTerm:
      "your dx treats the mean square as a constant: it depends on x; − x̂·mean(dx̂·x̂) is missing",
    overSamples: "your mean is over the samples: each sample has its own mean(dx̂·x̂), over the features",
    samplesStatistics:
      "your mean square is over the samples: each sample has its own mean(x²), over the features",
    xInDx: "you took x where x̂ = x·rstd belongs",
    centred: "you subtracted the mean: in RMSNorm x̂ = x·rstd",
    layerNorm:
      "your x̂ is that of layer norm: RMSNorm's x̂ = x·rstd, with rstd from mean(x²), without the mean",
    ...meanSquareSwitches,
    ...epsilonSwitches,
    ...rootSwitches,
  },
  formula:
    (on) =>
    (dy: Tensor, input: Tensor, gamma: Tensor, epsilon: number): Tensor => {
      const x = on("layerNorm") ? input.sub(input.mean([1], true)) : input;
      const root = rootOf(meanSquareWith(x, [on("samplesStatistics") ? 0 : 1], on), epsilon, on);
      const rstd = root.map((value) => 1 / value);
      const numerator = on("centred") ? x.sub(x.mean([1], true)) : x;
      const xHat = on("xInDx") ? numerator : numerator.mul(rstd);
      return gradientWith(dy, { xHat, rstd, gamma }, [on("overSamples") ? 0 : 1], on as On, {
        throughMean: on("throughMean"),
      });
    },
  right: (dy, x, gamma, epsilon) => rmsNormGrad(dy, rmsNorm(x, { gamma, epsilon }).cache).dx,
  name: "dx",
  cases: (seed) => {
    const trial = (shape: [number, number], s: number) => {
      const { x, dy, gamma, epsilon } = backwardSample(seed + s, shape, { standardDeviation: 1.5 });
      return { args: [dy, x, gamma, epsilon] as [Tensor, Tensor, Tensor, number] };
    };
    return {
      usual: {
        "a random matrix (4, 5)": trial([4, 5], 0),
        "a square matrix (4, 4)": trial([4, 4], 1),
      },
      hard: { "one sample": trial([1, 7], 2) },
    };
  },
});
