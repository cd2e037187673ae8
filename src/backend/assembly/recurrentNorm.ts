/**
 * The normalization of the recurrent kernels' sums: layer norm, with each row's mean and variance kept, or batch norm,
 * with each step's for every column. Of one step's rows or of all steps'.
 */
import { normalizeColumns, normalizeColumnsGradient } from "./normalizeColumns";
import { normalizeRows, normalizeRowsGradient } from "./normalizeRows";
import { addTo, room } from "./recurrence";
import { batch, epsilon, norm, steps } from "./recurrentSettings";
import { bytes, clear } from "./simd";

const BATCH_NORM = 2;

/** The means of a sum, then its variances. */
export function statisticsValues(width: i32): i32 {
  return 2 * steps * (norm === BATCH_NORM ? width : batch);
}

// In scratch: zeros for what there is none of, the gradients of γ and β of some rows, and the columns' own scratch.
let zeros: usize = 0;
let zeroValues: i32 = 0;
let dGain: usize = 0;
let dOffset: usize = 0;
let columns: usize = 0;

/** Takes room for sums of up to so many columns. */
export function placeNorm(width: i32): void {
  zeroValues = max(statisticsValues(width) >> 1, width);
  zeros = room(zeroValues);
  dGain = room(width);
  dOffset = room(width);
  columns = room(4 * width);
}

/** To be called before the others, when the room is there. */
export function startNorm(): void {
  clear(zeros, zeroValues);
}

/**
 * y = γ · (x − mean) / √(variance + ε) + β for the rows of `count` steps from number `step` on; `statistics` are those
 * of all. 0 in place of β says that there is none.
 */
export function normalizeSums(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  statistics: usize,
  step: i32,
  count: i32,
  width: i32,
): void {
  const offset = beta ? beta : zeros;
  const mean = meanOf(statistics, step, width);
  const variance = varianceOf(mean, width);
  if (norm === BATCH_NORM) {
    normalizeColumns(x, gamma, offset, y, mean, variance, count, batch, width, 1, 1, epsilon, columns);
  } else {
    normalizeRows(x, gamma, offset, y, mean, variance, count * batch, width, 1, epsilon);
  }
}

/** y += γ · (x − mean) / √(variance + ε) for the rows of a step; `spare` is room for them. */
export function addNormalized(
  x: usize,
  gamma: usize,
  y: usize,
  statistics: usize,
  step: i32,
  width: i32,
  spare: usize,
): void {
  if (norm === BATCH_NORM) {
    normalizeSums(x, gamma, 0, spare, statistics, step, 1, width);
    addTo(y, spare, batch * width);
    return;
  }
  // What is there is added as β is, a row at a time.
  const mean = meanOf(statistics, step, width);
  const variance = varianceOf(mean, width);
  for (let n = 0; n < batch; n++) {
    const to = y + bytes(n * width);
    normalizeRows(x + bytes(n * width), gamma, to, to, mean + bytes(n), variance + bytes(n), 1, width, 1, epsilon);
  }
}

/** Where the means of the rows from a step on lie. */
// @ts-ignore: decorator
@inline
function meanOf(statistics: usize, step: i32, width: i32): usize {
  return statistics + bytes(step * (norm === BATCH_NORM ? width : batch));
}

/** Where their variances lie. */
// @ts-ignore: decorator
@inline
function varianceOf(mean: usize, width: i32): usize {
  return mean + bytes(statisticsValues(width) >> 1);
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
  step: i32,
  count: i32,
  width: i32,
): void {
  const mean = meanOf(statistics, step, width);
  const variance = varianceOf(mean, width);
  if (norm === BATCH_NORM) {
    normalizeColumnsGradient(
      x, dy, gamma, mean, variance, zeros, zeros, dx, dGain, dOffset, count, batch, width, 1, 1, epsilon, columns,
    );
  } else {
    const height = count * batch;
    normalizeRowsGradient(x, dy, gamma, mean, variance, zeros, zeros, dx, dGain, dOffset, height, width, 1, epsilon);
  }
  addTo(dGamma, dGain, width);
  if (dBeta) addTo(dBeta, dOffset, width);
}
