import type { checks } from "normlab";
import type { Bank } from "../bank";

type Density = checks.DensityHistogram;

/** Counts as the exercise wants them. */
function counts(...[values, { min, max, bins }]: Parameters<Density>): number[] {
  const result = new Array<number>(bins).fill(0);
  values.forEach((v) => {
    if (v >= min && v <= max) result[Math.min(bins - 1, Math.floor(((v - min) / (max - min)) * bins))]++;
  });
  return result;
}

export const right: Density[] = [
  (values, options) => {
    const { min, max, bins } = options;
    return counts(values, options).map((count) => (count * bins) / values.length / (max - min));
  },
  (values, { min, max, bins }) => {
    // Differences of the cumulative distribution, from sorted values.
    const sorted = values.slice().sort();
    const width = (max - min) / bins;
    const below = (edge: number) => sorted.filter((v) => v < edge).length;
    return Float64Array.from({ length: bins }, (_, k) => {
      const upper = k === bins - 1 ? sorted.filter((v) => v <= max).length : below(min + (k + 1) * width);
      return (upper - below(min + k * width)) / (values.length * width);
    });
  },
];

export const wrong: Bank<Density>["wrong"] = [
  { name: "counts", message: /these are counts/, solution: counts },
  {
    name: "shares",
    message: /these are shares; divide them by the width/,
    solution: (values, options) => counts(values, options).map((c) => c / values.length),
  },
  {
    name: "divides by what is inside",
    message: /number of values inside/,
    solution: (values, options) => {
      const all = counts(values, options);
      const width = (options.max - options.min) / options.bins;
      return all.map((c) => c / (all.reduce((a, b) => a + b, 0) * width));
    },
  },
  {
    name: "clips what is outside",
    message: /outside min … max are in no bin/,
    solution: (values, { min, max, bins }) => {
      const width = (max - min) / bins;
      const result = new Array<number>(bins).fill(0);
      values.forEach((v) => result[Math.max(0, Math.min(bins - 1, Math.floor((v - min) / width)))]++);
      return result.map((c) => c / (values.length * width));
    },
  },
  {
    name: "loses the maximum",
    message: /equal to max is lost/,
    solution: (values, { min, max, bins }) => {
      const width = (max - min) / bins;
      const result = new Array<number>(bins).fill(0);
      values.forEach((v) => {
        if (v >= min && v < max) result[Math.floor((v - min) / width)]++;
      });
      return result.map((c) => c / (values.length * width));
    },
  },
  {
    name: "multiplies by the width",
    message: /you multiplied by the width/,
    solution: (values, options) =>
      counts(values, options).map((c) => ((c / values.length) * (options.max - options.min)) / options.bins),
  },
  {
    name: "height 1",
    message: /divided by the largest count/,
    solution: (values, options) => {
      const all = counts(values, options);
      return all.map((c) => c / Math.max(...all));
    },
  },
  {
    name: "forgets to return",
    message: /is a `return` missing/i,
    solution: (() => undefined) as unknown as Density,
  },
  {
    name: "divides by the width alone",
    message: /but not by the number of values/,
    solution: (values, options) =>
      counts(values, options).map((c) => (c * options.bins) / (options.max - options.min)),
  },
  {
    name: "a width of 1 / bins",
    message: /not 1 \/ bins/,
    solution: (values, options) => counts(values, options).map((c) => (c * options.bins) / values.length),
  },
  // Two mistakes together.
  {
    name: "clips, and shares",
    message: [/in no bin; you put them/, /these are shares/],
    solution: (values, { min, max, bins }) => {
      const width = (max - min) / bins;
      const result = new Array<number>(bins).fill(0);
      values.forEach((v) => result[Math.max(0, Math.min(bins - 1, Math.floor((v - min) / width)))]++);
      return result.map((c) => c / values.length);
    },
  },
  {
    name: "percent of what is inside",
    message: [/number of values inside/, /this is in percent/],
    solution: (values, options) => {
      const all = counts(values, options);
      const width = (options.max - options.min) / options.bins;
      return all.map((c) => (100 * c) / (all.reduce((a, b) => a + b, 0) * width));
    },
  },
  {
    name: "cumulative counts",
    message: [/these are counts/, /summed up the bins before/],
    solution: (values, options) => {
      let total = 0;
      return counts(values, options).map((c) => (total += c));
    },
  },
  {
    name: "loses the maximum, width alone",
    message: [/equal to max is lost/, /not by the number of values/],
    solution: (values, { min, max, bins }) => {
      const width = (max - min) / bins;
      const result = new Array<number>(bins).fill(0);
      values.forEach((v) => {
        if (v >= min && v < max) result[Math.floor((v - min) / width)] += 1 / width;
      });
      return result;
    },
  },
];
