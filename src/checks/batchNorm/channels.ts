import { batchNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { type Slip, slips, standardizeBy } from "../mistakes";
import { batch } from "./samples";

/** x of any rank; channelAxis is the axis that keeps its statistics apart. Returns x̂, of x's shape. */
export type BatchNormChannels = (x: Tensor, channelAxis: number, epsilon: number) => Tensor;

/** Exercise bn-channels: batch norm of images and sequences, with the channels at any axis. */
export const bnChannels: Check<BatchNormChannels> = exercise("bn-channels", (solution, seed) => {
  const epsilon = 0.05;
  const check = (x: Tensor, axis: number) => {
    const others = otherAxes(x.rank, [axis]);
    const over = (axes: number[], slip?: Slip) => () => standardizeBy(x, axes, epsilon, slip);
    const { y } = batchNorm(x, { epsilon, axis });
    return diagnose(invoke(solution, x, axis, epsilon), y, [
      {
        message:
          "you averaged over the batch only, a mean for every place; " +
          "batch norm shares one mean per channel over batch and space",
        value: over([0]),
      },
      {
        message: "you averaged over space only, each sample by itself: this is instance norm",
        value: over(others.filter((i) => i !== 0)),
      },
      {
        message: "you averaged over the channels at each place: this is layer norm (Keras's default axis)",
        value: over([axis]),
      },
      {
        message: "you averaged over everything but the batch: this is layer norm of the whole sample",
        value: over(otherAxes(x.rank, [0])),
      },
      {
        message: "you took one mean for everything; each channel has its own",
        value: over(otherAxes(x.rank, [])),
      },
      {
        message: "you took the last axis for the channels; here they lie along `channelAxis`",
        value: over(otherAxes(x.rank, [x.rank - 1])),
      },
      {
        message: "you took axis 1 for the channels, as PyTorch does; here they lie along `channelAxis`",
        value: over(otherAxes(x.rank, [1])),
      },
      {
        message: "you divided by m − 1; batch norm takes the biased variance",
        value: over(others, slips.sampleVariance),
      },
      {
        message: "ε stands outside the root, or is missing: divide by √(σ² + ε)",
        value: over(others, slips.noEpsilon),
      },
      {
        message: "ε stands outside the root: divide by √(σ² + ε)",
        value: over(others, slips.epsilonOutside),
      },
    ]);
  };
  const images = batch(seed, [3, 4, 5, 2]).x;
  const channelsFirst = images.transpose([0, 3, 1, 2]);
  return {
    usual: {
      "a matrix (N, C), as before": () => check(batch(seed, [6, 3]).x, 1),
      "images (N, H, W, C), channelAxis 3": () => check(images, 3),
      "PyTorch's (N, C, H, W), channelAxis 1": () => check(channelsFirst, 1),
      "sequences (N, T, C), channelAxis 2": () => check(batch(seed, [3, 4, 2]).x, 2),
    },
    hard: {
      "all axes of the same length": () => check(batch(seed, [3, 3, 3, 3]).x, 1),
      "channels first of all, (C, N)": () => check(batch(seed, [5, 4]).x.transpose(), 0),
      "volumes (N, D, H, W, C)": () => check(randomNormal([2, 2, 3, 2, 3], { seed }), 4),
    },
  };
});
