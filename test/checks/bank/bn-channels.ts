import { batchNorm, instanceNorm, layerNorm, standardize, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Channels = checks.BatchNormChannels;
const axesOf = (x: Tensor) => x.shape.map((_, axis) => axis);
const over =
  (axes: (x: Tensor, channelAxis: number) => number[]): Channels =>
  (x, channelAxis, epsilon) =>
    standardize(x, { axes: axes(x, channelAxis), epsilon }).xHat;
const others = (x: Tensor, channelAxis: number) => axesOf(x).filter((axis) => axis !== channelAxis);

export const right: Bank<Channels>["right"] = [
  (x, axis, epsilon) => batchNorm(x, { axis, epsilon }).y,
  // Channels to the end, one row for each place, and back again.
  (x, channelAxis, epsilon) => {
    const order = [...others(x, channelAxis), channelAxis];
    const moved = x.transpose(order);
    const rows = moved.reshape([-1, x.shape[channelAxis]]);
    const centered = rows.sub(rows.mean([0]));
    const xHat = centered.div(centered.square().mean([0]).add(epsilon).sqrt());
    return xHat.reshape(moved.shape).transpose(axesOf(x).map((axis) => order.indexOf(axis)));
  },
];

export const wrong: Bank<Channels>["wrong"] = [
  {
    name: "over the batch only",
    message: /over the batch only, a mean for every place/,
    solution: over(() => [0]),
  },
  {
    name: "instance norm",
    message: /this is instance norm/,
    solution: (x, axis, epsilon) =>
      x.rank < 3 ? over(others)(x, axis, epsilon) : instanceNorm(x, { axis, epsilon }).y,
  },
  {
    name: "per place over the channels",
    message: /over the channels at each place: this is layer norm/,
    solution: over((_, axis) => [axis]),
  },
  {
    name: "layer norm of the sample",
    message: /everything but the batch: this is layer norm/,
    solution: (x, _, epsilon) => layerNorm(x, { axes: axesOf(x).slice(1), epsilon }).y,
  },
  { name: "one mean for everything", message: /one mean for everything/, solution: over(axesOf) },
  {
    name: "always the last axis",
    message: /you took the last axis for the channels/,
    solution: over((x) => others(x, x.rank - 1)),
  },
  {
    name: "always axis 1",
    message: /you took axis 1 for the channels, as PyTorch/,
    solution: over((x) => others(x, 1)),
  },
  {
    name: "unbiased",
    message: /divided by m − 1/,
    solution: (x, channelAxis, epsilon) => {
      const axes = others(x, channelAxis);
      const centered = x.sub(x.mean(axes, true));
      const m = x.size / x.shape[channelAxis];
      return centered.div(
        centered
          .square()
          .sum(axes, true)
          .div(m - 1)
          .add(epsilon)
          .sqrt(),
      );
    },
  },
  {
    name: "no ε",
    message: /ε .*missing/,
    solution: (x, channelAxis) => {
      const axes = others(x, channelAxis);
      const centered = x.sub(x.mean(axes, true));
      return centered.div(centered.square().mean(axes, true).sqrt());
    },
  },
  {
    name: "axes dropped, so that shapes don't fit",
    message: [/stopped with an error/, /only subtracted the mean/],
    solution: (x, channelAxis) => x.sub(x.mean(others(x, channelAxis))),
  },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: (x, channelAxis, epsilon) => {
      const axes = others(x, channelAxis);
      const centered = x.sub(x.mean(axes, true));
      return centered.div(centered.square().mean(axes, true).sqrt().add(epsilon));
    },
  },
  // Two mistakes together.
  {
    name: "always the last axis, no ε",
    message: [/last axis for the channels/, /ε is missing/],
    solution: (x) => {
      const axes = others(x, x.rank - 1);
      const centered = x.sub(x.mean(axes, true));
      return centered.div(centered.square().mean(axes, true).sqrt());
    },
  },
  {
    name: "over the batch alone, no root",
    message: [/over the batch only/, /divided by the variance.*divide by its root/],
    solution: (x, _, epsilon) => {
      const centered = x.sub(x.mean([0], true));
      return centered.div(centered.square().mean([0], true).add(epsilon));
    },
  },
  {
    name: "always axis 1, ε of its own",
    message: [/axis 1 for the channels/, /an ε of your own/],
    solution: (x) => standardize(x, { axes: others(x, 1), epsilon: 1e-5 }).xHat,
  },
  {
    name: "not centered, ε outside the root",
    message: [/did not subtract the mean/, /ε stands outside the root/],
    solution: (x, channelAxis, epsilon) => {
      const axes = others(x, channelAxis);
      const variance = x.sub(x.mean(axes, true)).square().mean(axes, true);
      return x.div(variance.sqrt().add(epsilon));
    },
  },
];
