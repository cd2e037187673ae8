import { foldBatchNorm } from "../../norm";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { denseOf, type Fold, normOf, scaleOf } from "./samples";

/** Exercise bn-fold: a trained batch norm folded into the dense layer before it. */
export const bnFold: Check<Fold> = exercise("bn-fold", (solution, seed) => {
  const setUp = (inputs: number, units: number) => {
    const layer = denseOf(seed, inputs, units);
    const norm = normOf(seed, units);
    return { layer, norm, right: foldBatchNorm(layer, norm), run: () => invoke(solution, layer, norm) };
  };
  const checkKernel = (inputs: number, units: number) => {
    const { layer, norm, right, run } = setUp(inputs, units);
    const scale = scaleOf(norm);
    return diagnose(
      field(run(), "kernel"),
      right.kernel,
      [
        {
          message: "you returned the kernel unchanged; its columns are scaled by γ/√(movingVariance + ε)",
          value: layer.kernel,
        },
        {
          message:
            "you scaled the rows, one for each input; the norm comes after, so it scales the columns, one for each unit",
          value: () => layer.kernel.mul(scale.reshape([units, 1])),
        },
        {
          message: "γ is missing: scale by γ/√(movingVariance + ε)",
          value: layer.kernel.mul(scale).div(norm.gamma),
        },
        {
          message: "you scaled by γ alone; divide by √(movingVariance + ε), too",
          value: layer.kernel.mul(norm.gamma),
        },
        {
          message: "you divided by the variance; divide by √(movingVariance + ε)",
          value: layer.kernel.mul(norm.gamma).div(norm.movingVariance.add(norm.epsilon)),
        },
        {
          message: "ε is missing: divide by √(movingVariance + ε)",
          value: layer.kernel.mul(norm.gamma).div(norm.movingVariance.sqrt()),
        },
        {
          message: "the kernel is only scaled; shifts go into the bias",
          value: layer.kernel.sub(norm.movingMean).mul(scale),
        },
      ],
      { name: "kernel" },
    );
  };
  const checkBias = (inputs: number, units: number) => {
    const { layer, norm, right, run } = setUp(inputs, units);
    const scale = scaleOf(norm);
    const { beta, movingMean } = norm;
    return diagnose(
      field(run(), "bias"),
      right.bias,
      [
        {
          message: "the old bias passes through the norm, too: (bias − movingMean)·scale + β",
          value: layer.bias.sub(movingMean.mul(scale)).add(beta),
        },
        {
          message:
            "you dropped the old bias; it is cancelled in training, but in inference the moving mean has taken it in: (bias − movingMean)·scale + β",
          value: beta.sub(movingMean.mul(scale)),
        },
        {
          message: "the moving mean is subtracted before scaling: (bias − movingMean)·scale + β",
          value: layer.bias.mul(scale).sub(movingMean).add(beta),
        },
        {
          message: "`movingMean` is missing: (bias − movingMean)·scale + β",
          value: layer.bias.mul(scale).add(beta),
        },
        {
          message: "β is missing: (bias − movingMean)·scale + β",
          value: layer.bias.sub(movingMean).mul(scale),
        },
        {
          message: "the sign of `movingMean` is wrong: it is subtracted",
          value: layer.bias.add(movingMean).mul(scale).add(beta),
        },
        { message: "you scaled β; it is added last", value: layer.bias.sub(movingMean).add(beta).mul(scale) },
        { message: "you returned the bias unchanged", value: layer.bias },
      ],
      { name: "bias" },
    );
  };
  return {
    usual: {
      kernel: () => checkKernel(4, 3),
      bias: () => checkBias(4, 3),
    },
    hard: {
      "kernel, as many inputs as units": () => checkKernel(3, 3),
      "bias, as many inputs as units": () => checkBias(3, 3),
      "kernel of a single input": () => checkKernel(1, 5),
    },
  };
});
