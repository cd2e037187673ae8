import { randomGenerator } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

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

/** Exercise dist-factor: the geometric mean of the factors between neighbouring layers. */
export const distFactor: Check<FactorPerLayer> = exercise("dist-factor", (solution, seed) => {
  const check = (given: number[]) => {
    const total = given[0] / given[given.length - 1];
    const steps = given.length - 1;
    const ratios = given.slice(1).map((norm, i) => given[i] / norm);
    return diagnose(
      invoke(solution, given),
      total ** (1 / steps),
      [
        {
          message: "this is the factor of going forward; gradients travel from the last layer to the first",
          value: total ** (-1 / steps),
        },
        {
          message: "between L layers there are L − 1 steps; you took the L-th root",
          value: total ** (1 / given.length),
        },
        {
          message: "this is the arithmetic mean of the factors; factors multiply, so their mean is geometric",
          value: ratios.reduce((a, b) => a + b, 0) / steps,
        },
        { message: "this is the factor over all layers; take its root", value: total },
        {
          message: "you divided the total factor by the number of steps; take its root",
          value: total / steps,
        },
        { message: "this is the logarithm of the factor", value: Math.log10(total) / steps },
        { message: "this is the logarithm of the factor", value: Math.log(total) / steps },
      ],
      { name: "the factor", tolerance: 1e-9 },
    );
  };
  return {
    usual: {
      "a vanishing gradient, 6 layers": () => check(norms(seed, 6, 0.4)),
      "an exploding gradient, 5 layers": () => check(norms(seed + 1, 5, 1.5)),
    },
    hard: {
      "two layers, one step": () => check(norms(seed + 2, 2, 0.8)),
      "50 layers, down to 10⁻³⁰": () => check(norms(seed + 3, 50, 0.25)),
      "a constant norm gives 1": () => check([0.3, 0.3, 0.3]),
    },
  };
});
