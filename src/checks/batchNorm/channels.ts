import { batchNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { rootOf, standardizeWith, standardizingSwitches } from "../switches/standardizing";
import { batch } from "./samples";

/** x of any rank; channelAxis is the axis that keeps its statistics apart. Returns x̂, of x's shape. */
export type BatchNormChannels = (x: Tensor, channelAxis: number, epsilon: number) => Tensor;

/** Exercise bn-channels: batch norm of images and sequences, with the channels at any axis. */
export const bnChannels: Check<BatchNormChannels> = formulaExercise("bn-channels", {
  switches: {
    batchOnly:
      "you averaged over the batch only, a mean for every place; " +
      "batch norm shares one mean per channel over batch and space",
    spaceOnly: "you averaged over space only, each sample by itself: this is instance norm",
    channelsOnly: "you averaged over the channels at each place: this is layer norm (Keras's default axis)",
    wholeSample: "you averaged over everything but the batch: this is layer norm of the whole sample",
    wholeTensor: "you took one mean for everything; each channel has its own",
    channelsLast: "you took the last axis for the channels; here they lie along `channelAxis`",
    channelsSecond: "you took axis 1 for the channels, as PyTorch does; here they lie along `channelAxis`",
    reshaped:
      "you reshaped x to rows of C values; that keeps channels together only where they are the last axis, " +
      "else move the axis first",
    dropped:
      "the reduced axes are dropped, so that the statistics line up with the last axis (or with none): " +
      "keep them, x.mean(axes, true)",
    wholeMean: "you subtracted one mean of everything; each channel has its own",
    wholeVariance: "you took one variance of everything; each channel has its own",
    batchOnlyMean: "the mean is taken over the batch only; it is shared over space, as the variance is",
    batchOnlyVariance: "the variance is taken over the batch only; it is shared over space, as the mean is",
    ...standardizingSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, channelAxis: number, epsilon: number): Tensor => {
      const all = otherAxes(x.rank, []);
      if (on("spaceOnly") && x.rank < 3) throw new Error("a matrix has no space to average over");
      const others = otherAxes(x.rank, [channelAxis]);
      if (on("reshaped")) {
        const rows = x.reshape([x.size / x.shape[channelAxis], x.shape[channelAxis]]);
        return standardizeWith(rows, [0], epsilon, on).xHat.reshape(x.shape);
      }
      if (on("dropped")) {
        const centred = x.sub(x.mean(others));
        return centred.div(rootOf(centred.square().mean(others), epsilon, on));
      }
      const axes = on("batchOnly")
        ? [0]
        : on("spaceOnly")
          ? others.filter((i) => i !== 0)
          : on("channelsOnly")
            ? [channelAxis]
            : on("wholeSample")
              ? otherAxes(x.rank, [0])
              : on("wholeTensor")
                ? all
                : on("channelsLast")
                  ? all.slice(0, -1)
                  : on("channelsSecond")
                    ? otherAxes(x.rank, [1])
                    : others;
      const mean = on("wholeMean") ? all : on("batchOnlyMean") ? [0] : axes;
      const variance = on("wholeVariance") ? all : on("batchOnlyVariance") ? [0] : axes;
      return standardizeWith(x, mean === variance ? mean : { mean, variance }, epsilon, on).xHat;
    },
  right: (x, axis, epsilon) => batchNorm(x, { epsilon, axis }).y,
  cases: (seed) => {
    const trial = (x: Tensor, axis: number) => ({ args: [x, axis, 0.05] as [Tensor, number, number] });
    const images = batch(seed, [3, 4, 5, 2]).x;
    const channelsFirst = images.transpose([0, 3, 1, 2]);
    return {
      usual: {
        "a matrix (N, C), as before": trial(batch(seed, [6, 3]).x, 1),
        "images (N, H, W, C), channelAxis 3": trial(images, 3),
        "PyTorch's (N, C, H, W), channelAxis 1": trial(channelsFirst, 1),
        "sequences (N, T, C), channelAxis 2": trial(batch(seed, [3, 4, 2]).x, 2),
      },
      hard: {
        "all axes of the same length": trial(batch(seed, [3, 3, 3, 3]).x, 1),
        "channels first of all, (C, N)": trial(batch(seed, [5, 4]).x.transpose(), 0),
        "volumes (N, D, H, W, C)": trial(randomNormal([2, 2, 3, 2, 3], { seed }), 4),
      },
    };
  },
});
