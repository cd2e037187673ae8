import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** Gradient norms of the layers 1 … L → the mean factor by which going back one layer multiplies the norm. */
export type FactorPerLayer = (norms: number[]) => number;

/** Norms that shrink or grow by about `factor` a layer, going back from the last. */
function norms(seed: number, layers: number, factor: number): number[] {
  const random = randomGenerator(seed);
  return Array.from(
    { length: layers },
    (_, l) => 0.1 * factor ** (layers - 1 - l) * (0.7 + 0.6 * random.uniform()),
  );
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const arithmetic = "this is the arithmetic mean of the factors; factors multiply, so their mean is geometric";
const logarithm = "this is the logarithm of the factor";

/** Exercise dist-factor: the geometric mean of the factors between neighbouring layers. */
export const distFactor: Check<FactorPerLayer> = formulaExercise("dist-factor", {
  switches: {
    forward: "this is the factor of going forward; gradients travel from the last layer to the first",
    oneRootMore: "between L layers there are L − 1 steps; you took the L-th root",
    oneRootLess: "between L layers there are L − 1 steps; you took the (L − 2)-th root",
    arithmetic,
    harmonic: "this is the harmonic mean of the factors; factors multiply, so their mean is geometric",
    upperMedian: "this is the median of the factors; their geometric mean is asked for",
    median: "this is the median of the factors; their geometric mean is asked for",
    noRoot: "this is the factor over all layers; take its root",
    divided: "you divided the total factor by the number of steps; take its root",
    squareRoot: "you took the square root; with L layers it is the (L − 1)-th",
    lastStepOnly: "this is the factor of the last step alone; take the mean over all steps",
    firstStepOnly: "this is the factor between the first two layers alone; take the mean over all steps",
    log10: logarithm,
    ln: logarithm,
    extremes:
      "you divided the largest norm by the smallest; the factor is between the first and the last layer",
    difference: "you took a difference of norms; a factor is a quotient",
    firstLayerMissed: "the first layer is left out: the way goes from the last layer to the first",
    lastLayerMissed: "the last layer is left out: the way goes from the last layer to the first",
  },
  formula:
    (on) =>
    (given: number[]): number => {
      const used = given.slice(on("firstLayerMissed") ? 1 : 0, on("lastLayerMissed") ? -1 : undefined);
      const back = on("forward") ? [...used].reverse() : used;
      const steps = back.length - 1;
      const ratios = back.slice(1).map((norm, i) => back[i] / norm);
      const total = on("extremes")
        ? Math.max(...back) / Math.min(...back)
        : on("difference")
          ? Math.abs(back[0] - back[steps])
          : back[0] / back[steps];
      const power = on("oneRootMore")
        ? steps + 1
        : on("oneRootLess")
          ? steps - 1
          : on("squareRoot")
            ? 2
            : steps;
      const sorted = [...ratios].sort((a, b) => a - b);
      if (on("upperMedian")) return sorted[steps >> 1];
      if (on("median")) return (sorted[(steps - 1) >> 1] + sorted[steps >> 1]) / 2;
      const factor = on("arithmetic")
        ? ratios.reduce((a, b) => a + b, 0) / power
        : on("harmonic")
          ? 1 / mean(ratios.map((ratio) => 1 / ratio))
          : on("lastStepOnly")
            ? ratios[steps - 1]
            : on("firstStepOnly")
              ? ratios[0]
              : on("noRoot")
                ? total
                : on("divided")
                  ? total / power
                  : total ** (1 / power);
      return on("log10") ? Math.log10(factor) : on("ln") ? Math.log(factor) : factor;
    },
  right: (given) => (given[0] / given[given.length - 1]) ** (1 / (given.length - 1)),
  name: "the factor",
  cases: (seed) => {
    const trial = (given: number[]) => ({ args: [given] as [number[]], tolerance: 1e-9 });
    return {
      usual: {
        "a vanishing gradient, 6 layers": trial(norms(seed, 6, 0.4)),
        "an exploding gradient, 5 layers": trial(norms(seed + 1, 5, 1.5)),
      },
      hard: {
        "two layers, one step": trial(norms(seed + 2, 2, 0.8)),
        "50 layers, down to 10⁻³⁰": trial(norms(seed + 3, 50, 0.25)),
        "a constant norm gives 1": trial([0.3, 0.3, 0.3]),
      },
    };
  },
});
