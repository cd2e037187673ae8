import { groupNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { standardizeBy, standardizingMistakes } from "../mistakes";

/** (x (N,H,W,C), groups, ε) → x̂ with statistics over H, W and the channels of one group, (N,H,W,C). */
export type StandardizeGroups = (x: Tensor, groups: number, epsilon: number) => Tensor;

/** Exercise axes-groups: group norm's x̂ by a reshape and one choice of axes. */
export const axesGroups: Check<StandardizeGroups> = exercise("axes-groups", (solution, seed) => {
  const check = (shape: [number, number, number, number], groups: number, s: number) => {
    const [n, h, w, c] = shape;
    const epsilon = 0.1;
    // Each channel with a mean of its own, so that every wrong choice of axes shows.
    const x = randomNormal(shape, { seed: seed + s, standardDeviation: 2 }).add(
      randomNormal([c], { seed: seed + s + 100, standardDeviation: 3 }),
    );
    const grouped = x.reshape([n, h, w, groups, c / groups]);
    const over = (axes: number[]) => () => standardizeBy(grouped, axes, epsilon).reshape(shape);
    const swapped = x.reshape([n, h, w, c / groups, groups]);
    return diagnose(invoke(solution, x, groups, epsilon), groupNorm(x, { groups, epsilon }).y, [
      {
        message:
          "you averaged over the batch too: that is batch norm in groups; each sample has its own statistics",
        value: over([0, 1, 2, 4]),
      },
      {
        message:
          "you averaged over the channels of a group at each pixel; the pixels (H and W) belong to the group as well",
        value: over([4]),
      },
      {
        message:
          "you averaged over the groups instead of the channels in a group: reduce the last axis, keep axis 3",
        value: over([1, 2, 3]),
      },
      {
        message: "you averaged over every group together: this is layer norm over the whole image",
        value: over([1, 2, 3, 4]),
      },
      {
        message:
          "each channel has its own statistics here: this is instance norm; the channels of a group share theirs",
        value: over([1, 2]),
      },
      {
        message:
          "the channels of a group must be neighbours: split C into (groups, C / groups), not (C / groups, groups)",
        value: () => standardizeBy(swapped, [1, 2, 3], epsilon).reshape(shape),
      },
      {
        message:
          "you made groups of `groups` channels; `groups` is the number of groups, each has C / groups channels",
        value: () => standardizeBy(swapped, [1, 2, 4], epsilon).reshape(shape),
      },
      {
        message: "the values are right: give them x's shape (N,H,W,C) again",
        value: () => standardizeBy(grouped, [1, 2, 4], epsilon),
      },
      ...standardizingMistakes(grouped, [1, 2, 4], epsilon, (xHat) => xHat.reshape(shape)),
    ]);
  };
  return {
    usual: {
      "6 channels in 2 groups": () => check([3, 2, 2, 6], 2, 0),
      "6 channels in 3 groups": () => check([2, 3, 2, 6], 3, 1),
      "one group: the whole image": () => check([2, 2, 2, 4], 1, 2),
    },
    hard: {
      "as many groups as channels": () => check([2, 3, 3, 4], 4, 3),
      "8 channels in 2 groups, one image": () => check([1, 2, 3, 8], 2, 4),
    },
  };
});
