import { randomGenerator } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** The density of `values` in `bins` bins of equal width from min to max; the last bin includes max. */
export type DensityHistogram = (
  values: Float64Array,
  options: { min: number; max: number; bins: number },
) => ArrayLike<number>;

interface Sample {
  values: Float64Array;
  min: number;
  max: number;
  bins: number;
}

/** Number of values in each bin, by comparing every value with every bin's edges. */
function countsOf({ values, min, max, bins }: Sample): number[] {
  const edge = (k: number) => min + ((max - min) * k) / bins;
  return Array.from({ length: bins }, (_, k) => {
    const inBin = (v: number) => v >= edge(k) && (k === bins - 1 ? v <= max : v < edge(k + 1));
    return values.filter(inBin).length;
  });
}

/** Values away from the edges of the bins, where rounding would decide; some of them outside min … max. */
function sample(seed: number, { min, max, bins, size }: Omit<Sample, "values"> & { size: number }): Sample {
  const random = randomGenerator(seed);
  const width = (max - min) / bins;
  const values = Float64Array.from({ length: size }, (_, i) => {
    const bin = i % 6 === 5 ? (random.uniform() < 0.5 ? -1 : bins) : random.integer(bins);
    return min + (bin + 0.1 + 0.8 * random.uniform()) * width;
  });
  return { values, min, max, bins };
}

/** Exercise dist-density: a histogram whose area is the share of the values in it. */
export const distDensity: Check<DensityHistogram> = exercise("dist-density", (solution, seed) => {
  const check = (given: Sample) => {
    const { values, min, max, bins } = given;
    const width = (max - min) / bins;
    const counts = countsOf(given);
    const scaled = (divisor: number) => counts.map((count) => count / divisor);
    const n = values.length;
    const inside = counts.reduce((a, b) => a + b, 0);
    const below = values.filter((v) => v < min).length;
    const above = values.filter((v) => v > max).length;
    const clipped = counts.map((count, k) => count + (k === 0 ? below : 0) + (k === bins - 1 ? above : 0));
    const atMax = values.filter((v) => v === max).length;
    const withoutMax = counts.map((count, k) => count - (k === bins - 1 ? atMax : 0));
    return diagnose(
      invoke(solution, values, { min, max, bins }),
      scaled(n * width),
      [
        {
          message: "these are counts; divide by the number of values and by the width of a bin",
          value: counts,
        },
        { message: "these are shares; divide them by the width of a bin to get densities", value: scaled(n) },
        {
          message: "you divided by the width of a bin, but not by the number of values",
          value: scaled(width),
        },
        {
          message: "you divided by the number of values inside min … max; divide by the number of all values",
          value: scaled(inside * width),
        },
        {
          message: "you multiplied by the width of a bin; divide by it",
          value: counts.map((count) => (count / n) * width),
        },
        {
          message: "values outside min … max are in no bin; you put them into the first and the last one",
          value: clipped.map((count) => count / (n * width)),
        },
        {
          message: "a value equal to max is lost; the last bin includes its upper edge",
          value: withoutMax.map((count) => count / (n * width)),
        },
        {
          message: "the width of a bin is (max − min) / bins, not 1 / bins",
          value: scaled(n / bins),
        },
        {
          message: "you divided by the largest count; the area, not the height, is what must be fixed",
          value: scaled(Math.max(...counts)),
        },
      ],
      { name: "the density" },
    );
  };
  return {
    usual: {
      "bins of width 0.25 from −1 to 1": () => check(sample(seed, { min: -1, max: 1, bins: 8, size: 60 })),
      "some other bins, many values outside": () =>
        check(sample(seed + 1, { min: 2, max: 7, bins: 4, size: 37 })),
      "a value that is exactly max": () =>
        check({ values: Float64Array.of(0, 0.3, 1, 1, 1.5), min: 0, max: 1, bins: 2 }),
    },
    hard: {
      "one bin": () => check(sample(seed + 2, { min: -3, max: -1, bins: 1, size: 20 })),
      "far more bins than values, so that most are empty": () =>
        check(sample(seed + 3, { min: 0, max: 10, bins: 200, size: 9 })),
      "all values outside: zeros, not NaN": () =>
        check({ values: Float64Array.of(5, 6, -7), min: 0, max: 1, bins: 3 }),
    },
  };
});
