import { rmsNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import { gammaSwitches, scaleWith } from "../switches/affine";
import { meanSquareSwitches, meanSquareWith } from "../switches/meanSquare";
import { epsilonSwitches, rootOf, rootSwitches, standardizeWith } from "../switches/standardizing";
import { gammaOf } from "./samples";

/** (x (…,C), γ (C), ε) → y of x's shape. */
export type RmsNormForward = (x: Tensor, gamma: Tensor, epsilon: number) => Tensor;

/** Exercise ln-rms: RMSNorm over the last axis. */
export const lnRms: Check<RmsNormForward> = formulaExercise("ln-rms", {
  switches: {
    layerNorm: "you subtracted the mean: this is layer norm; RMSNorm is what is left without the mean",
    centredNumerator: "you subtracted the mean from x before dividing: RMSNorm divides x itself",
    gammaFirst: "γ multiplies what was divided: the mean square is that of x, not of γ·x",
    overSamples:
      "you averaged over the samples: RMSNorm's mean square belongs to one sample, over the last axis",
    wholeTensor: "you took one mean square of the whole tensor: every row has its own, over the last axis",
    wholeSample:
      "you took one mean square of the whole sample: every position has its own, over the last axis",
    secondAxis: "you averaged over axis 1; the last axis is −1, whatever the rank",
    ...meanSquareSwitches,
    ...epsilonSwitches,
    ...rootSwitches,
    ...gammaSwitches,
  },
  formula:
    (on) =>
    (input: Tensor, gamma: Tensor, epsilon: number): Tensor => {
      const x = on("gammaFirst") ? input.mul(gamma) : input;
      const finish = (xHat: Tensor) => (on("gammaFirst") ? xHat : scaleWith(xHat, x, gamma, on));
      const all = otherAxes(x.rank, []);
      const axes = on("overSamples")
        ? [0]
        : on("wholeTensor")
          ? all
          : on("wholeSample")
            ? all.slice(1)
            : on("secondAxis")
              ? [1]
              : all.slice(-1);
      if (on("layerNorm")) {
        const { xHat } = standardizeWith(x, axes, epsilon, on as On);
        return finish(xHat);
      }
      const numerator = on("centredNumerator") ? x.sub(x.mean(axes, true)) : x;
      const root = rootOf(meanSquareWith(x, axes, on), epsilon, on);
      // Who averages absolute values takes no root, and so has no inside for ε.
      const divisor = on("absoluteValues")
        ? x
            .abs()
            .mean(axes, true)
            .add(on("noEpsilon") ? 0 : epsilon)
        : root;
      return finish(numerator.div(divisor));
    },
  right: (x, gamma, epsilon) => rmsNorm(x, { gamma, epsilon }).y,
  name: "y",
  cases: (seed) => {
    const trial = (shape: number[], s: number, epsilon = 0.1) => {
      // The mean is far from 0, or RMSNorm and layer norm would be alike.
      const x = randomNormal(shape, { seed: seed + s, mean: 2, standardDeviation: 1.5 });
      return { args: [x, gammaOf(seed + s + 100, x.shape[x.rank - 1]), epsilon] as [Tensor, Tensor, number] };
    };
    return {
      usual: {
        "a random matrix (4, 6)": trial([4, 6], 0),
        "a square matrix (5, 5)": trial([5, 5], 1),
        "tokens (2, 3, 4)": trial([2, 3, 4], 2),
      },
      hard: {
        "one sample (1, 8)": trial([1, 8], 3),
        "a small ε": trial([3, 5], 4, 1e-6),
      },
    };
  },
});
