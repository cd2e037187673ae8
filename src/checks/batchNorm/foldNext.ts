import { foldBatchNorm, foldBatchNormIntoNext } from "../../norm";
import type { Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { denseOf, type Fold, normOf, scaleOf } from "./samples";

/** Exercise bn-fold-next: a trained batch norm folded into the dense layer after it. */
export const bnFoldNext: Check<Fold> = exercise("bn-fold-next", (solution, seed) => {
  const setUp = (inputs: number, units: number) => {
    const layer = denseOf(seed, inputs, units);
    const norm = normOf(seed, inputs);
    return {
      layer,
      norm,
      right: foldBatchNormIntoNext(layer, norm),
      run: () => invoke(solution, layer, norm),
    };
  };
  const checkKernel = (inputs: number, units: number) => {
    const { layer, norm, right, run } = setUp(inputs, units);
    const scale = scaleOf(norm);
    return diagnose(
      field(run(), "kernel"),
      right.kernel,
      [
        {
          message: "you returned the kernel unchanged; its rows are scaled by γ/√(movingVariance + ε)",
          value: layer.kernel,
        },
        {
          message:
            "you scaled the columns, one for each unit; the norm comes before, so it scales the rows, one for each input",
          value: () => layer.kernel.mul(scale),
        },
        {
          message: "γ is missing: scale by γ/√(movingVariance + ε)",
          value: layer.kernel.mul(scale.div(norm.gamma).reshape([inputs, 1])),
        },
        {
          message: "you divided the kernel by the scale; multiply",
          value: layer.kernel.div(scale.reshape([inputs, 1])),
        },
      ],
      { name: "kernel" },
    );
  };
  const checkBias = (inputs: number, units: number) => {
    const { layer, norm, right, run } = setUp(inputs, units);
    const scale = scaleOf(norm);
    const shift = norm.beta.sub(norm.movingMean.mul(scale));
    const through = (t: Tensor, k: Tensor) => k.mul(t.reshape([inputs, 1])).sum([0]);
    return diagnose(
      field(run(), "bias"),
      right.bias,
      [
        {
          message:
            "you returned the bias unchanged; the norm's shift β − movingMean·scale passes through the kernel into it",
          value: layer.bias,
        },
        {
          message: "the old bias is missing: it is added after the norm",
          value: through(shift, layer.kernel),
        },
        {
          message:
            "the norm's shift passes through the old kernel; you took the new one, which scales it twice",
          value: layer.bias.add(through(shift, right.kernel)),
        },
        {
          message: "`movingMean` is missing from the shift: β − movingMean·scale",
          value: layer.bias.add(through(norm.beta, layer.kernel)),
        },
        {
          message: "β is missing from the shift: β − movingMean·scale",
          value: layer.bias.sub(through(norm.movingMean.mul(scale), layer.kernel)),
        },
        {
          message: "the moving mean is scaled, too: the shift is β − movingMean·scale",
          value: layer.bias.add(through(norm.beta.sub(norm.movingMean), layer.kernel)),
        },
        {
          message: "the shift must pass through the kernel: bias + Σ shift·kernel over the inputs",
          value: () => layer.bias.add(shift),
        },
        {
          message: "this is the fold into the layer before; here the norm comes first",
          value: () => foldBatchNorm(layer, norm).bias,
        },
      ],
      { name: "bias" },
    );
  };
  return {
    usual: {
      kernel: () => checkKernel(3, 4),
      bias: () => checkBias(3, 4),
    },
    hard: {
      "kernel, as many inputs as units": () => checkKernel(3, 3),
      "bias, as many inputs as units": () => checkBias(3, 3),
      "bias of a single unit": () => checkBias(5, 1),
    },
  };
});
