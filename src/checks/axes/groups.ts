import { groupNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";

/** (x (N,H,W,C), groups, ε) → x̂ with statistics over H, W and the channels of one group, (N,H,W,C). */
export type StandardizeGroups = (x: Tensor, groups: number, epsilon: number) => Tensor;

/** Exercise axes-groups: group norm's x̂ by a reshape and one choice of axes. */
export const axesGroups: Check<StandardizeGroups> = formulaExercise("axes-groups", {
  switches: {
    overBatch:
      "you averaged over the batch too: that is batch norm in groups; each sample has its own statistics",
    perPixel:
      "you averaged over the channels of a group at each pixel; the pixels (H and W) belong to the group as well",
    overGroups:
      "you averaged over the groups instead of the channels in a group: reduce the last axis, keep axis 3",
    allGroups: "you averaged over every group together: this is layer norm over the whole image",
    instance:
      "each channel has its own statistics here: this is instance norm; the channels of a group share theirs",
    batchNorm: "each channel has its own statistics over the whole batch: this is batch norm",
    wholeTensor: "you took one mean and one variance of everything; each group of each sample has its own",
    oneSpatialAxis: "you averaged over one of the two axes of the image; both, H and W, belong to the group",
    otherSpatialAxis:
      "you averaged over one of the two axes of the image; both, H and W, belong to the group",
    interleaved:
      "the channels of a group must be neighbours: split C into (groups, C / groups), not (C / groups, groups)",
    sizeForNumber:
      "you made groups of `groups` channels; `groups` is the number of groups, each has C / groups channels",
    groupsFirst:
      "you split the tensor from the front: the groups are parts of the last axis, C = groups · (C / groups)",
    unshaped: "the values are right: give them x's shape (N,H,W,C) again",
    ...standardizingSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, groups: number, epsilon: number): Tensor => {
      const [n, h, w, c] = x.shape;
      const size = c / groups;
      if (on("groupsFirst")) {
        const parts = x.reshape([n, groups, (h * w * c) / groups]);
        return standardizeWith(parts, [2], epsilon, on).xHat.reshape(x.shape);
      }
      // Of axes 3 and 4 one is the groups, the other the channels of each.
      const isOther = on("interleaved") || on("sizeForNumber");
      const grouped = x.reshape([n, h, w, ...(isOther ? [size, groups] : [groups, size])]);
      const [ofGroups, ofChannels] = on("interleaved") ? [4, 3] : [3, 4];
      const axes = on("overBatch")
        ? [0, 1, 2, ofChannels]
        : on("perPixel")
          ? [ofChannels]
          : on("overGroups")
            ? [1, 2, ofGroups]
            : on("allGroups")
              ? [1, 2, 3, 4]
              : on("instance")
                ? [1, 2]
                : on("batchNorm")
                  ? [0, 1, 2]
                  : on("wholeTensor")
                    ? [0, 1, 2, 3, 4]
                    : on("oneSpatialAxis")
                      ? [1, ofChannels]
                      : on("otherSpatialAxis")
                        ? [2, ofChannels]
                        : [1, 2, ofChannels];
      const { xHat } = standardizeWith(grouped, axes, epsilon, on);
      return on("unshaped") ? xHat : xHat.reshape(x.shape);
    },
  right: (x, groups, epsilon) => groupNorm(x, { groups, epsilon }).y,
  cases: (seed) => {
    const trial = (shape: [number, number, number, number], groups: number, s: number) => {
      // Each channel with a mean of its own, so that every wrong choice of axes shows.
      const x = randomNormal(shape, { seed: seed + s, standardDeviation: 2 }).add(
        randomNormal([shape[3]], { seed: seed + s + 100, standardDeviation: 3 }),
      );
      return { args: [x, groups, 0.1] as [Tensor, number, number] };
    };
    return {
      usual: {
        "6 channels in 2 groups": trial([3, 2, 2, 6], 2, 0),
        "6 channels in 3 groups": trial([2, 3, 2, 6], 3, 1),
        "one group: the whole image": trial([2, 2, 2, 4], 1, 2),
      },
      hard: {
        "as many groups as channels": trial([2, 3, 3, 4], 4, 3),
        "8 channels in 2 groups, one image": trial([1, 2, 3, 8], 2, 4),
      },
    };
  },
});
