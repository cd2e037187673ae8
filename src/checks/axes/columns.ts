import { standardize } from "../../norm";
import { randomNormal, tensor, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { standardizeBy, standardizingMistakes } from "../mistakes";

/** (x (N,C), ε) → every column standardized, (N,C); plain arrays in and out. */
export type NormalizeColumns = (x: number[][], epsilon: number) => number[][];

/** Exercise axes-columns: batch norm's x̂ of a matrix. */
export const axesColumns: Check<NormalizeColumns> = exercise("axes-columns", (solution, seed) => {
  const check = (x: Tensor, epsilon: number) => {
    const result = invoke(solution, x.toArray() as number[][], epsilon);
    return diagnose(result, standardize(x, { axes: [0], epsilon }).xHat, [
      {
        message: "you averaged over the wrong axis: this is layer norm, along the rows; go down the columns",
        value: () => standardizeBy(x, [1], epsilon),
      },
      {
        message: "you took one mean over the whole matrix; every column has its own",
        value: () => standardizeBy(x, [0, 1], epsilon),
      },
      ...standardizingMistakes(x, [0], epsilon),
    ]);
  };
  const random = (n: number, c: number, s: number) =>
    randomNormal([n, c], { seed: seed + s, mean: 5, standardDeviation: 3 });
  return {
    usual: {
      "a random 5 × 3 matrix, ε = 0.1": () => check(random(5, 3, 0), 0.1),
      "a square matrix": () => check(random(4, 4, 1), 0.1),
      "the example [[3, 1, 2], [4, 5, 6]]": () =>
        check(
          tensor([
            [3, 1, 2],
            [4, 5, 6],
          ]),
          1e-3,
        ),
      "a batch of one gives zeros": () => check(random(1, 4, 2), 1e-3),
    },
    hard: {
      "one column": () => check(random(7, 1, 3), 0.5),
      "a constant column gives zeros": () => check(random(6, 2, 4).mul(tensor([1, 0])), 0.1),
    },
  };
});
