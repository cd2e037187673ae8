import { standardize } from "../../norm";
import { asTensor, randomNormal, tensor, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { partAxesSwitches, partAxesWith } from "../switches/axes";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";

/** (x (N,C), ε) → every column standardized, (N,C); plain arrays in and out. */
export type NormalizeColumns = (x: number[][], epsilon: number) => number[][];

/** Exercise axes-columns: batch norm's x̂ of a matrix. */
export const axesColumns: Check<NormalizeColumns> = formulaExercise("axes-columns", {
  switches: {
    rows: "you averaged over the wrong axis: this is layer norm, along the rows; go down the columns",
    wholeTensor: "you took one mean over the whole matrix; every column has its own",
    transposed: "rows and columns are exchanged in what you return: give it x's shape",
    ...partAxesSwitches,
    ...standardizingSwitches,
  },
  formula:
    (on) =>
    (rows: number[][], epsilon: number): number[][] => {
      const x = asTensor("x", rows);
      const axes = on("rows") ? [1] : on("wholeTensor") ? [0, 1] : [0];
      const { xHat } = standardizeWith(x, partAxesWith(axes, [1], [0, 1], on), epsilon, on);
      return (on("transposed") ? xHat.transpose() : xHat).toArray() as number[][];
    },
  right: (x, epsilon) => standardize(x, { axes: [0], epsilon }).xHat.toArray() as number[][],
  cases: (seed) => {
    const trial = (x: Tensor, epsilon: number) => ({
      args: [x.toArray(), epsilon] as [number[][], number],
    });
    const random = (n: number, c: number, s: number) =>
      randomNormal([n, c], { seed: seed + s, mean: 5, standardDeviation: 3 });
    return {
      usual: {
        "a random 5 × 3 matrix, ε = 0.1": trial(random(5, 3, 0), 0.1),
        "a square matrix": trial(random(4, 4, 1), 0.1),
        "the example [[3, 1, 2], [4, 5, 6]]": trial(
          tensor([
            [3, 1, 2],
            [4, 5, 6],
          ]),
          1e-3,
        ),
        "a batch of one gives zeros": trial(random(1, 4, 2), 1e-3),
      },
      hard: {
        "one column": trial(random(7, 1, 3), 0.5),
        "a constant column gives zeros": trial(random(6, 2, 4).mul(tensor([1, 0])), 0.1),
      },
    };
  },
});
