import { layerNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { standardizeBy, standardizingMistakes } from "../mistakes";
import { gammaOf } from "./samples";

/** (x (…,C), γ (C), β (C), ε) → y of x's shape. */
export type LayerNormForward = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => Tensor;

/** Exercise ln-forward: layer norm over the last axis. */
export const lnForward: Check<LayerNormForward> = exercise("ln-forward", (solution, seed) => {
  const check = (shape: number[], s: number, { epsilon = 0.1, shift = 2 } = {}) => {
    const c = shape[shape.length - 1];
    const x = randomNormal(shape, { seed: seed + s, mean: shift, standardDeviation: 2 });
    const gamma = gammaOf(seed + s + 100, c);
    const beta = randomNormal([c], { seed: seed + s + 200 });
    const finish = (xHat: Tensor) => xHat.mul(gamma).add(beta);
    const xHat = standardizeBy(x, [-1], epsilon);
    const over = (axes: number[]) => () => finish(standardizeBy(x, axes, epsilon));
    const everyAxis = otherAxes(shape.length, []);
    return diagnose(
      invoke(solution, x, gamma, beta, epsilon),
      layerNorm(x, { gamma, beta, epsilon }).y,
      [
        {
          message:
            "you averaged over the wrong axis: over axis 0 this is batch norm; layer norm takes the last axis",
          value: over([0]),
        },
        {
          message:
            "you averaged over all axes but the last: this is batch norm; layer norm takes the last axis",
          value: over(everyAxis.slice(0, -1)),
        },
        {
          message:
            "you took one mean over the whole tensor: samples must not be mixed; reduce the last axis alone",
          value: over(everyAxis),
        },
        {
          message:
            "you averaged over the whole sample; here each position has its own mean, over the last axis",
          value: over(everyAxis.slice(1)),
        },
        { message: "you left out γ and β: y = γ · x̂ + β", value: xHat },
        { message: "you left out β: y = γ · x̂ + β", value: xHat.mul(gamma) },
        { message: "you left out γ: y = γ · x̂ + β", value: xHat.add(beta) },
        { message: "you added β before multiplying by γ: y = γ · x̂ + β", value: xHat.add(beta).mul(gamma) },
        ...standardizingMistakes(x, [-1], epsilon, finish),
      ],
      { name: "y" },
    );
  };
  return {
    usual: {
      "a random matrix (4, 6)": () => check([4, 6], 0),
      "a square matrix (5, 5)": () => check([5, 5], 1),
      "tokens (2, 3, 4)": () => check([2, 3, 4], 2),
      "one sample (1, 8)": () => check([1, 8], 3),
    },
    hard: {
      "pixels of images (2, 3, 3, 4)": () => check([2, 3, 3, 4], 4),
      "values around one million": () => check([3, 5], 5, { shift: 1e6 }),
      "a small ε": () => check([3, 5], 6, { epsilon: 1e-5 }),
    },
  };
});
