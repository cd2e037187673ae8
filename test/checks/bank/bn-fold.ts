import { foldBatchNorm, type checks } from "normlab";
import type { Bank } from "../bank";

type Fold = checks.Fold;
type Norm = checks.TrainedNorm;
const scaleOf = ({ gamma, movingVariance, epsilon }: Norm) => gamma.div(movingVariance.add(epsilon).sqrt());

export const right: Bank<Fold>["right"] = [
  (layer, norm) => foldBatchNorm(layer, norm),
  // Column by column.
  ({ kernel, bias }, { gamma, beta, movingMean, movingVariance, epsilon }) => {
    const units = bias.size;
    const scale = gamma.data.map((g, c) => g / Math.sqrt(movingVariance.data[c] + epsilon));
    return {
      kernel: kernel.map((w, k) => w * scale[k % units]),
      bias: bias.map((b, c) => (b - movingMean.data[c]) * scale[c] + beta.data[c]),
    };
  },
];

const withKernel =
  (kernel: (...args: Parameters<Fold>) => ReturnType<Fold>["kernel"]): Fold =>
  (layer, norm) => ({
    ...foldBatchNorm(layer, norm),
    kernel: kernel(layer, norm),
  });
const withBias =
  (bias: (...args: Parameters<Fold>) => ReturnType<Fold>["bias"]): Fold =>
  (layer, norm) => ({
    ...foldBatchNorm(layer, norm),
    bias: bias(layer, norm),
  });

export const wrong: Bank<Fold>["wrong"] = [
  {
    name: "kernel unchanged",
    message: /returned the kernel unchanged/,
    solution: withKernel(({ kernel }) => kernel),
  },
  {
    name: "rows scaled",
    message: /you scaled the rows, one for each input/,
    solution: withKernel(({ kernel }, norm) => kernel.mul(scaleOf(norm).reshape([norm.gamma.size, 1]))),
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: withKernel(({ kernel }, norm) => kernel.mul(scaleOf(norm)).div(norm.gamma)),
  },
  {
    name: "γ alone",
    message: /scaled by γ alone/,
    solution: withKernel(({ kernel }, { gamma }) => kernel.mul(gamma)),
  },
  {
    name: "divided by the variance",
    message: /divided by the variance/,
    solution: withKernel(({ kernel }, { gamma, movingVariance, epsilon }) =>
      kernel.mul(gamma).div(movingVariance.add(epsilon)),
    ),
  },
  {
    name: "old bias not scaled",
    message: /the old bias passes through the norm, too/,
    solution: withBias(({ bias }, norm) => bias.sub(norm.movingMean.mul(scaleOf(norm))).add(norm.beta)),
  },
  {
    name: "old bias dropped",
    message: /you dropped the old bias/,
    solution: withBias((_, norm) => norm.beta.sub(norm.movingMean.mul(scaleOf(norm)))),
  },
  {
    name: "mean subtracted after scaling",
    message: /subtracted before scaling/,
    solution: withBias(({ bias }, norm) => bias.mul(scaleOf(norm)).sub(norm.movingMean).add(norm.beta)),
  },
  {
    name: "no moving mean",
    message: /`movingMean` is missing/,
    solution: withBias(({ bias }, norm) => bias.mul(scaleOf(norm)).add(norm.beta)),
  },
  {
    name: "no β",
    message: /β is missing/,
    solution: withBias(({ bias }, norm) => bias.sub(norm.movingMean).mul(scaleOf(norm))),
  },
  {
    name: "no ε",
    message: /ε is missing/,
    solution: withKernel(({ kernel }, { gamma, movingVariance }) =>
      kernel.mul(gamma).div(movingVariance.sqrt()),
    ),
  },
  {
    name: "kernel minus moving mean",
    message: /the kernel is only scaled; shifts go into the bias/,
    solution: withKernel(({ kernel }, norm) => kernel.sub(norm.movingMean).mul(scaleOf(norm))),
  },
  {
    name: "moving mean added",
    message: /the sign of `movingMean` is wrong/,
    solution: withBias(({ bias }, norm) => bias.add(norm.movingMean).mul(scaleOf(norm)).add(norm.beta)),
  },
  {
    name: "β scaled",
    message: /you scaled β; it is added last/,
    solution: withBias(({ bias }, norm) => bias.sub(norm.movingMean).add(norm.beta).mul(scaleOf(norm))),
  },
  { name: "bias unchanged", message: /returned the bias unchanged/, solution: withBias(({ bias }) => bias) },
  // Two mistakes together.
  {
    name: "no γ, mean added",
    message: [/γ is missing/, /the sign of `movingMean` is wrong/],
    solution: ({ kernel, bias }, { beta, movingMean, movingVariance, epsilon }) => {
      const root = movingVariance.add(epsilon).sqrt();
      return { kernel: kernel.div(root), bias: bias.add(movingMean).div(root).add(beta) };
    },
  },
  {
    name: "ε outside the root, old bias dropped",
    message: [/ε stands outside the root/, /you dropped the old bias/],
    solution: ({ kernel }, { gamma, beta, movingMean, movingVariance, epsilon }) => {
      const scale = gamma.div(movingVariance.sqrt().add(epsilon));
      return { kernel: kernel.mul(scale), bias: beta.sub(movingMean.mul(scale)) };
    },
  },
  {
    name: "ε of its own, β scaled",
    message: [/an ε of your own/, /you scaled β/],
    solution: ({ kernel, bias }, { gamma, beta, movingMean, movingVariance }) => {
      const scale = gamma.div(movingVariance.add(1e-5).sqrt());
      return { kernel: kernel.mul(scale), bias: bias.sub(movingMean).add(beta).mul(scale) };
    },
  },
  {
    name: "kernel unchanged, moving mean not scaled",
    message: [/returned the kernel unchanged/, /subtracted before scaling/],
    solution: ({ kernel, bias }, norm) => ({
      kernel,
      bias: bias.mul(scaleOf(norm)).sub(norm.movingMean).add(norm.beta),
    }),
  },
];
