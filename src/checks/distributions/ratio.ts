import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), norms over all elements. */
export type LogUpdateRatio = (weights: Tensor, gradient: Tensor, learningRate: number) => number;

const absolute = "you compared absolute values; a norm is the root of the sum of squares";

/** Exercise dist-ratio: how far one step of gradient descent moves the weights, in powers of ten. */
export const distRatio: Check<LogUpdateRatio> = formulaExercise("dist-ratio", {
  switches: {
    noLearningRate: "you left out the learning rate",
    byLearningRate: "you divided by the learning rate; the update is learning rate times gradient",
    learningRateRoot: "you took the root of the learning rate, too: it stands outside the sum of squares",
    noLogarithm: "this is the ratio itself; give its logarithm to base 10",
    ln: "this is the natural logarithm; take Math.log10",
    log2: "this is the logarithm to base 2; take Math.log10",
    upsideDown: "the ratio is upside down: the update is divided by the weights",
    squares: "you compared sums of squares; a norm is the root of that sum",
    allSquared: "you compared sums of squares; a norm is the root of that sum",
    squaresOfGradient: "you took the sum of squares for the gradient's norm; a norm is the root of that sum",
    squaresOfWeights: "you took the sum of squares for the weights' norm; a norm is the root of that sum",
    signed: "you summed the values themselves, so that positive and negative ones cancel; sum their squares",
    spreads: "you compared standard deviations, which forgets the means; compare norms",
    absolute,
    absoluteOfGradient: absolute,
    absoluteOfWeights: absolute,
    largest: "you compared the largest values; compare norms, over all elements",
    meanOfRatios: "you averaged the ratios of single weights; divide one norm by the other",
    meanOfLogs:
      "you averaged the logarithms of single weights' ratios; divide one norm by the other, then take the logarithm",
    movedWeights: "you divided by the weights after the step; divide by those before it",
    sizeOfGradient: "you divided the gradient's norm by the number of elements, but not that of the weights",
    sizeOfWeights: "you divided the weights' norm by the number of elements, but not that of the gradient",
    rootOfSizeOfGradient:
      "you took the root of the mean square for the gradient, but the norm (of the sum) for the weights",
    rootOfSizeOfWeights:
      "you took the root of the mean square for the weights, but the norm (of the sum) for the gradient",
    weightsLogMissing: "the logarithm is of the whole ratio; you took it of the update alone",
  },
  formula:
    (on) =>
    (weights: Tensor, gradient: Tensor, learningRate: number): number => {
      const sum = (x: Tensor) => x.sum().at();
      const spread = (x: Tensor) => Math.sqrt(sum(x.sub(x.mean()).square()) / x.size);
      const rate = on("noLearningRate") ? 1 : on("byLearningRate") ? 1 / learningRate : learningRate;
      const size = (x: Tensor, isAbsolute: boolean, isSquare: boolean) =>
        on("signed")
          ? Math.abs(sum(x))
          : on("spreads")
            ? spread(x)
            : on("absolute") || isAbsolute
              ? sum(x.abs())
              : on("largest")
                ? Math.max(...x.abs().data)
                : on("squares") || isSquare
                  ? sum(x.square())
                  : Math.sqrt(sum(x.square()));
      const moved = on("movedWeights") ? weights.sub(gradient.mul(rate)) : weights;
      const n = weights.size;
      const update =
        ((on("learningRateRoot") ? Math.sqrt(rate) : rate) *
          size(gradient, on("absoluteOfGradient"), on("squaresOfGradient"))) /
        (on("sizeOfGradient") ? n : on("rootOfSizeOfGradient") ? Math.sqrt(n) : 1);
      const length =
        size(moved, on("absoluteOfWeights"), on("squaresOfWeights")) /
        (on("sizeOfWeights") ? n : on("rootOfSizeOfWeights") ? Math.sqrt(n) : 1);
      const log = on("ln") ? Math.log : on("log2") ? Math.log2 : Math.log10;
      const single = gradient.mul(rate).div(moved).abs();
      if (on("meanOfLogs")) return sum(single.map(log)) / n;
      if (on("weightsLogMissing")) return log(update) / length;
      const quotient = on("upsideDown") ? length / update : update / length;
      const ratio = on("meanOfRatios") ? sum(single) / n : on("allSquared") ? quotient ** 2 : quotient;
      return on("noLogarithm") ? ratio : log(ratio);
    },
  right: (weights, gradient, learningRate) => {
    const norm = (x: Tensor) => Math.hypot(...x.data);
    return Math.log10((learningRate * norm(gradient)) / norm(weights));
  },
  name: "the logarithm",
  cases: (seed) => {
    const trial = (shape: number[], learningRate: number, mean = 0.2) => {
      const weights = randomNormal(shape, { seed: seed + shape[0], mean, standardDeviation: 0.3 });
      const gradient = randomNormal(shape, {
        seed: seed + shape[0] + 50,
        mean: 0.004,
        standardDeviation: 0.01,
      });
      return { args: [weights, gradient, learningRate] as [Tensor, Tensor, number], tolerance: 1e-9 };
    };
    return {
      usual: {
        "weights (6, 4), learning rate 0.1": trial([6, 4], 0.1),
        "weights (3, 8), learning rate 0.02": trial([3, 8], 0.02),
      },
      hard: {
        "a learning rate of 3": trial([5, 5], 3),
        "weights with mean 0": trial([7, 2], 0.5, 0),
      },
    };
  },
});
