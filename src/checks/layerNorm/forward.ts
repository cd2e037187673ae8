import { layerNorm } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { standardizeBy, standardizingMistakes } from "../mistakes";
import { type CheckOptions, report, type Report } from "../report";

/** (x (…,C), γ (C), β (C), ε) → y of x's shape. */
export type LayerNormForward = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => Tensor;

/** Exercise ln-forward: layer norm over the last axis. */
export function lnForward(
  solution: LayerNormForward,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const check = (shape: number[], s: number, { epsilon = 0.1, shift = 2 } = {}) => {
    const c = shape[shape.length - 1];
    const x = randomNormal(shape, { seed: seed + s, mean: shift, standardDeviation: 2 });
    const gamma = randomNormal([c], { seed: seed + s + 100, mean: 1, standardDeviation: 0.5 });
    const beta = randomNormal([c], { seed: seed + s + 200 });
    const finish = (xHat: Tensor) => xHat.mul(gamma).add(beta);
    const xHat = standardizeBy(x, [-1], epsilon);
    const over = (axes: number[]) => () => finish(standardizeBy(x, axes, epsilon));
    const everyAxis = shape.map((_, axis) => axis);
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
  return report("ln-forward", [
    { name: "a random matrix (4, 6)", run: () => check([4, 6], 0) },
    { name: "a square matrix (5, 5)", run: () => check([5, 5], 1) },
    { name: "tokens (2, 3, 4)", run: () => check([2, 3, 4], 2) },
    { name: "one sample (1, 8)", run: () => check([1, 8], 3) },
    ...(cases === "hard"
      ? [
          { name: "pixels of images (2, 3, 3, 4)", run: () => check([2, 3, 3, 4], 4) },
          { name: "values around one million", run: () => check([3, 5], 5, { shift: 1e6 }) },
          { name: "a small ε", run: () => check([3, 5], 6, { epsilon: 1e-5 }) },
        ]
      : []),
  ]);
}
