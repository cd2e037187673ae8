/** Many numbers in few: moments, percentiles, histograms. One rule for each, for lessons, figures and tests. */
import { checkFinite, checkOptions, checkPositiveInteger, type OptionChecks, refuse } from "./validate";

/** Refuses an empty list: it has no mean, no middle and no share of anything. */
function checkNotEmpty(values: ArrayLike<number>): void {
  if (values.length === 0) refuse("values", [], "at least one value");
}

/** μ = Σx/n and σ = √(Σ(x − μ)²/n), the biased standard deviation, in two passes. */
export function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  checkNotEmpty(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/**
 * The p-th percentile, p in 0 … 100: the value at place p/100 · (n − 1) of the sorted values, counted from 0,
 * interpolated linearly between neighbours (NumPy's default).
 */
export function percentile(values: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 100)) refuse("p", p, "a number from 0 to 100");
  checkNotEmpty(values);
  const sorted = Float64Array.from(values).sort();
  const place = (p / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  return percentile(values, 50);
}

export interface BinOptions {
  /** First and last edge. */
  min: number;
  max: number;
  /** Number of bins, all of width (max − min) / bins. */
  bins: number;
}

const binOptions: OptionChecks<BinOptions> = {
  min: { required: checkFinite },
  max: { required: checkFinite },
  bins: { required: checkPositiveInteger },
};

/**
 * Number of values in each bin: bin k covers min + k · width ≤ value < min + (k + 1) · width, the last bin
 * includes max. A value outside min … max, or NaN, is in no bin.
 */
export function binCounts(values: ArrayLike<number>, options: BinOptions): number[] {
  checkOptions("binCounts", options, binOptions);
  const { min, max, bins } = options;
  if (max <= min) refuse("max", max, `greater than min, which is ${min}`);
  checkNotEmpty(values);
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= min && value <= max)) continue;
    counts[Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins))]++;
  }
  return counts;
}

export interface Density {
  /** The middle of each bin. */
  centers: number[];
  /** Share of all values in the bin, divided by the bin's width; Σ density · width = 1 − outside. */
  density: number[];
  /** Share of the values below min or above max. */
  outside: number;
}

/** density_k = (number of values in bin k) / (number of values · bin width), with the bins of {@link binCounts}. */
export function densityOf(values: ArrayLike<number>, options: BinOptions): Density {
  checkOptions("densityOf", options, binOptions);
  const counts = binCounts(values, options);
  const { min, max, bins } = options;
  const width = (max - min) / bins;
  const inside = counts.reduce((a, b) => a + b, 0);
  return {
    centers: counts.map((_, k) => min + (k + 0.5) * width),
    density: counts.map((count) => count / (values.length * width)),
    outside: 1 - inside / values.length,
  };
}
