import type { checks, Tensor } from "normlab";
import type { Bank } from "../bank";

type Shift = checks.CovariateShift;

const norm = (x: Tensor) => Math.sqrt(x.square().sum().at());

/** The shift when the layers that `moves` names take a step. */
const shiftOf =
  (moves: (l: number, layer: number) => boolean, factor = 1): Shift =>
  (gradientOf, weights, layer, learningRate) => {
    const before = gradientOf(weights);
    const moved = weights.map((w, l) => (moves(l, layer) ? w.sub(before[l].mul(factor * learningRate)) : w));
    return norm(gradientOf(moved)[layer].sub(before[layer]));
  };

export const right: Shift[] = [
  shiftOf((l, layer) => l < layer),
  (gradientOf, weights, layer, learningRate) => {
    const gradients = gradientOf(weights);
    const current = [...weights];
    for (let l = 0; l < layer; l++) current[l] = current[l].add(gradients[l].mul(-learningRate));
    return Math.hypot(...gradientOf(current)[layer].sub(gradients[layer]).data);
  },
];

export const wrong: Bank<Shift>["wrong"] = [
  {
    name: "moves the layer, too",
    message: /moved the layer itself, too/,
    solution: shiftOf((l, layer) => l <= layer),
  },
  { name: "moves all", message: /moved every layer/, solution: shiftOf(() => true) },
  {
    name: "moves those behind",
    message: /moved the layers behind/,
    solution: shiftOf((l, layer) => l > layer),
  },
  {
    name: "moves one",
    message: /moved the one layer before/,
    solution: shiftOf((l, layer) => l === layer - 1),
  },
  { name: "ascends", message: /up the gradient/, solution: shiftOf((l, layer) => l < layer, -1) },
  {
    name: "one after the other",
    message: /all of them step at once/,
    solution: (gradientOf, weights, layer, learningRate) => {
      const before = gradientOf(weights)[layer];
      const current = [...weights];
      for (let l = 0; l < layer; l++) current[l] = current[l].sub(gradientOf(current)[l].mul(learningRate));
      return norm(gradientOf(current)[layer].sub(before));
    },
  },
  {
    name: "difference of norms",
    message: /norm of the difference/,
    solution: (gradientOf, weights, layer, learningRate) => {
      const before = gradientOf(weights);
      const moved = weights.map((w, l) => (l < layer ? w.sub(before[l].mul(learningRate)) : w));
      return Math.abs(norm(gradientOf(moved)[layer]) - norm(before[layer]));
    },
  },
  {
    name: "changes the weights it was given",
    message: /changed its input/,
    solution: (gradientOf, weights, layer, learningRate) => {
      const before = gradientOf(weights);
      for (let l = 0; l < layer; l++) weights[l] = weights[l].sub(before[l].mul(learningRate));
      return norm(gradientOf(weights)[layer].sub(before[layer]));
    },
  },
  {
    name: "no learning rate",
    message: /left out the learning rate/,
    solution: (gradientOf, weights, layer) => right[0](gradientOf, weights, layer, 1),
  },
  {
    name: "relative to the gradient",
    message: /divided by ‖G‖/,
    solution: (gradientOf, weights, layer, learningRate) =>
      right[0](gradientOf, weights, layer, learningRate) / norm(gradientOf(weights)[layer]),
  },
  {
    name: "no root",
    message: /the square of the norm/,
    solution: (gradientOf, weights, layer, learningRate) =>
      right[0](gradientOf, weights, layer, learningRate) ** 2,
  },
  // Two mistakes together.
  {
    name: "moves the layer, too, no root",
    message: [/moved the layer itself, too/, /the square of the norm/],
    solution: (...given) => shiftOf((l, layer) => l <= layer)(...given) ** 2,
  },
  {
    name: "moves all, no learning rate",
    message: [/moved every layer/, /left out the learning rate/],
    solution: (gradientOf, weights, layer) => shiftOf(() => true)(gradientOf, weights, layer, 1),
  },
  {
    name: "ascends, relative",
    message: [/up the gradient/, /divided by ‖G‖/],
    solution: (gradientOf, weights, layer, learningRate) =>
      shiftOf((l) => l < layer, -1)(gradientOf, weights, layer, learningRate) /
      norm(gradientOf(weights)[layer]),
  },
  {
    name: "moves one, difference of norms",
    message: [/moved the one layer before/, /norm of the difference/],
    solution: (gradientOf, weights, layer, learningRate) => {
      const before = gradientOf(weights);
      const moved = weights.map((w, l) => (l === layer - 1 ? w.sub(before[l].mul(learningRate)) : w));
      return Math.abs(norm(gradientOf(moved)[layer]) - norm(before[layer]));
    },
  },
];
