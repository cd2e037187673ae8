import { batchNorm } from "../../norm";
import { asTensor, gradientCheck, type Tensor } from "../../tensor";
import { batch, type Batch, optionsOf, upstream } from "../batchNorm/samples";
import type { Check } from "../exercise";
import type { On } from "../formula";
import { formulaExercise } from "../formulaExercise";
import { field, invoke } from "../invoke";
import { gradientSwitches, gradientWith, parameterSwitches, parametersWith } from "../switches/backward";

interface Gradients {
  dx: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}
interface Values {
  xHat: Tensor;
  rstd: Tensor;
  gamma: Tensor;
}

/** dy and xHat (N, C); rstd and gamma (C). dx (N, C), dGamma and dBeta (C). */
export type BatchNormBackward = (dy: Tensor, values: Values) => Gradients;

/** Exercise bn-backward-closed: the whole backward in one formula. */
export const bnBackwardClosed: Check<BatchNormBackward> = formulaExercise("bn-backward-closed", {
  switches: {
    ...gradientSwitches,
    meansOverFeatures: "you averaged over the wrong axis: this is the backward of layer norm",
    ...parameterSwitches,
  },
  formula:
    (on) =>
    (dy: Tensor, { xHat, rstd, gamma }: Values): Gradients => ({
      dx: gradientWith(dy, { xHat, rstd, gamma }, on("meansOverFeatures") ? [1] : [0], on as On),
      ...parametersWith(dy, xHat, gamma, on),
    }),
  cases: (seed, solution) => {
    const samplesOf = (shape: number[]): { sample: Batch; args: [Tensor, Values] } => {
      const sample = batch(seed, shape);
      const { xHat, rstd } = batchNorm(sample.x, optionsOf(sample)).cache;
      return { sample, args: [upstream(seed, shape), { xHat, rstd, gamma: sample.gamma }] };
    };
    const dx = (shape: number[]) => ({ args: samplesOf(shape).args, output: "dx" });
    const { sample, args } = samplesOf([6, 3]);
    const numerically = () => {
      const { x, gamma, beta, epsilon } = sample;
      const loss = (at: Tensor) => batchNorm(at, { gamma, beta, epsilon }).y.mul(args[0]).sum().at();
      const given = asTensor("dx", field(invoke(solution, ...args), "dx"));
      const { error } = gradientCheck(loss, x, given, { tolerance: 1e-6 });
      return error <= 1e-6
        ? undefined
        : `dx is off by ${error.toExponential(1)} of the largest numerical gradient`;
    };
    return {
      usual: {
        dβ: { args, output: "dBeta" },
        dγ: { args, output: "dGamma" },
        dx: { args, output: "dx" },
        "dx agrees with the numerical gradient": [{ args, output: "dx" }, numerically],
      },
      hard: {
        "dx, as many rows as columns": dx([4, 4]),
        "dx of a batch of two, where hardly anything gets through": dx([2, 3]),
        "dx of a batch of one is 0": dx([1, 3]),
        "dx, a batch of 200": dx([200, 2]),
      },
    };
  },
});
