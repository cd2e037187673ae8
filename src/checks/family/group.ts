import { groupNorm } from "../../norm";
import type { Tensor } from "../../tensor";
import { batch } from "../batchNorm/samples";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { affineSwitches, affineWith } from "../switches/affine";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";
import { groupAxesSwitches, splitWith } from "./groups";

/** (x (N,…,C), γ (C), β (C), groups, ε) → y of x's shape. */
export type GroupNormForward = (
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  groups: number,
  epsilon: number,
) => Tensor;

/** Exercise family-group: group norm's forward pass, with γ and β. */
export const familyGroup: Check<GroupNormForward> = formulaExercise("family-group", {
  switches: {
    ...groupAxesSwitches,
    gammaFirst: "γ and β come after the division: you normalized γ·x + β",
    unshaped: "the values are right: give them x's shape again",
    ...standardizingSwitches,
    ...affineSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, gamma: Tensor, beta: Tensor, groups: number, epsilon: number): Tensor => {
      const { split, axes } = splitWith(x, groups, on);
      const input = on("gammaFirst") ? x.mul(gamma).add(beta) : x;
      const { xHat, root } = standardizeWith(split(input), axes, epsilon, on);
      const flat = xHat.reshape(x.shape);
      if (on("gammaFirst")) return flat;
      // Of x's shape, so that β can be divided by it, too.
      const spread = split(x).mul(0).add(root).reshape(x.shape);
      const y = affineWith(flat, x, { gamma, beta }, on, spread);
      return on("unshaped") ? split(y) : y;
    },
  right: (x, gamma, beta, groups, epsilon) => groupNorm(x, { gamma, beta, groups, epsilon }).y,
  name: "y",
  cases: (seed) => {
    const trial = (shape: number[], groups: number, s: number) => {
      const { x, gamma, beta, epsilon } = batch(seed + 10 * s, shape);
      return { args: [x, gamma, beta, groups, epsilon] as [Tensor, Tensor, Tensor, number, number] };
    };
    return {
      usual: {
        "images (3, 2, 3, 6), 2 groups": trial([3, 2, 3, 6], 2, 0),
        "images (2, 3, 4, 4), 2 groups": trial([2, 3, 4, 4], 2, 1),
        "sequences (N, T, C), 3 groups": trial([2, 4, 6], 3, 2),
      },
      hard: {
        "one group": trial([2, 2, 2, 4], 1, 3),
        "a table (N, C), 2 groups": trial([3, 6], 2, 4),
        "one image with 8 channels, 2 groups": trial([1, 2, 3, 8], 2, 5),
      },
    };
  },
});
