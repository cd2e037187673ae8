import { groupNorm, groupNormGrad } from "../../norm";
import type { Tensor } from "../../tensor";
import { batch, upstream } from "../batchNorm/samples";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import {
  gammaOutsideSwitch,
  gradientSwitches,
  gradientWith,
  parametersWith,
  parameterSwitches,
} from "../switches/backward";
import { epsilonSwitches, rootOf, rootSwitches } from "../switches/standardizing";
import { groupAxesSwitches, type GroupAxesSwitch, splitWith } from "./groups";

interface Gradients {
  dx: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}

/** (dy, x (N,…,C), γ (C), groups, ε) → dx of x's shape, dγ and dβ (C). */
export type GroupNormBackward = (
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  groups: number,
  epsilon: number,
) => Gradients;

/** Exercise family-group-back: group norm's closed form. */
export const familyGroupBack: Check<GroupNormBackward> = formulaExercise("family-group-back", {
  switches: {
    ...groupAxesSwitches,
    meansInstance:
      "the two means in dx are over what shares a statistic: all channels of the group, too, not each channel alone",
    meansPerPixel:
      "the two means in dx are over what shares a statistic: all places of the group, too, not each place alone",
    meansAllGroups: "the two means in dx are over what shares a statistic: one group, not the whole sample",
    meansOverBatch: "the two means in dx are over what shares a statistic: one sample's group, not the batch",
    perSample: "γ and β are shared by all samples: sum over the batch as well",
    perPlace: "γ and β are shared by all places: sum over space as well",
    ...gradientSwitches,
    ...gammaOutsideSwitch,
    ...parameterSwitches,
    ...epsilonSwitches,
    ...rootSwitches,
  },
  formula:
    (on) =>
    (dy: Tensor, x: Tensor, gamma: Tensor, groups: number, epsilon: number): Gradients => {
      const { split, axes } = splitWith(x, groups, on);
      const grouped = split(x);
      const centred = grouped.sub(grouped.mean(axes, true));
      const root = rootOf(centred.square().mean(axes, true), epsilon, on);
      const [xHat, rstd] = [centred.div(root), root.map((value) => 1 / value)];
      const meansAs = (id: GroupAxesSwitch) => splitWith(x, groups, (each) => each === id).axes;
      const over = on("meansInstance")
        ? meansAs("instance")
        : on("meansPerPixel")
          ? meansAs("perPixel")
          : on("meansAllGroups")
            ? meansAs("allGroups")
            : on("meansOverBatch")
              ? meansAs("overBatch")
              : axes;
      const given = { xHat, rstd, gamma: split(gamma) };
      const dx = gradientWith(split(dy), given, over, on as On).reshape(x.shape);
      return { dx, ...parametersOf(dy, xHat.reshape(x.shape), gamma, on) };
    },
  right: (dy, x, gamma, groups, epsilon) => groupNormGrad(dy, groupNorm(x, { gamma, groups, epsilon }).cache),
  cases: (seed) => {
    const trials = (shape: number[], groups: number, s: number) => {
      const { x, gamma, epsilon } = batch(seed + 10 * s, shape);
      const args: [Tensor, Tensor, Tensor, number, number] = [
        upstream(seed + 10 * s, shape),
        ...([x, gamma, groups, epsilon] as const),
      ];
      return [
        { args, output: "dx" },
        { args, output: "dGamma" },
        { args, output: "dBeta" },
      ];
    };
    return {
      usual: {
        "images (3, 2, 3, 6), 2 groups": trials([3, 2, 3, 6], 2, 0),
        "images (2, 3, 2, 4), 2 groups": trials([2, 3, 2, 4], 2, 1),
      },
      hard: {
        "sequences (N, T, C), 3 groups": trials([2, 4, 6], 3, 2),
        "one group": trials([2, 2, 3, 4], 1, 3),
      },
    };
  },
});

/** dγ and dβ: in rows of C values, as a matrix has them, and back to x's shape where they are not summed. */
function parametersOf(
  dy: Tensor,
  xHat: Tensor,
  gamma: Tensor,
  on: (id: keyof typeof parameterSwitches | "perSample" | "perPlace") => boolean,
): { dGamma: Tensor; dBeta: Tensor } {
  const channels = gamma.size;
  if (on("perSample") || on("perPlace")) {
    const axes = on("perPlace") ? [0] : xHat.shape.map((_, i) => i).slice(1, -1);
    return { dGamma: dy.mul(xHat).sum(axes), dBeta: dy.sum(axes) };
  }
  const rows = [-1, channels];
  const parts = parametersWith(dy.reshape(rows), xHat.reshape(rows), gamma, on);
  const shaped = (t: Tensor, isWhole: boolean, isRow: boolean) =>
    isWhole ? t.reshape(xHat.shape) : isRow ? t.reshape(xHat.shape.slice(0, -1)) : t;
  return {
    dGamma: shaped(parts.dGamma, on("dGammaNotSummed"), on("dGammaOverFeatures")),
    dBeta: shaped(parts.dBeta, on("dBetaNotSummed"), on("dBetaOverFeatures")),
  };
}
