/** What group norm's exercises have in common: the split of the channels, and the mistakes with its axes. */
import type { Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { On } from "../formula";

export const groupAxesSwitches = {
  overBatch:
    "you averaged over the batch too: that is batch norm in groups; each sample has its own statistics",
  perPixel:
    "you averaged over the channels of a group at each place; all places of the image belong to the group as well",
  overGroups:
    "you averaged over the groups instead of the channels in a group: of the two axes that the channels are split into, the last is reduced",
  allGroups: "you averaged over every group together: this is layer norm of the whole sample",
  instance:
    "each channel has its own statistics here: this is instance norm; the channels of a group share theirs",
  batchNorm: "each channel has its own statistics over the whole batch: this is batch norm",
  interleaved:
    "the channels of a group must be neighbours: split C into (groups, C / groups), not (C / groups, groups)",
  sizeForNumber:
    "you made groups of `groups` channels; `groups` is the number of groups, each has C / groups channels",
} as const;

export type GroupAxesSwitch = keyof typeof groupAxesSwitches;

/** x (…, C) with the channels as two axes, and the axes that are reduced there. */
export function splitWith(
  x: Tensor,
  groups: number,
  on: On<GroupAxesSwitch>,
): { split: (t: Tensor) => Tensor; axes: number[] } {
  const channels = x.shape[x.rank - 1];
  const isOther = on("interleaved") || on("sizeForNumber");
  const lengths = isOther ? [channels / groups, groups] : [groups, channels / groups];
  // γ, of rank 1, is split like x, and then lies along x's last two axes.
  const split = (t: Tensor) => t.reshape([...t.shape.slice(0, -1), ...lengths]);
  const [ofGroups, ofChannels] = on("interleaved") ? [x.rank, x.rank - 1] : [x.rank - 1, x.rank];
  const space = otherAxes(x.rank, [0, x.rank - 1]);
  const axes = on("overBatch")
    ? [0, ...space, ofChannels]
    : on("perPixel")
      ? [ofChannels]
      : on("overGroups")
        ? [...space, ofGroups]
        : on("allGroups")
          ? [...space, ofGroups, ofChannels]
          : on("instance")
            ? space
            : on("batchNorm")
              ? [0, ...space]
              : [...space, ofChannels];
  return { split, axes: axes.sort((a, b) => a - b) };
}
