import { randomNormal, tensor, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** The percentiles (p in 0 … 100) of one unit's values over the batch; u (N, units). */
export type UnitPercentiles = (u: Tensor, unit: number, ps: number[]) => ArrayLike<number>;

/** Exercise dist-percentiles: percentiles of one unit's input, interpolated linearly. */
export const distPercentiles: Check<UnitPercentiles> = exercise("dist-percentiles", (solution, seed) => {
  const check = (u: Tensor, unit: number, ps: number[]) => {
    const n = u.shape[0];
    const column = (u.transpose().toArray() as number[][])[unit];
    const ascending = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
    const at = (sorted: number[], place: number) => {
      const below = Math.floor(place);
      const above = Math.min(below + 1, sorted.length - 1);
      return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    };
    const of = (sorted: number[], scale = 100) =>
      ps.map((p) => at(sorted, (p / scale) * (sorted.length - 1)));
    const pick = (sorted: number[], place: (p: number) => number) =>
      ps.map((p) => sorted[Math.min(sorted.length - 1, place(p))]);
    const sorted = ascending(column);
    return diagnose(
      invoke(solution, u, unit, ps),
      of(sorted),
      [
        { message: "you forgot to sort the values", value: of(column) },
        {
          message:
            "`sort()` without a comparison sorts numbers as text (−2 before −10 before 1); use sort((a, b) => a - b), or a Float64Array",
          value: () => of([...column].sort()),
        },
        { message: "you sorted from large to small", value: of([...sorted].reverse()) },
        {
          message: "this is a row: one sample's values; a unit is a column",
          value: () => of(ascending((u.toArray() as number[][])[unit])),
        },
        { message: "these are percentiles of all units together", value: () => of(ascending(u.data)) },
        {
          message: "interpolate between the two neighbouring values; you took the lower one",
          value: pick(sorted, (p) => Math.floor((p / 100) * (n - 1))),
        },
        {
          message: "interpolate between the two neighbouring values; you took the nearest one",
          value: pick(sorted, (p) => Math.round((p / 100) * (n - 1))),
        },
        {
          message: "the p-th percentile lies at place p/100 · (m − 1), counted from 0; you took p/100 · m",
          value: pick(sorted, (p) => Math.floor((p / 100) * n)),
        },
        {
          message: "the p-th percentile lies at place p/100 · (m − 1), counted from 0; you took p/100 · m",
          value: ps.map((p) => at(sorted, Math.min(n - 1, (p / 100) * n))),
        },
      ],
      { name: "the percentiles" },
    );
  };
  return {
    usual: {
      "the 15th, 50th and 85th of 10 values": () =>
        check(randomNormal([10, 4], { seed, standardDeviation: 8 }), 2, [15, 50, 85]),
      "as many samples as units": () =>
        check(randomNormal([6, 6], { seed: seed + 1, standardDeviation: 8 }), 4, [15, 50, 85]),
    },
    hard: {
      "the smallest and the largest value": () =>
        check(randomNormal([7, 3], { seed: seed + 2 }), 0, [0, 100]),
      "a single sample": () => check(tensor([[3, 1, 2]]), 1, [15, 85]),
      "a batch of 60": () => check(randomNormal([60, 5], { seed: seed + 3, mean: 3 }), 4, [15, 50, 85]),
    },
  };
});
