import { foldBatchNorm, foldBatchNormIntoNext, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Fold = checks.Fold;
type Norm = checks.TrainedNorm;
const scaleOf = ({ gamma, movingVariance, epsilon }: Norm) => gamma.div(movingVariance.add(epsilon).sqrt());
const shiftOf = (norm: Norm) => norm.beta.sub(norm.movingMean.mul(scaleOf(norm)));
const through = (shift: Tensor, kernel: Tensor) => kernel.mul(shift.reshape([shift.size, 1])).sum([0]);

export const right: Bank<Fold>["right"] = [
  (layer, norm) => foldBatchNormIntoNext(layer, norm),
  // With loops over inputs and units.
  ({ kernel, bias }, norm) => {
    const [inputs, units] = kernel.shape;
    const [scale, shift] = [scaleOf(norm).data, shiftOf(norm).data];
    const result = { kernel: kernel.mul(1), bias: bias.mul(1) };
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < units; j++) {
        result.kernel.data[i * units + j] = scale[i] * kernel.at(i, j);
        result.bias.data[j] += shift[i] * kernel.at(i, j);
      }
    }
    return result;
  },
];

const withKernel =
  (kernel: (...args: Parameters<Fold>) => Tensor): Fold =>
  (layer, norm) => ({
    ...foldBatchNormIntoNext(layer, norm),
    kernel: kernel(layer, norm),
  });
const withBias =
  (bias: (...args: Parameters<Fold>) => Tensor): Fold =>
  (layer, norm) => ({
    ...foldBatchNormIntoNext(layer, norm),
    bias: bias(layer, norm),
  });

export const wrong: Bank<Fold>["wrong"] = [
  {
    name: "kernel unchanged",
    message: /returned the kernel unchanged/,
    solution: withKernel(({ kernel }) => kernel),
  },
  {
    name: "columns scaled",
    message: /you scaled the columns, one for each unit/,
    solution: withKernel(({ kernel }, norm) =>
      kernel.shape[0] === kernel.shape[1]
        ? kernel.mul(scaleOf(norm))
        : kernel.mul(scaleOf(norm).reshape([norm.gamma.size, 1])),
    ),
  },
  {
    name: "divided by the scale",
    message: /you divided by the scale/,
    solution: withKernel(({ kernel }, norm) => kernel.div(scaleOf(norm).reshape([norm.gamma.size, 1]))),
  },
  { name: "bias unchanged", message: /returned the bias unchanged/, solution: withBias(({ bias }) => bias) },
  {
    name: "old bias dropped",
    message: /the old bias is missing/,
    solution: withBias(({ kernel }, norm) => through(shiftOf(norm), kernel)),
  },
  {
    name: "shift through the new kernel",
    message: /which scales it twice/,
    solution: withBias((layer, norm) =>
      layer.bias.add(through(shiftOf(norm), foldBatchNormIntoNext(layer, norm).kernel)),
    ),
  },
  {
    name: "no moving mean",
    message: /`movingMean` is missing/,
    solution: withBias(({ kernel, bias }, norm) => bias.add(through(norm.beta, kernel))),
  },
  {
    name: "moving mean not scaled",
    message: /the moving mean is scaled, too/,
    solution: withBias(({ kernel, bias }, norm) => bias.add(through(norm.beta.sub(norm.movingMean), kernel))),
  },
  {
    name: "shift added to the bias",
    message: /the shift must pass through the kernel/,
    solution: withBias(({ bias }, norm) => bias.add(shiftOf(norm))),
  },
  {
    name: "the other fold",
    message: /this is the fold into the layer before|one for each unit/,
    solution: (layer, norm) =>
      layer.bias.size === norm.beta.size ? foldBatchNorm(layer, norm) : foldBatchNormIntoNext(layer, norm),
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: withKernel(({ kernel }, { movingVariance, epsilon }) =>
      kernel.div(movingVariance.add(epsilon).sqrt().reshape([movingVariance.size, 1])),
    ),
  },
  {
    name: "no β",
    message: /β is missing from the shift/,
    solution: withBias(({ kernel, bias }, norm) =>
      bias.sub(through(norm.movingMean.mul(scaleOf(norm)), kernel)),
    ),
  },
  // Two mistakes together.
  {
    name: "no root, old bias dropped",
    message: [/divided by the variance.*divide by its root/, /the old bias is missing/],
    solution: ({ kernel }, { gamma, beta, movingMean, movingVariance, epsilon }) => {
      const scale = gamma.div(movingVariance.add(epsilon));
      return {
        kernel: kernel.mul(scale.reshape([scale.size, 1])),
        bias: through(beta.sub(movingMean.mul(scale)), kernel),
      };
    },
  },
  {
    name: "kernel unchanged, no moving mean",
    message: [/returned the kernel unchanged/, /`movingMean` is missing/],
    solution: ({ kernel, bias }, norm) => ({ kernel, bias: bias.add(through(norm.beta, kernel)) }),
  },
  {
    name: "no γ, shift subtracted",
    message: [/γ is missing/, /you subtracted it/],
    solution: ({ kernel, bias }, { beta, movingMean, movingVariance, epsilon }) => {
      const scale = movingVariance.add(epsilon).map((v) => 1 / Math.sqrt(v));
      return {
        kernel: kernel.mul(scale.reshape([scale.size, 1])),
        bias: bias.sub(through(beta.sub(movingMean.mul(scale)), kernel)),
      };
    },
  },
  {
    name: "ε outside the root, the new kernel",
    message: [/ε stands outside the root/, /which scales it twice/],
    solution: ({ kernel, bias }, { gamma, beta, movingMean, movingVariance, epsilon }) => {
      const scale = gamma.div(movingVariance.sqrt().add(epsilon));
      const folded = kernel.mul(scale.reshape([scale.size, 1]));
      return { kernel: folded, bias: bias.add(through(beta.sub(movingMean.mul(scale)), folded)) };
    },
  },
];
