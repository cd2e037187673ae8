import { randomNormal, tensor, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** The percentiles (p in 0 … 100) of one unit's values over the batch; u (N, units). */
export type UnitPercentiles = (u: Tensor, unit: number, ps: number[]) => ArrayLike<number>;

const place = "the p-th percentile lies at place p/100 · (m − 1), counted from 0";

/** Exercise dist-percentiles: percentiles of one unit's input, interpolated linearly. */
export const distPercentiles: Check<UnitPercentiles> = formulaExercise("dist-percentiles", {
  switches: {
    unsorted: "you forgot to sort the values",
    sortedAsText:
      "`sort()` without a comparison sorts numbers as text (−2 before −10 before 1); use sort((a, b) => a - b), or a Float64Array",
    descending: "you sorted from large to small",
    row: "this is a row: one sample's values; a unit is a column",
    allUnits: "these are percentiles of all units together",
    nextUnit: "this is the unit beside the one asked for: units are counted from 0",
    previousUnit: "this is the unit beside the one asked for: units are counted from 0",
    lower: "interpolate between the two neighbouring values; you took the lower one",
    upper: "interpolate between the two neighbouring values; you took the upper one",
    nearest: "interpolate between the two neighbouring values; you took the nearest one",
    middle: "interpolate by where the place lies between the two neighbours; you took their middle",
    nothingAbove:
      "the largest value has no neighbour above: where the place is a whole number, there is none to ask for",
    weightsSwapped: "the weights of the two neighbours are exchanged: the nearer one has the larger weight",
    placeOfN: `${place}; you took p/100 · m`,
    placeOfNLessOne: `${place}; you took p/100 · m − 1`,
    placeOfNPlusOne: `${place}; you took p/100 · (m + 1) − 1`,
    placeOfHalf: `${place}; you took p/100 · m − ½`,
    placeOfUnits: `${place}, with m the number of samples; you took the number of units`,
    shares: "p goes from 0 to 100: divide it by 100",
    betweenExtremes:
      "percentiles are places in the sorted values; you went p % of the way from the smallest to the largest",
    psSorted: "the answers belong to the order of `ps`",
  },
  formula:
    (on) =>
    (u: Tensor, unit: number, ps: number[]): ArrayLike<number> => {
      const [, units] = u.shape;
      const which = (unit + (on("nextUnit") ? 1 : on("previousUnit") ? units - 1 : 0)) % units;
      const rows = u.toArray() as number[][];
      const values = on("row") ? rows[unit] : on("allUnits") ? [...u.data] : rows.map((row) => row[which]);
      if (!on("unsorted")) values.sort(on("sortedAsText") ? undefined : (a, b) => a - b);
      if (on("descending")) values.reverse();
      const last = values.length - 1;
      const count = on("placeOfUnits") ? units : values.length;
      const at = (p: number) => {
        const share = p / (on("shares") ? 1 : 100);
        const raw = on("placeOfN")
          ? share * count
          : on("placeOfNLessOne")
            ? share * count - 1
            : on("placeOfNPlusOne")
              ? share * (count + 1) - 1
              : on("placeOfHalf")
                ? share * count - 0.5
                : share * (count - 1);
        const clamped = Math.max(0, Math.min(last, raw));
        const below = on("nearest")
          ? Math.round(clamped)
          : on("upper")
            ? Math.ceil(clamped)
            : Math.floor(clamped);
        if (on("lower") || on("upper") || on("nearest")) return values[below];
        const above = on("nothingAbove") ? below + 1 : Math.min(below + 1, last);
        const rest = clamped - below;
        const weight = on("middle") ? 0.5 : on("weightsSwapped") ? 1 - rest : rest;
        // values[last + 1] is undefined, and what is made of it NaN.
        return values[below] + weight * (values[above] - values[below]);
      };
      if (on("betweenExtremes")) {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        return ps.map((p) => low + (p / 100) * (high - low));
      }
      const asked = on("psSorted") ? [...ps].sort((a, b) => a - b) : ps;
      // A whole place has one value, whatever is done between two.
      return asked.map(at);
    },
  right: (u, unit, ps) => {
    const sorted = Float64Array.from({ length: u.shape[0] }, (_, i) => u.at(i, unit)).sort();
    return ps.map((p) => {
      const exact = (p / 100) * (sorted.length - 1);
      const [below, above] = [Math.floor(exact), Math.ceil(exact)];
      return sorted[below] + (exact - below) * (sorted[above] - sorted[below]);
    });
  },
  name: "the percentiles",
  cases: (seed) => {
    const trial = (u: Tensor, unit: number, ps: number[]) => ({
      args: [u, unit, ps] as [Tensor, number, number[]],
    });
    const wide = (shape: number[], s: number) =>
      randomNormal(shape, { seed: seed + s, standardDeviation: 8 });
    return {
      usual: {
        "the 15th, 50th and 85th of 10 values": trial(wide([10, 4], 0), 2, [15, 50, 85]),
        "as many samples as units": trial(wide([6, 6], 1), 4, [85, 15, 50]),
      },
      hard: {
        "the smallest and the largest value": trial(randomNormal([7, 3], { seed: seed + 2 }), 0, [0, 100]),
        "a single sample": trial(tensor([[3, 1, 2]]), 1, [15, 85]),
        "a batch of 60": trial(randomNormal([60, 5], { seed: seed + 3, mean: 3 }), 4, [15, 50, 85]),
      },
    };
  },
});
