import { foldBatchNorm, foldBatchNormIntoNext } from "../../norm";
import type { Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { type Dense, denseOf, type Fold, normOf, type TrainedNorm } from "./samples";
import { scaleSwitches, scaleWith } from "./scale";

/** Exercise bn-fold-next: a trained batch norm folded into the dense layer after it. */
export const bnFoldNext: Check<Fold> = formulaExercise("bn-fold-next", {
  switches: {
    kernelUnchanged: "you returned the kernel unchanged; its rows are scaled by γ/√(movingVariance + ε)",
    columnsScaled:
      "you scaled the columns, one for each unit; the norm comes before, so it scales the rows, one for each input",
    kernelShifted: "the kernel is only scaled; shifts go into the bias",
    ...scaleSwitches,
    biasUnchanged:
      "you returned the bias unchanged; the norm's shift β − movingMean·scale passes through the kernel into it",
    biasDropped: "the old bias is missing: it is added after the norm",
    newKernel: "the norm's shift passes through the old kernel; you took the new one, which scales it twice",
    meanMissing: "`movingMean` is missing from the shift: β − movingMean·scale",
    betaMissing: "β is missing from the shift: β − movingMean·scale",
    meanNotScaled: "the moving mean is scaled, too: the shift is β − movingMean·scale",
    meanAdded: "the sign of `movingMean` is wrong: the shift is β − movingMean·scale",
    betaScaled: "(β − movingMean)·scale passes through the kernel in your bias; it is β − movingMean·scale",
    betaSubtracted: "the sign of β is wrong: the shift is β − movingMean·scale",
    shiftSubtracted: "the norm's shift, through the kernel, is added to the bias; you subtracted it",
    shiftNotThroughKernel: "the shift must pass through the kernel: bias + Σ shift·kernel over the inputs",
    shiftAveraged: "the shifts of all inputs are summed, Σ shift·kernel; you took their mean",
    shiftOverUnits: "sum shift·kernel over the inputs, axis 0; you summed over the units",
    kernelNotInShift: "each input's shift is multiplied by its row of the kernel before it is summed",
    foldBefore: "this is the fold into the layer before; here the norm comes first",
    biasScaled: "the old bias is added after the norm: it is not scaled",
  },
  formula:
    (on) =>
    (layer: Dense, norm: TrainedNorm): Dense => {
      const { kernel, bias } = layer;
      const inputs = kernel.shape[0];
      const column = (t: Tensor) => t.reshape([inputs, 1]);
      const scale = scaleWith(norm, on);
      const handedIn = on("gammaBetaSwapped") ? norm.gamma : norm.beta;
      const beta = on("betaMissing") ? handedIn.mul(0) : on("betaSubtracted") ? handedIn.neg() : handedIn;
      const mean = on("meanMissing")
        ? norm.movingMean.mul(0)
        : on("meanAdded")
          ? norm.movingMean.neg()
          : norm.movingMean;
      const shift = (on("betaScaled") ? beta.mul(scale) : beta).sub(
        on("meanNotScaled") ? mean : mean.mul(scale),
      );
      const from = on("kernelShifted") ? kernel.sub(column(norm.movingMean)) : kernel;
      const scaled = on("columnsScaled") ? from.mul(scale) : from.mul(column(scale));
      const passed = () => {
        if (on("shiftNotThroughKernel")) return shift;
        if (on("kernelNotInShift")) return shift.sum();
        const products = (on("newKernel") ? scaled : kernel).mul(column(shift));
        const axis = on("shiftOverUnits") ? 1 : 0;
        return on("shiftAveraged") ? products.mean([axis]) : products.sum([axis]);
      };
      const old = on("biasDropped") ? bias.mul(0) : on("biasScaled") ? bias.mul(scale) : bias;
      const through = on("biasUnchanged")
        ? bias
        : on("shiftSubtracted")
          ? old.sub(passed())
          : old.add(passed());
      return {
        kernel: on("kernelUnchanged") ? kernel : scaled,
        bias: on("foldBefore") ? foldBatchNorm(layer, norm).bias : through,
      };
    },
  right: (layer, norm) => foldBatchNormIntoNext(layer, norm),
  cases: (seed) => {
    const trial = (output: keyof Dense, inputs: number, units: number) => ({
      args: [denseOf(seed, inputs, units), normOf(seed, inputs)] as [Dense, TrainedNorm],
      output,
    });
    return {
      usual: {
        kernel: trial("kernel", 3, 4),
        bias: trial("bias", 3, 4),
      },
      hard: {
        "kernel, as many inputs as units": trial("kernel", 3, 3),
        "bias, as many inputs as units": trial("bias", 3, 3),
        "bias of a single unit": trial("bias", 5, 1),
      },
    };
  },
});
