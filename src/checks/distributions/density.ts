import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

interface Bins {
  min: number;
  max: number;
  bins: number;
}

/** The density of `values` in `bins` bins of equal width from min to max; the last bin includes max. */
export type DensityHistogram = (values: Float64Array, options: Bins) => ArrayLike<number>;

/** Values away from the edges of the bins, where rounding would decide; some of them outside min … max. */
function sample(
  seed: number,
  { min, max, bins, size }: Bins & { size: number },
): { args: [Float64Array, Bins] } {
  const random = randomGenerator(seed);
  const width = (max - min) / bins;
  const values = Float64Array.from({ length: size }, (_, i) => {
    const bin = i % 6 === 5 ? (random.uniform() < 0.5 ? -1 : bins) : random.integer(bins);
    return min + (bin + 0.1 + 0.8 * random.uniform()) * width;
  });
  return { args: [values, { min, max, bins }] };
}

/** Number of values in each bin, by comparing every value with every bin's edges. */
function countsOf(values: Float64Array, { min, max, bins }: Bins): number[] {
  const edge = (k: number) => min + ((max - min) * k) / bins;
  return Array.from({ length: bins }, (_, k) => {
    const inBin = (v: number) => v >= edge(k) && (k === bins - 1 ? v <= max : v < edge(k + 1));
    return values.filter(inBin).length;
  });
}

/** Exercise dist-density: a histogram whose area is the share of the values in it. */
export const distDensity: Check<DensityHistogram> = formulaExercise("dist-density", {
  switches: {
    counts: "these are counts; divide by the number of values and by the width of a bin",
    notByWidth: "these are shares; divide them by the width of a bin to get densities",
    notByNumber: "you divided by the width of a bin, but not by the number of values",
    byInside: "you divided by the number of values inside min … max; divide by the number of all values",
    byNumberOfBins: "you divided by the number of bins; divide by the number of values",
    bySample: "you divided by m − 1; divide by m, the number of values",
    timesWidth: "you multiplied by the width of a bin; divide by it",
    byWidthTwice: "you divided by the width of a bin twice",
    clamped: "values outside min … max are in no bin; you put them into the first and the last one",
    clampedBelow: "values below min are in no bin; you put them into the first one",
    clampedAbove: "values above max are in no bin; you put them into the last one",
    maxLost: "a value equal to max is lost; the last bin includes its upper edge",
    upperEdges: "a bin holds its lower edge, not its upper one (but for the last bin, which holds both)",
    widthFromOne: "the width of a bin is (max − min) / bins, not 1 / bins",
    wholeRange: "the width of a bin is (max − min) / bins; you took the whole range, max − min",
    oneBinLess: "the width of a bin is (max − min) / bins; you divided by bins − 1",
    oneBinMore: "the width of a bin is (max − min) / bins; you divided by bins + 1",
    byLargest: "you divided by the largest count; the area, not the height, is what must be fixed",
    bySum: "you divided by the sum of the densities; the area, not the sum, is what must be fixed",
    percent: "this is in percent; a density is per 1, not per 100",
    cumulative: "you summed up the bins before, too; each bin stands for itself",
    rounded:
      "you rounded to the nearest edge; a value belongs to the bin whose lower edge is below it (floor)",
    oneLate: "every value is one bin too far to the right; the first bin begins at min",
    fromZero: "you counted the bins from 0; they begin at min: (value − min) / width",
    backwards: "the bins are in the wrong order: the first begins at min",
  },
  formula:
    (on) =>
    (values: Float64Array, { min, max, bins }: Bins): ArrayLike<number> => {
      const range = max - min;
      const slots = bins + (on("oneBinMore") ? 1 : on("oneBinLess") ? -1 : 0);
      const width = on("widthFromOne") ? 1 / bins : on("wholeRange") ? range : range / slots;
      // Where a value goes; the width that it is divided by at the end is another thing.
      const step = range / slots;
      const counts = new Array<number>(bins).fill(0);
      for (const value of values) {
        if (value < min && !on("clamped") && !on("clampedBelow")) continue;
        if (value > max && !on("clamped") && !on("clampedAbove")) continue;
        if (value === max && on("maxLost")) continue;
        const place = (value - (on("fromZero") ? 0 : min)) / step;
        const whole = on("rounded")
          ? Math.round(place)
          : on("oneLate")
            ? Math.ceil(place)
            : on("upperEdges")
              ? Math.ceil(place) - 1
              : Math.floor(place);
        const bin = value <= max && !on("fromZero") ? Math.min(bins - 1, whole) : whole;
        const into =
          on("clamped") || on("clampedBelow") || on("clampedAbove")
            ? Math.max(0, Math.min(bins - 1, bin))
            : bin;
        if (into >= 0 && into < bins) counts[into]++;
      }
      const n = values.length;
      const inside = counts.reduce((a, b) => a + b, 0);
      const total = on("byInside") ? inside : on("byNumberOfBins") ? bins : on("bySample") ? n - 1 : n;
      const divisor = on("counts")
        ? 1
        : on("notByWidth")
          ? total
          : on("notByNumber")
            ? width
            : on("timesWidth")
              ? total / width
              : on("byWidthTwice")
                ? total * width ** 2
                : on("byLargest")
                  ? Math.max(...counts)
                  : on("bySum")
                    ? inside
                    : total * width;
      const told = counts.map((count) => (count / divisor) * (on("percent") ? 100 : 1));
      if (on("cumulative")) told.forEach((value, k) => (told[k] = value + (told[k - 1] ?? 0)));
      return on("backwards") ? told.reverse() : told;
    },
  right: (values, given) => {
    const width = (given.max - given.min) / given.bins;
    return countsOf(values, given).map((count) => count / (values.length * width));
  },
  name: "the density",
  cases: (seed) => ({
    usual: {
      "bins of width 0.25 from −1 to 1": sample(seed, { min: -1, max: 1, bins: 8, size: 60 }),
      "some other bins, many values outside": sample(seed + 1, { min: 2, max: 7, bins: 4, size: 37 }),
      "a value that is exactly max": {
        args: [Float64Array.of(0, 0.3, 1, 1, 1.5), { min: 0, max: 1, bins: 2 }],
      },
    },
    hard: {
      "one bin": sample(seed + 2, { min: -3, max: -1, bins: 1, size: 20 }),
      "far more bins than values, so that most are empty": sample(seed + 3, {
        min: 0,
        max: 10,
        bins: 200,
        size: 9,
      }),
      "all values outside: zeros, not NaN": {
        args: [Float64Array.of(5, 6, -7), { min: 0, max: 1, bins: 3 }],
      },
    },
  }),
});
