import { batchNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { batch, standardizedBy } from "./samples";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { type CheckOptions, type Report, report } from "../report";

/** x of any rank; channelAxis is the axis that keeps its statistics apart. Returns x̂, of x's shape. */
export type BatchNormChannels = (x: Tensor, channelAxis: number, epsilon: number) => Tensor;

/** Exercise bn-channels: batch norm of images and sequences, with the channels at any axis. */
export function bnChannels(
  solution: BatchNormChannels,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const epsilon = 0.05;
  const check = (x: Tensor, axis: number) => {
    const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
    const over = (axes: number[]) => () => standardizedBy(x, axes, (v) => v.add(epsilon).sqrt());
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
        value: over(x.shape.map((_, i) => i).filter((i) => i !== 0)),
      },
      {
        message: "you took one mean for everything; each channel has its own",
        value: over(x.shape.map((_, i) => i)),
      },
      {
        message: "you took the last axis for the channels; here they lie along `channelAxis`",
        value: over(x.shape.map((_, i) => i).filter((i) => i !== x.rank - 1)),
      },
      {
        message: "you took axis 1 for the channels, as PyTorch does; here they lie along `channelAxis`",
        value: over(x.shape.map((_, i) => i).filter((i) => i !== 1)),
      },
      {
        message: "you divided by m − 1; batch norm takes the biased variance",
        value: () => standardizedBy(x, others, (v) => v.add(epsilon).sqrt(), 1),
      },
      {
        message: "ε stands outside the root, or is missing: divide by √(σ² + ε)",
        value: () => standardizedBy(x, others, (v) => v.sqrt()),
      },
      {
        message: "ε stands outside the root: divide by √(σ² + ε)",
        value: () => standardizedBy(x, others, (v) => v.sqrt().add(epsilon)),
      },
    ]);
  };
  const images = batch(seed, [3, 4, 5, 2]).x;
  const channelsFirst = images.transpose([0, 3, 1, 2]);
  const usual = [
    { name: "a matrix (N, C), as before", run: () => check(batch(seed, [6, 3]).x, 1) },
    { name: "images (N, H, W, C), channelAxis 3", run: () => check(images, 3) },
    { name: "PyTorch's (N, C, H, W), channelAxis 1", run: () => check(channelsFirst, 1) },
    { name: "sequences (N, T, C), channelAxis 2", run: () => check(batch(seed, [3, 4, 2]).x, 2) },
  ];
  const hard = [
    { name: "all axes of the same length", run: () => check(batch(seed, [3, 3, 3, 3]).x, 1) },
    { name: "channels first of all, (C, N)", run: () => check(batch(seed, [5, 4]).x.transpose(), 0) },
    { name: "volumes (N, D, H, W, C)", run: () => check(randomNormal([2, 2, 3, 2, 3], { seed }), 4) },
  ];
  return report("bn-channels", cases === "hard" ? [...usual, ...hard] : usual);
}
