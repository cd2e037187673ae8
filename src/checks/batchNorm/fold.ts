import { foldBatchNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { movingStatistics } from "./moving";
import { batch } from "./samples";
import { diagnose } from "../diagnose";
import { field, invoke } from "../invoke";
import { type CheckOptions, type Report, report } from "../report";

/** kernel (inputs, units), bias (units). */
export interface Dense {
  kernel: Tensor;
  bias: Tensor;
}

/** A trained batch norm; all (C). */
export interface TrainedNorm {
  gamma: Tensor;
  beta: Tensor;
  movingMean: Tensor;
  movingVariance: Tensor;
  epsilon: number;
}

export type Fold = (layer: Dense, norm: TrainedNorm) => Dense;

/** A dense layer with a bias. */
export const denseOf = (seed: number, inputs: number, units: number): Dense => ({
  kernel: randomNormal([inputs, units], { seed: seed + 8 }),
  bias: randomNormal([units], { seed: seed + 9 }),
});

/** A batch norm as it might be after training. */
export function normOf(seed: number, channels: number): TrainedNorm {
  const { gamma, beta, epsilon } = batch(seed, [1, channels]);
  return { gamma, beta, epsilon, ...movingStatistics(seed, channels) };
}

/** γ/√(movingVariance + ε) */
export const scaleOf = ({ gamma, movingVariance, epsilon }: TrainedNorm): Tensor =>
  gamma.div(movingVariance.add(epsilon).sqrt());

/** Exercise bn-fold: a trained batch norm folded into the dense layer before it. */
export function bnFold(solution: Fold, { seed = 1, cases = "usual" }: CheckOptions = {}): Report {
  const setUp = (inputs: number, units: number) => {
    const layer = denseOf(seed, inputs, units);
    const norm = normOf(seed, units);
    return { layer, norm, right: foldBatchNorm(layer, norm), run: () => invoke(solution, layer, norm) };
  };
  const kernel = (inputs: number, units: number) => () => {
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
  const bias = (inputs: number, units: number) => () => {
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
  const usual = [
    { name: "kernel", run: kernel(4, 3) },
    { name: "bias", run: bias(4, 3) },
  ];
  const hard = [
    { name: "kernel, as many inputs as units", run: kernel(3, 3) },
    { name: "bias, as many inputs as units", run: bias(3, 3) },
    { name: "kernel of a single input", run: kernel(1, 5) },
  ];
  return report("bn-fold", cases === "hard" ? [...usual, ...hard] : usual);
}
