import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** d ← d · ‖w‖ / ‖d‖ for the weights into each unit; drawn and kernel have shape (D, C). */
export type FilterNormalized = (drawn: Tensor, kernel: Tensor) => Tensor;

/** Exercise opt-filter: a random direction with the lengths of the network's filters. */
export const optFilter: Check<FilterNormalized> = formulaExercise("opt-filter", {
  switches: {
    rows: "you took the rows; the weights into one unit, its filter, are a column of (D, C)",
    wholeLayer: "you took the lengths of the whole layer; each unit's column has its own",
    everyWeight: "you gave every single weight its own size back; a whole column is scaled by one number",
    notDivided: "you did not divide by the direction's own length, so that what was drawn still counts",
    unitLength: "your columns have length 1; they must have the length of the network's columns",
    upsideDown: "the quotient is upside down: ‖w‖ stands above, ‖d‖ below",
    squares: "you took squared lengths; the quotient of the lengths is the root of that",
    squaredKernel: "you took the square of ‖w‖; its root is missing",
    squaredDrawn: "you took the square of ‖d‖; its root is missing",
    absolute: "you summed absolute values; a length is the root of the sum of squares",
    largest: "you took the largest weight; a length is the root of the sum of squares",
    spreads: "you took standard deviations, which forget the means; take lengths",
    signed: "you took sums, in which positive and negative weights cancel; take lengths",
    kernelScaled: "you scaled the network's weights; the drawn direction is to be scaled",
    sum: "you added the network's weights; the direction alone is asked for",
    meanSquareKernel: "you took the root of the mean square for w, but the length (of the sum) for d",
    meanSquareDrawn: "you took the length (of the sum) for w, but the root of the mean square for d",
    layerOfKernel: "you took the length of the whole kernel, but that of each column of the direction",
  },
  formula:
    (on) =>
    (drawn: Tensor, kernel: Tensor): Tensor => {
      const axes = on("wholeLayer") ? [0, 1] : on("rows") ? [1] : [0];
      const length = (x: Tensor, over: readonly number[], isSquare: boolean): Tensor => {
        const sum = (values: Tensor) => values.sum(over, true);
        const count = x.size / sum(x).size;
        if (on("everyWeight")) return x.abs();
        if (on("absolute")) return sum(x.abs());
        if (on("signed")) return sum(x).abs();
        if (on("largest")) {
          const rows = (over.length > 1 ? x.reshape([1, -1]) : over[0] === 0 ? x.transpose() : x).toArray();
          const tops = (rows as number[][]).map((row) => Math.max(...row.map(Math.abs)));
          const shape = sum(x).shape;
          return sum(x)
            .mul(0)
            .reshape([-1])
            .map((_, i) => tops[i])
            .reshape(shape);
        }
        if (on("spreads"))
          return sum(x.sub(sum(x).div(count)).square())
            .div(count)
            .sqrt();
        const squared = sum(x.square());
        return on("squares") || isSquare ? squared : squared.sqrt();
      };
      const rootCount = (x: Tensor) => Math.sqrt(x.size / x.sum(axes, true).size);
      const of = length(kernel, on("layerOfKernel") ? [0, 1] : axes, on("squaredKernel"));
      const own = length(drawn, axes, on("squaredDrawn"));
      const wanted = on("meanSquareKernel") ? of.div(rootCount(kernel)) : of;
      const has = on("meanSquareDrawn") ? own.div(rootCount(drawn)) : own;
      const scaled = on("kernelScaled") ? kernel : drawn;
      const result = on("upsideDown")
        ? scaled.mul(has).div(wanted)
        : on("notDivided")
          ? scaled.mul(wanted)
          : on("unitLength")
            ? scaled.div(has)
            : scaled.mul(wanted).div(has);
      return on("sum") ? kernel.add(result) : result;
    },
  right: (drawn, kernel) => {
    const lengths = (x: Tensor) => (x.transpose().toArray() as number[][]).map((row) => Math.hypot(...row));
    const [own, wanted] = [lengths(drawn), lengths(kernel)];
    const units = own.length;
    return drawn.map((value, i) => (value / own[i % units]) * wanted[i % units]);
  },
  name: "the direction",
  cases: (seed) => {
    const trial = (shape: [number, number], scale: number) => {
      const drawn = randomNormal(shape, { seed: seed + shape[0], mean: 0.4 });
      const kernel = randomNormal(shape, { seed: seed + shape[0] + 50, mean: 0.2, standardDeviation: scale });
      const uneven = kernel.map((v, i) => v * (1 + (i % shape[1])));
      return { args: [drawn, uneven] as [Tensor, Tensor], tolerance: 1e-9 };
    };
    return {
      usual: { "a kernel (5, 3)": trial([5, 3], 0.5), "a kernel (3, 6)": trial([3, 6], 2) },
      hard: {
        "as many inputs as units": trial([4, 4], 1),
        "one unit": trial([6, 1], 0.3),
        "one input": trial([1, 5], 0.3),
      },
    };
  },
});
