/** Many numbers in few: what the figures of distributions show. */
import type { Tensor } from "../tensor";
import { checkFinite, checkPositiveInteger, refuse } from "../tensor/validate";
import type { Activation } from "./activations";
import type { Network } from "./network";
import type { LayerGradient } from "./pass";

export interface HistogramOptions {
  /** First and last edge. */
  min: number;
  max: number;
  /** Number of bins, all of width (max − min) / bins. */
  bins: number;
}

export interface Density {
  /** The middle of each bin. */
  centers: number[];
  /** Share of all values in the bin, divided by the bin's width; Σ density · width = 1 − outside. */
  density: number[];
  /** Share of the values below min or above max. */
  outside: number;
}

/**
 * density_k = (number of values in bin k) / (number of values · bin width).
 *
 * Bin k covers min + k · width ≤ value < min + (k + 1) · width; the last bin includes max.
 */
export function densityOf(values: ArrayLike<number>, { min, max, bins }: HistogramOptions): Density {
  checkPositiveInteger("bins", bins);
  checkFinite("min", min);
  if (checkFinite("max", max) <= min) refuse("max", max, `greater than min, which is ${min}`);
  if (values.length === 0) refuse("values", [], "at least one value");
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  let inside = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= min && value <= max)) continue;
    counts[Math.min(bins - 1, Math.floor((value - min) / width))]++;
    inside++;
  }
  return {
    centers: counts.map((_, k) => min + (k + 0.5) * width),
    density: counts.map((count) => count / (values.length * width)),
    outside: 1 - inside / values.length,
  };
}

/**
 * Share of saturated values in h = φ(u), in 0 … 1: those where |tanh| > limit, or for the sigmoid,
 * which is (1 + tanh(u/2)) / 2, where |2h − 1| > limit. There φ′ is below 1 − limit² of its largest value.
 */
export function saturatedShare(h: Tensor, activation: Activation, limit = 0.97): number {
  if (activation !== "tanh" && activation !== "sigmoid") {
    refuse("activation", activation, "tanh or sigmoid; the others have no flat ends on both sides");
  }
  const centered = activation === "sigmoid" ? (value: number) => 2 * value - 1 : (value: number) => value;
  return h.data.reduce((count, value) => count + (Math.abs(centered(value)) > limit ? 1 : 0), 0) / h.size;
}

/** Share of dead units in h (N, units), in 0 … 1: units that are 0 for every one of the N samples. */
export function deadShare(h: Tensor): number {
  const [n, units] = h.shape;
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let alive = false;
    for (let i = 0; i < n && !alive; i++) alive = h.data[i * units + unit] !== 0;
    if (!alive) dead++;
  }
  return dead / units;
}

/**
 * Mean cosine between the rows of h (N, units), over all pairs of different rows: 1 when all samples look the
 * same to the next layer (but for their length), 0 when they have nothing in common.
 */
export function meanCosine(h: Tensor): number {
  const [n, units] = h.shape;
  if (n < 2) refuse("h", h, "of at least two rows");
  // With rows scaled to length 1, Σ over all pairs of their products is ‖Σ rows‖²; n of them are 1.
  const sum = new Float64Array(units);
  for (let i = 0; i < n; i++) {
    const row = h.data.subarray(i * units, (i + 1) * units);
    const length = Math.sqrt(row.reduce((total, value) => total + value * value, 0));
    if (length > 0) row.forEach((value, j) => (sum[j] += value / length));
  }
  return (sum.reduce((total, value) => total + value * value, 0) - n) / (n * (n - 1));
}

/** ‖x‖ = √Σx², over all elements. */
export function normOf(x: Tensor): number {
  return Math.sqrt(x.data.reduce((sum, value) => sum + value * value, 0));
}

/**
 * The p-th percentile, p in 0 … 100: the value at place p/100 · (n − 1) of the sorted values, counted from 0,
 * interpolated linearly between neighbours (NumPy's default).
 */
export function percentile(values: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 100)) refuse("p", p, "a number from 0 to 100");
  if (values.length === 0) refuse("values", [], "at least one value");
  const sorted = Float64Array.from(values).sort();
  const place = (p / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** One unit's values over the batch: column `unit` of (N, units). */
export function unitValues(values: Tensor, unit: number): Float64Array {
  const [n, units] = values.shape;
  if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
    refuse("unit", unit, `a whole number from 0 to ${units - 1}`);
  }
  return Float64Array.from({ length: n }, (_, i) => values.data[i * units + unit]);
}

/** ‖learningRate · dW‖ / ‖W‖ of each layer's weights: how far one step of gradient descent moves them. */
export function updateRatios(
  network: Network,
  gradients: readonly LayerGradient[],
  learningRate: number,
): number[] {
  return network.layers.map(
    ({ weights }, l) => (learningRate * normOf(gradients[l].weights)) / normOf(weights),
  );
}
