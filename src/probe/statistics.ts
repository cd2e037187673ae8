/** What the figures of distributions show of a network's values: one number for a layer or a unit. */
import type { Tensor } from "../tensor";
import { refuse } from "../tensor/validate";
import type { Activation } from "./activations";
import type { Network } from "./network";
import type { LayerGradient } from "./pass";

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
