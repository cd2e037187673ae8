import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";
import { standardizeBy } from "../mistakes";

/** x (…, C) → x minus its mean over the last axis, of x's shape. */
export type CenterRows = (x: Tensor) => Tensor;

/** Exercise axes-keep: subtract from each row its own mean. */
export const axesKeep: Check<CenterRows> = exercise("axes-keep", (solution, seed) => {
  const check = (shape: number[], s: number) => {
    const x = randomNormal(shape, { seed: seed + s, mean: 5, standardDeviation: 3 });
    return diagnose(invoke(solution, x), x.sub(x.mean([-1], true)), [
      {
        message:
          "the means were dropped along the wrong axis: without keeping the reduced axis, the mean of row i " +
          "is subtracted from column i. Keep the axis: x.mean([-1], true)",
        value: () => x.sub(x.mean([-1])),
      },
      {
        message: "you averaged down the columns (axis 0); a row's mean is taken along the last axis",
        value: () => x.sub(x.mean([0], true)),
      },
      {
        message: "you subtracted one mean of the whole tensor; every row has its own",
        value: () => x.sub(x.mean()),
      },
      {
        message: "you subtracted the sum of the row instead of its mean",
        value: () => x.sub(x.sum([-1], true)),
      },
      { message: "these are the means; subtract them from x", value: () => x.mean([-1], true) },
      { message: "these are the means; subtract them from x", value: () => x.mean([-1]) },
      {
        message: "you also divided by the standard deviation; only the mean is to be taken away here",
        value: () => standardizeBy(x, [-1], 1e-3),
      },
      {
        message: "in a tensor of three axes you averaged over axis 1; the last axis is −1, whatever the rank",
        value: () => x.sub(x.mean([1], true)),
      },
    ]);
  };
  return {
    usual: {
      "a square matrix (4, 4)": () => check([4, 4], 0),
      "a matrix (2, 3)": () => check([2, 3], 1),
      "a sequence (2, 3, 4)": () => check([2, 3, 4], 2),
    },
    hard: {
      "a cube (3, 3, 3)": () => check([3, 3, 3], 3),
      "images (2, 3, 3, 2)": () => check([2, 3, 3, 2], 4),
      "one row (1, 5)": () => check([1, 5], 5),
    },
  };
});
