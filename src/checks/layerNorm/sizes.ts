import { layerNorm } from "../../norm";
import { randomNormal } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

interface Sizes {
  means: number;
  gamma: number;
}

/** (x's shape, reduced axes) → how many means layer norm computes, and how many elements γ has. */
export type LayerNormSizes = (shape: number[], axes: number[]) => Sizes;

/** Exercise ln-sizes: count the statistics and the parameters of layer norm. */
export const lnSizes: Check<LayerNormSizes> = formulaExercise("ln-sizes", {
  switches: {
    swapped: "you have the two the wrong way round: the mean keeps the other axes, γ has the reduced ones",
    withBeta: "γ alone is asked for; β has as many elements again",
    meansWithVariances: "the means alone are asked for; there are as many variances again",
    lengthsAdded: "you added the lengths of the axes; a tensor has the product of its lengths as elements",
    lengthsAddedForMeans:
      "you added the lengths of the kept axes; there are as many means as the product of these lengths",
    gammaPerChannel:
      "one γ a channel is group norm's; layer norm's γ has an element for every place in `axes`",
    gammaOfFirstAxis:
      "you took one of the reduced axes for γ; it has the product of their lengths as elements",
    gammaOfWholeSample: "γ has the reduced axes alone; you counted a whole sample's elements",
    gammaOfAll: "γ has the reduced axes alone; you counted all of x's elements",
    gammaIsOne: "γ is not one number; it has an element for every place in `axes`",
    meanPerSample: "you counted one mean a sample; here every position along the other axes has its own",
    meansOfFirstKept:
      "you took one of the kept axes for the means; there are as many as the product of their lengths",
    meansOfAll: "you counted a mean for every element; there is one for all elements along `axes` together",
    oneMean: "there is not one mean for everything, but one for each place along the kept axes",
    negativeIgnored: "negative axes count from the end: −1 is the last",
    negativeByOne: "a negative axis counts from the end: −1 is the last, the rank − 1",
    negativeSign: "a negative axis counts from the end; you only dropped its sign",
    axesCounted:
      "you counted the axes; γ and the means have as many elements as the product of their lengths",
  },
  formula:
    (on) =>
    (shape: number[], axes: number[]): Sizes => {
      const reduced = on("negativeIgnored")
        ? axes
        : axes.map((axis) =>
            axis >= 0
              ? axis
              : on("negativeSign")
                ? -axis
                : axis + shape.length - (on("negativeByOne") ? 1 : 0),
          );
      const along = reduced.map((axis) => shape[axis]).filter((length) => length !== undefined);
      const kept = shape.filter((_, axis) => !reduced.includes(axis));
      const product = (lengths: number[]) => lengths.reduce((a, b) => a * b, 1);
      const sum = (lengths: number[]) => lengths.reduce((a, b) => a + b, 0);
      const sizeOf = (lengths: number[], isSum: boolean) =>
        on("axesCounted") ? lengths.length : isSum ? sum(lengths) : product(lengths);
      const gamma = on("gammaPerChannel")
        ? shape[shape.length - 1]
        : on("gammaOfFirstAxis")
          ? along[0]
          : on("gammaOfWholeSample")
            ? product(shape.slice(1))
            : on("gammaOfAll")
              ? product(shape)
              : on("gammaIsOne")
                ? 1
                : sizeOf(along, on("lengthsAdded"));
      const means = on("meanPerSample")
        ? shape[0]
        : on("meansOfFirstKept")
          ? kept[kept.length - 1]
          : on("meansOfAll")
            ? product(shape)
            : on("oneMean")
              ? 1
              : sizeOf(kept, on("lengthsAddedForMeans"));
      const told = {
        means: on("meansWithVariances") ? 2 * means : means,
        gamma: on("withBeta") ? 2 * gamma : gamma,
      };
      return on("swapped") ? { means: told.gamma, gamma: told.means } : told;
    },
  right: (shape, axes) => {
    const { mean, cache } = layerNorm(randomNormal(shape), { axes });
    return { means: mean.size, gamma: cache.gamma.size };
  },
  where: (_, { args: [shape, axes] }) => `for shape [${shape.join(", ")}] and axes [${axes.join(", ")}]`,
  cases: () => {
    const trials = (shape: number[], axes: number[]) => {
      const args: [number[], number[]] = [shape, axes];
      return [
        { args, output: "means" },
        { args, output: "gamma" },
      ];
    };
    return {
      usual: {
        "a matrix (32, 128), per sample": trials([32, 128], [-1]),
        "tokens (8, 20, 64), each by itself": trials([8, 20, 64], [2]),
        "whole images (4, 5, 7, 3)": trials([4, 5, 7, 3], [1, 2, 3]),
        "pixels (4, 5, 7, 3)": trials([4, 5, 7, 3], [3]),
      },
      hard: {
        "negative axes": trials([4, 5, 7, 3], [-1, -2]),
        "images in PyTorch's layout (2, 3, 5, 4)": trials([2, 3, 5, 4], [1, 2, 3]),
      },
    };
  },
});
