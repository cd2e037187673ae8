/** Layer norm of the recurrent kernels' sums: of one step's rows or of all steps', with each row's mean and variance kept. */
import { normalizeRows, normalizeRowsGradient } from "./normalizeRows";
import { addTo, room } from "./recurrence";
import { bytes, clear } from "./simd";

// In scratch: zeros for what there is none of, and the gradients of γ and β of some rows.
let zeros: usize = 0;
let dGain: usize = 0;
let dOffset: usize = 0;
let zeroValues: i32 = 0;

/** Takes room for sums of up to so many rows and columns. */
export function placeNorm(rows: i32, width: i32): void {
  zeroValues = max(rows, width);
  zeros = room(zeroValues);
  dGain = room(width);
  dOffset = room(width);
}

/** To be called before the others, when the room is there. */
export function startNorm(): void {
  clear(zeros, zeroValues);
}

/**
 * y = LN(x; γ, β) of `count` rows, the first of which is number `first` of all `rows`; `statistics` are the means of them
 * all, then the variances. 0 in place of β says that there is none.
 */
export function normalizeSums(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  statistics: usize,
  first: i32,
  count: i32,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const mean = statistics + bytes(first);
  normalizeRows(x, gamma, beta ? beta : zeros, y, mean, mean + bytes(rows), count, width, 1, epsilon);
}

/** Its gradient. That of γ, and of β unless it is 0, is added to what is there; dx may be dy. */
export function normalizeSumsGradient(
  x: usize,
  dy: usize,
  gamma: usize,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  statistics: usize,
  first: i32,
  count: i32,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const mean = statistics + bytes(first);
  const variance = mean + bytes(rows);
  normalizeRowsGradient(x, dy, gamma, mean, variance, zeros, zeros, dx, dGain, dOffset, count, width, 1, epsilon);
  addTo(dGamma, dGain, width);
  if (dBeta) addTo(dBeta, dOffset, width);
}
