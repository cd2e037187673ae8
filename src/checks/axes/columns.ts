import { standardize } from "../../norm";
import { randomNormal, tensor, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { standardizeBy, standardizingMistakes } from "../mistakes";
import { type CheckOptions, report, type Report } from "../report";

/** (x (N,C), ε) → every column standardized, (N,C); plain arrays in and out. */
export type NormalizeColumns = (x: number[][], epsilon: number) => number[][];

/** Exercise axes-columns: batch norm's x̂ of a matrix. */
export function axesColumns(
  solution: NormalizeColumns,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const check = (x: Tensor, epsilon: number) => {
    const result = invoke(solution, x.toArray() as number[][], epsilon);
    const wrongAxis = {
      message: "you averaged over the wrong axis: this is layer norm, along the rows; go down the columns",
      value: () => standardizeBy(x, [1], epsilon),
    };
    const together = {
      message: "you took one mean over the whole matrix; every column has its own",
      value: () => standardizeBy(x, [0, 1], epsilon),
    };
    return diagnose(result, standardize(x, { axes: [0], epsilon }).xHat, [
      ...[wrongAxis, together],
      ...standardizingMistakes(x, [0], epsilon),
    ]);
  };
  const random = (n: number, c: number, s: number) =>
    randomNormal([n, c], { seed: seed + s, mean: 5, standardDeviation: 3 });
  return report("axes-columns", [
    { name: "a random 5 × 3 matrix, ε = 0.1", run: () => check(random(5, 3, 0), 0.1) },
    { name: "a square matrix", run: () => check(random(4, 4, 1), 0.1) },
    {
      name: "the example [[3, 1, 2], [4, 5, 6]]",
      run: () =>
        check(
          tensor([
            [3, 1, 2],
            [4, 5, 6],
          ]),
          1e-3,
        ),
    },
    { name: "a batch of one gives zeros", run: () => check(random(1, 4, 2), 1e-3) },
    ...(cases === "hard"
      ? [
          { name: "one column", run: () => check(random(7, 1, 3), 0.5) },
          {
            name: "a constant column gives zeros",
            run: () => check(random(6, 2, 4).mul(tensor([1, 0])), 0.1),
          },
        ]
      : []),
  ]);
}
