import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** All layers' gradients at the given weights, one tensor a layer. */
export type GradientOf = (weights: Tensor[]) => Tensor[];

/**
 * ‖G′ − G‖ of layer `layer` (counted from 0): G is its gradient now, G′ its gradient after all layers
 * before it have taken one step of gradient descent, and it and the layers behind it have not moved.
 */
export type CovariateShift = (
  gradientOf: GradientOf,
  weights: Tensor[],
  layer: number,
  learningRate: number,
) => number;

/**
 * Gradients of a loss that couples all layers, ½ · Σ over elements of (Π_l tanh(w_l) − t)²:
 * moving one layer changes the gradients of all others.
 */
const gradients =
  (target: Tensor): GradientOf =>
  (weights) => {
    const values = weights.map((w) => w.tanh());
    const product = values.reduce((a, b) => a.mul(b));
    return weights.map((_, l) => {
      const others = values.filter((_, k) => k !== l).reduce((a, b) => a.mul(b), target.mul(0).add(1));
      return product.sub(target).mul(others).mul(values[l].square().neg().add(1));
    });
  };

/** Exercise dist-shift: internal covariate shift as Santurkar and others (2018) define it. */
export const distShift: Check<CovariateShift> = exercise("dist-shift", (solution, seed) => {
  const check = (layers: number, layer: number, rate: number) => {
    const gradientOf = gradients(randomNormal([5], { seed }));
    const weights = Array.from({ length: layers }, (_, l) =>
      randomNormal([5], { seed: seed + 1 + l, mean: 0.6, standardDeviation: 0.4 }),
    );
    const before = gradientOf(weights);
    const norm = (x: Tensor) => Math.sqrt(x.square().sum().at());
    const moved = (which: (l: number) => boolean, step = rate) =>
      weights.map((w, l) => (which(l) ? w.sub(before[l].mul(step)) : w));
    const change = (after: Tensor[]) => norm(gradientOf(after)[layer].sub(before[layer]));
    const oneByOne = () => {
      const current = [...weights];
      for (let l = 0; l < layer; l++) current[l] = current[l].sub(gradientOf(current)[l].mul(rate));
      return change(current);
    };
    const right = change(moved((l) => l < layer));
    return diagnose(
      invoke(solution, gradientOf, weights, layer, rate),
      right,
      [
        {
          message:
            "you moved the layer itself, too; only the layers before it move, since the question is what they do to it",
          value: () => change(moved((l) => l <= layer)),
        },
        {
          message: "you moved every layer; only the layers before this one move",
          value: () => change(moved(() => true)),
        },
        {
          message:
            "you moved the layers behind this one; the layers before it are those that make its inputs",
          value: () => change(moved((l) => l > layer)),
        },
        {
          message: "you moved the one layer before this one; all layers before it move",
          value: () => change(moved((l) => l === layer - 1)),
        },
        {
          message: "you went up the gradient; a step is w − η · g",
          value: () => change(moved((l) => l < layer, -rate)),
        },
        { message: "you left out the learning rate", value: () => change(moved((l) => l < layer, 1)) },
        {
          message: "you divided by ‖G‖; here the difference itself is asked for",
          value: () => right / norm(before[layer]),
        },
        {
          message:
            "you took the difference of the two norms; take the norm of the difference, which sees a change of direction",
          value: () => Math.abs(norm(gradientOf(moved((l) => l < layer))[layer]) - norm(before[layer])),
        },
        {
          message:
            "you recomputed the gradient after each layer's step; all of them step at once, down the gradient they had at the start",
          value: oneByOne,
        },
        { message: "this is the square of the norm; take its root", value: right ** 2 },
      ],
      { name: "the shift", tolerance: 1e-9 },
    );
  };
  return {
    usual: {
      "the last of three layers": () => check(3, 2, 0.5),
      "the third of four layers": () => check(4, 2, 0.3),
    },
    hard: {
      "the first layer, which nothing stands before: 0": () => check(3, 0, 0.5),
      "the second of two layers": () => check(2, 1, 0.2),
    },
  };
});
