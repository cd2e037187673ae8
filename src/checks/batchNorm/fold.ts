import { foldBatchNorm } from "../../norm";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { type Dense, denseOf, type Fold, normOf, type TrainedNorm } from "./samples";
import { scaleSwitches, scaleWith } from "./scale";

/** Exercise bn-fold: a trained batch norm folded into the dense layer before it. */
export const bnFold: Check<Fold> = formulaExercise("bn-fold", {
  switches: {
    kernelUnchanged: "you returned the kernel unchanged; its columns are scaled by γ/√(movingVariance + ε)",
    rowsScaled:
      "you scaled the rows, one for each input; the norm comes after, so it scales the columns, one for each unit",
    kernelShifted: "the kernel is only scaled; shifts go into the bias",
    kernelShiftedByBeta: "β is a shift: it goes into the bias, and the kernel is only scaled",
    ...scaleSwitches,
    biasNotScaled: "the old bias passes through the norm, too: (bias − movingMean)·scale + β",
    biasDropped:
      "you dropped the old bias; it is cancelled in training, but in inference the moving mean has taken it in: (bias − movingMean)·scale + β",
    meanNotScaled: "the moving mean is subtracted before scaling: (bias − movingMean)·scale + β",
    meanMissing: "`movingMean` is missing: (bias − movingMean)·scale + β",
    betaMissing: "β is missing: (bias − movingMean)·scale + β",
    meanAdded: "the sign of `movingMean` is wrong: it is subtracted",
    betaScaled: "you scaled β; it is added last",
    betaSubtracted: "the sign of β is wrong: it is added, (bias − movingMean)·scale + β",
    nothingScaledInBias: "the bias is scaled, too: (bias − movingMean)·scale + β",
    biasUnchanged: "you returned the bias unchanged",
    biasScaledOnly: "the bias is scaled, but it is shifted, too: (bias − movingMean)·scale + β",
    meanThroughKernel:
      "the moving mean is one of the layer's outputs: subtract it from the bias, it does not pass through the kernel",
  },
  formula:
    (on) =>
    ({ kernel, bias }: Dense, norm: TrainedNorm): Dense => {
      const scale = scaleWith(norm, on);
      const handedIn = on("gammaBetaSwapped") ? norm.gamma : norm.beta;
      const beta = on("betaMissing") ? handedIn.mul(0) : on("betaSubtracted") ? handedIn.neg() : handedIn;
      const movingMean = on("meanMissing")
        ? norm.movingMean.mul(0)
        : on("meanAdded")
          ? norm.movingMean.neg()
          : norm.movingMean;
      const from = on("kernelShifted") ? kernel.sub(norm.movingMean) : kernel;
      const scaled = on("rowsScaled") ? from.mul(scale.reshape([scale.size, 1])) : from.mul(scale);
      const old = on("biasDropped") ? bias.mul(0) : bias;
      const shifted = () => {
        if (on("biasUnchanged")) return bias;
        if (on("biasScaledOnly")) return bias.mul(scale);
        if (on("nothingScaledInBias")) return old.sub(movingMean).add(beta);
        if (on("meanThroughKernel"))
          return old
            .sub(kernel.mul(movingMean).sum([0]))
            .mul(scale)
            .add(beta);
        const scaledBias = on("biasNotScaled") ? old : old.mul(scale);
        const scaledMean = on("meanNotScaled") ? movingMean : movingMean.mul(scale);
        return scaledBias.sub(scaledMean).add(on("betaScaled") ? beta.mul(scale) : beta);
      };
      return {
        kernel: on("kernelUnchanged") ? kernel : on("kernelShiftedByBeta") ? scaled.add(beta) : scaled,
        bias: shifted(),
      };
    },
  right: (layer, norm) => foldBatchNorm(layer, norm),
  cases: (seed) => {
    const trial = (output: keyof Dense, inputs: number, units: number) => ({
      args: [denseOf(seed, inputs, units), normOf(seed, units)] as [Dense, TrainedNorm],
      output,
    });
    return {
      usual: {
        kernel: trial("kernel", 4, 3),
        bias: trial("bias", 4, 3),
      },
      hard: {
        "kernel, as many inputs as units": trial("kernel", 3, 3),
        "bias, as many inputs as units": trial("bias", 3, 3),
        "kernel of a single input": trial("kernel", 1, 5),
      },
    };
  },
});
