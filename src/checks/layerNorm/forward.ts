import { layerNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { affineSwitches, affineWith } from "../switches/affine";
import { partAxesSwitches, partAxesWith } from "../switches/axes";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";
import { digitsLost, gammaOf } from "./samples";

/** (x (…,C), γ (C), β (C), ε) → y of x's shape. */
export type LayerNormForward = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => Tensor;

/** Exercise ln-forward: layer norm over the last axis. */
export const lnForward: Check<LayerNormForward> = formulaExercise("ln-forward", {
  switches: {
    batchAxis:
      "you averaged over the wrong axis: over axis 0 this is batch norm; layer norm takes the last axis",
    allButLast: "you averaged over all axes but the last: this is batch norm; layer norm takes the last axis",
    wholeTensor:
      "you took one mean over the whole tensor: samples must not be mixed; reduce the last axis alone",
    wholeSample:
      "you averaged over the whole sample; here each position has its own mean, over the last axis",
    secondAxis: "you averaged over axis 1; the last axis is −1, whatever the rank",
    ...partAxesSwitches,
    ...standardizingSwitches,
    ...affineSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor => {
      const all = otherAxes(x.rank, []);
      const axes = on("batchAxis")
        ? [0]
        : on("allButLast")
          ? all.slice(0, -1)
          : on("wholeTensor")
            ? all
            : on("wholeSample")
              ? all.slice(1)
              : on("secondAxis")
                ? [1]
                : all.slice(-1);
      const { xHat, root } = standardizeWith(x, partAxesWith(axes, all.slice(0, -1), all, on), epsilon, on);
      return affineWith(xHat, x, { gamma, beta }, on, root);
    },
  right: (x, gamma, beta, epsilon) => layerNorm(x, { gamma, beta, epsilon }).y,
  name: "y",
  fragile: digitsLost,
  cases: (seed) => {
    const trial = (shape: number[], s: number, { epsilon = 0.1, shift = 2 } = {}) => {
      const c = shape[shape.length - 1];
      const x = randomNormal(shape, { seed: seed + s, mean: shift, standardDeviation: 2 });
      const beta = randomNormal([c], { seed: seed + s + 200 });
      const args: [Tensor, Tensor, Tensor, number] = [x, gammaOf(seed + s + 100, c), beta, epsilon];
      return { args, fragile: shift > 1e3 };
    };
    return {
      usual: {
        "a random matrix (4, 6)": trial([4, 6], 0),
        "a square matrix (5, 5)": trial([5, 5], 1),
        "tokens (2, 3, 4)": trial([2, 3, 4], 2),
        "one sample (1, 8)": trial([1, 8], 3),
      },
      hard: {
        "pixels of images (2, 3, 3, 4)": trial([2, 3, 3, 4], 4),
        "values around one million": trial([3, 5], 5, { shift: 1e6 }),
        "a small ε": trial([3, 5], 6, { epsilon: 1e-5 }),
      },
    };
  },
});
