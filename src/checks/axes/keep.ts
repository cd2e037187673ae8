import { randomNormal, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { standardizeWith } from "../switches/standardizing";

/** x (…, C) → x minus its mean over the last axis, of x's shape. */
export type CenterRows = (x: Tensor) => Tensor;

/** Exercise axes-keep: subtract from each row its own mean. */
export const axesKeep: Check<CenterRows> = formulaExercise("axes-keep", {
  switches: {
    dropped:
      "the means were dropped along the wrong axis: without keeping the reduced axis, the mean of row i " +
      "is subtracted from column i. Keep the axis: x.mean([-1], true)",
    columns: "you averaged down the columns (axis 0); a row's mean is taken along the last axis",
    wholeTensor: "you subtracted one mean of the whole tensor; every row has its own",
    secondAxis: "in a tensor of three axes you averaged over axis 1; the last axis is −1, whatever the rank",
    allButLast: "you averaged over all axes but the last; a row's mean is taken along the last axis alone",
    allButFirst:
      "you averaged over all axes but the first; every row has its own mean, along the last axis alone",
    secondToLast: "you averaged over the axis before the last; a row's mean is taken along the last axis",
    sumForMean: "you subtracted the sum of the row instead of its mean",
    meanBySample: "you divided the sum by m − 1; a mean is divided by m, the number of values",
    meanOverRows: "you divided the row's sum by the number of rows; a mean is divided by the row's length",
    meanAdded: "you added the mean; subtract it",
    reversed: "you subtracted x from the mean: the sign is wrong, it is x minus the mean",
    meanDivided: "you divided by the mean; subtract it",
    theMeans: "these are the means; subtract them from x",
    standardized: "you also divided by the standard deviation; only the mean is to be taken away here",
    smallestSubtracted: "you subtracted the smallest value of the row; subtract its mean",
    largestSubtracted: "you subtracted the largest value of the row; subtract its mean",
    twice: "you subtracted the mean twice",
    unchanged: "you returned x as it was",
  },
  formula:
    (on) =>
    (x: Tensor): Tensor => {
      const all = otherAxes(x.rank, []);
      const axes = on("columns")
        ? [0]
        : on("wholeTensor")
          ? all
          : on("secondAxis")
            ? [1]
            : on("allButLast")
              ? all.slice(0, -1)
              : on("allButFirst")
                ? all.slice(1)
                : on("secondToLast")
                  ? [x.rank - 2]
                  : all.slice(-1);
      const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
      const along = (t: Tensor) =>
        on("sumForMean")
          ? t
          : t.div(on("meanBySample") ? count - 1 : on("meanOverRows") ? x.shape[0] : count);
      const extreme = (sign: number) => {
        const [length, values] = [x.shape[x.rank - 1], x.data];
        const rows = x.map((_, i) => {
          const start = i - (i % length);
          return sign * Math.max(...values.slice(start, start + length).map((v) => sign * v));
        });
        return rows;
      };
      if (on("unchanged")) return x;
      if (on("standardized")) return standardizeWith(x, axes, 1e-3, () => false).xHat;
      if (on("smallestSubtracted")) return x.sub(extreme(-1));
      if (on("largestSubtracted")) return x.sub(extreme(1));
      const mean = along(x.sum(axes, !on("dropped")));
      if (on("theMeans")) return mean;
      if (on("meanAdded")) return x.add(mean);
      if (on("reversed")) return mean.sub(x);
      if (on("meanDivided")) return x.div(mean);
      return on("twice") ? x.sub(mean.mul(2)) : x.sub(mean);
    },
  right: (x) => x.sub(x.mean([-1], true)),
  cases: (seed) => {
    const trial = (shape: number[], s: number) => ({
      args: [randomNormal(shape, { seed: seed + s, mean: 5, standardDeviation: 3 })] as [Tensor],
    });
    return {
      usual: {
        "a square matrix (4, 4)": trial([4, 4], 0),
        "a matrix (2, 3)": trial([2, 3], 1),
        "a sequence (2, 3, 4)": trial([2, 3, 4], 2),
      },
      hard: {
        "a cube (3, 3, 3)": trial([3, 3, 3], 3),
        "images (2, 3, 3, 2)": trial([2, 3, 3, 2], 4),
        "one row (1, 5)": trial([1, 5], 5),
      },
    };
  },
});
