import { batchNorm } from "../../norm";
import type { Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { batch, movingStatistics, optionsOf, wrongYs } from "./samples";

/** x (N, C), everything else (C). Returns y. */
export type BatchNormInference = (
  x: Tensor,
  options: { gamma: Tensor; beta: Tensor; movingMean: Tensor; movingVariance: Tensor; epsilon: number },
) => Tensor;

/** Exercise bn-inference: batch norm with the moving statistics. */
export const bnInference: Check<BatchNormInference> = exercise("bn-inference", (solution, seed) => {
  const check = (n: number) => {
    const sample = batch(seed + n, [n, 3]);
    const moving = movingStatistics(seed + n, 3);
    const { x, gamma, beta, epsilon } = sample;
    const { movingMean, movingVariance } = moving;
    const options = { ...optionsOf(sample), ...moving, training: false };
    const { y } = batchNorm(x, options);
    const centered = x.sub(movingMean);
    const by = (divisor: Tensor) => centered.div(divisor).mul(gamma).add(beta);
    const training = batchNorm(x, optionsOf(sample));
    return diagnose(
      invoke(solution, x, { gamma, beta, ...moving, epsilon }),
      y,
      [
        {
          message: "you used the statistics of this batch; in inference they are the moving ones",
          value: training.y,
        },
        {
          message: "you subtracted the batch's mean; in inference it is `movingMean`",
          value: () => batchNorm(x, { ...options, movingMean: training.mean }).y,
        },
        {
          message: "you divided by the batch's deviation; in inference it comes from `movingVariance`",
          value: () => batchNorm(x, { ...options, movingVariance: training.variance }).y,
        },
        {
          message: "`movingVariance` is a variance already; don't square it",
          value: () => by(movingVariance.square().add(epsilon).sqrt()),
        },
        {
          message: "you divided by the variance; divide by its root",
          value: () => by(movingVariance.add(epsilon)),
        },
        { message: "ε is missing: divide by √(movingVariance + ε)", value: () => by(movingVariance.sqrt()) },
        {
          message: "ε stands outside the root: divide by √(movingVariance + ε)",
          value: () => by(movingVariance.sqrt().add(epsilon)),
        },
        ...wrongYs(batchNorm(x, { ...options, gamma: undefined, beta: undefined }).y, sample),
      ],
      { name: "y" },
    );
  };
  return {
    usual: {
      "a batch of five, with the moving statistics": () => check(5),
      "an example gives the same y alone as in company": () => check(1),
    },
    hard: { "as many examples as channels": () => check(3) },
  };
});
