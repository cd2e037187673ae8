import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), norms over all elements. */
export type LogUpdateRatio = (weights: Tensor, gradient: Tensor, learningRate: number) => number;

/** Exercise dist-ratio: how far one step of gradient descent moves the weights, in powers of ten. */
export const distRatio: Check<LogUpdateRatio> = exercise("dist-ratio", (solution, seed) => {
  const check = (shape: number[], learningRate: number, mean = 0.2) => {
    const weights = randomNormal(shape, { seed: seed + shape[0], mean, standardDeviation: 0.3 });
    const gradient = randomNormal(shape, {
      seed: seed + shape[0] + 50,
      mean: 0.004,
      standardDeviation: 0.01,
    });
    const sum = (x: Tensor) => x.sum().at();
    const norm = (x: Tensor) => Math.sqrt(sum(x.square()));
    const spread = (x: Tensor) => Math.sqrt(sum(x.sub(x.mean()).square()) / x.size);
    const ratio = (learningRate * norm(gradient)) / norm(weights);
    return diagnose(
      invoke(solution, weights, gradient, learningRate),
      Math.log10(ratio),
      [
        { message: "you left out the learning rate", value: Math.log10(ratio / learningRate) },
        { message: "this is the ratio itself; give its logarithm to base 10", value: ratio },
        { message: "this is the natural logarithm; take Math.log10", value: Math.log(ratio) },
        {
          message: "the ratio is upside down: the update is divided by the weights",
          value: -Math.log10(ratio),
        },
        {
          message: "you compared sums of squares; a norm is the root of that sum",
          value: Math.log10((learningRate * norm(gradient) ** 2) / norm(weights) ** 2),
        },
        {
          message: "you compared sums of squares; a norm is the root of that sum",
          value: 2 * Math.log10(ratio),
        },
        {
          message:
            "you summed the values themselves, so that positive and negative ones cancel; sum their squares",
          value: () => Math.log10(Math.abs((learningRate * sum(gradient)) / sum(weights))),
        },
        {
          message: "you compared standard deviations, which forgets the means; compare norms",
          value: Math.log10((learningRate * spread(gradient)) / spread(weights)),
        },
        {
          message: "you compared mean absolute values; compare norms",
          value: Math.log10((learningRate * sum(gradient.abs())) / sum(weights.abs())),
        },
      ],
      { name: "the logarithm", tolerance: 1e-9 },
    );
  };
  return {
    usual: {
      "weights (6, 4), learning rate 0.1": () => check([6, 4], 0.1),
      "weights (3, 8), learning rate 0.02": () => check([3, 8], 0.02),
    },
    hard: {
      "a learning rate of 3": () => check([5, 5], 3),
      "weights with mean 0": () => check([7, 2], 0.5, 0),
    },
  };
});
