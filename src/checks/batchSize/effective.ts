import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/**
 * The number of independent values whose mean is as noisy as that of `images` images of `pixels` pixels each: any two
 * pixels of an image have the given correlation, pixels of different images none.
 */
export type EffectiveCount = (images: number, pixels: number, correlation: number) => number;

const whole = "images are independent of each other: only the pixels of the same image are correlated";

/** Exercise batch-effective: how many independent values correlated pixels count for. */
export const batchEffective: Check<EffectiveCount> = formulaExercise("batch-effective", {
  switches: {
    allCorrelated: whole,
    imagesCorrelated:
      "the pixels are correlated, not the images; the correction is made with the other number",
    noCorrelation: "you counted all values as if they were independent; the correlation is left out",
    imagesAlone: "you counted the images alone: correlated pixels count for less, but not for nothing",
    onePerImage: "you left out the number of images: each of them brings its own pixels",
    noMinusOne: "a pixel's correlation with itself is in the 1 already: the other pixels are P − 1",
    minusCorrelation: "the sign is wrong: correlation makes the divisor larger, 1 + (P − 1)ρ",
    noOne: "the 1 in 1 + (P − 1)ρ is missing: without correlation all pixels count",
    squared: "the correlation itself stands in the formula, not its square",
    root: "the correlation itself stands in the formula, not its root",
    multiplied: "you multiplied by 1 + (P − 1)ρ: correlated pixels count for less, so divide",
    factor: "you scaled the count by 1 − ρ; many correlated pixels count for less than that",
    rootOfAll: "you took the root: the count itself is asked for, not the factor of the noise",
    inflation: "this is 1 + (P − 1)ρ, by which the variance grows; divide the number of values by it",
    noise: "this is the variance of the mean, one over the count",
    limit: "1/ρ for each image is what is left for very many pixels; the exact number is P/(1 + (P − 1)ρ)",
    rounded: "the count need not be a whole number: don't round it",
    floored: "the count need not be a whole number: don't round it",
    imagesLess: "all images count, not one less",
  },
  formula:
    (on) =>
    (images: number, pixels: number, correlation: number): number => {
      const N = on("onePerImage") ? 1 : on("imagesLess") ? images - 1 : images;
      const rho = on("squared") ? correlation ** 2 : on("root") ? Math.sqrt(correlation) : correlation;
      const inOne = on("allCorrelated") ? images * pixels : on("imagesCorrelated") ? images : pixels;
      const others = on("noMinusOne") ? inOne : inOne - 1;
      const inflation = (on("noOne") ? 0 : 1) + (on("minusCorrelation") ? -1 : 1) * others * rho;
      const values = N * pixels;
      const count = on("noCorrelation")
        ? values
        : on("imagesAlone")
          ? N
          : on("limit")
            ? N / rho
            : on("factor")
              ? values * (1 - rho)
              : on("inflation")
                ? inflation
                : on("multiplied")
                  ? values * inflation
                  : values / inflation;
      const told = on("rootOfAll") ? Math.sqrt(count) : on("noise") ? 1 / count : count;
      return on("rounded") ? Math.round(told) : on("floored") ? Math.floor(told) : told;
    },
  right: (images, pixels, correlation) => images / ((1 - correlation) / pixels + correlation),
  name: "the count",
  cases: (seed) => {
    const { uniform } = randomGenerator(seed);
    const trial = (images: number, pixels: number, correlation: number) => ({
      args: [images, pixels, correlation] as [number, number, number],
      tolerance: 1e-9,
    });
    return {
      usual: {
        "4 images of 9 pixels": trial(4, 9, 0.1 + 0.2 * uniform()),
        "one image of 676 pixels": trial(1, 676, 0.02 + 0.1 * uniform()),
        "32 images of 121 pixels": trial(32, 121, 0.1 + 0.3 * uniform()),
      },
      hard: {
        "no correlation: all count": trial(3, 50, 0),
        "full correlation: each image counts once": trial(8, 30, 1),
        "one pixel (a dense layer): the images count": trial(16, 1, 0.4),
        "a slightly negative correlation counts for more": trial(2, 5, -0.05 - 0.1 * uniform()),
      },
    };
  },
});
