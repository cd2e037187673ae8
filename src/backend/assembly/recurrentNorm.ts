/**
 * The normalization of the recurrent kernels' sums: layer norm, with each row's mean and variance kept, or batch norm, with
 * each step's for every column. Of one step's rows or of all steps'.
 */
import { normalizeColumns, normalizeColumnsGradient } from "./normalizeColumns";
import { normalizeRows, normalizeRowsGradient } from "./normalizeRows";
import { addTo, room } from "./recurrence";
import { bytes, clear } from "./simd";

/** The kinds of normalization by number; wasm/recurrent.ts has their names. 0 is none. */
const BATCH_NORM = 2;

/** The means of a sum, then its variances. */
export function statisticsValues(kind: i32, batch: i32, steps: i32, width: i32): i32 {
  return 2 * steps * (kind === BATCH_NORM ? width : batch);
}

let isBatch: bool = false;
let batchRows: i32 = 0;
// In scratch: zeros for what there is none of, the gradients of γ and β of some rows, and the columns' own scratch.
let zeros: usize = 0;
let zeroValues: i32 = 0;
let dGain: usize = 0;
let dOffset: usize = 0;
let columns: usize = 0;

/** Takes room for sums of up to so many columns. */
export function placeNorm(kind: i32, batch: i32, steps: i32, width: i32): void {
  isBatch = kind === BATCH_NORM;
  batchRows = batch;
  zeroValues = max(statisticsValues(kind, batch, steps, width) >> 1, width);
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
 * y = γ · (x − mean) / √(variance + ε) + β for `count` rows, the first of which is number `first` of all `rows`;
 * `statistics` are those of all. 0 in place of β says that there is none.
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
  const offset = beta ? beta : zeros;
  const mean = meanOf(statistics, first, width);
  const variance = varianceOf(mean, rows, width);
  if (isBatch) {
    const steps = count / batchRows;
    normalizeColumns(x, gamma, offset, y, mean, variance, steps, batchRows, width, 1, 1, epsilon, columns);
  } else {
    normalizeRows(x, gamma, offset, y, mean, variance, count, width, 1, epsilon);
  }
}

/** y += γ · (x − mean) / √(variance + ε) for the rows of a step; `spare` is room for them. */
export function addNormalized(
  x: usize,
  gamma: usize,
  y: usize,
  statistics: usize,
  first: i32,
  rows: i32,
  width: i32,
  epsilon: f32,
  spare: usize,
): void {
  if (isBatch) {
    normalizeSums(x, gamma, 0, spare, statistics, first, batchRows, rows, width, epsilon);
    addTo(y, spare, batchRows * width);
    return;
  }
  // What is there is added as β is, a row at a time.
  for (let n = 0; n < batchRows; n++) {
    const at = <usize>n * bytes(width);
    normalizeSums(x + at, gamma, y + at, y + at, statistics, first + n, 1, rows, width, epsilon);
  }
}

/** Where the means of the rows from number `first` on lie. */
// @ts-ignore: decorator
@inline
function meanOf(statistics: usize, first: i32, width: i32): usize {
  return statistics + bytes(isBatch ? (first / batchRows) * width : first);
}

/** Where their variances lie. */
// @ts-ignore: decorator
@inline
function varianceOf(mean: usize, rows: i32, width: i32): usize {
  return mean + bytes(isBatch ? (rows / batchRows) * width : rows);
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
  const mean = meanOf(statistics, first, width);
  const variance = varianceOf(mean, rows, width);
  if (isBatch) {
    const steps = count / batchRows;
    normalizeColumnsGradient(
      x, dy, gamma, mean, variance, zeros, zeros, dx, dGain, dOffset, steps, batchRows, width, 1, 1, epsilon, columns,
    );
  } else {
    normalizeRowsGradient(x, dy, gamma, mean, variance, zeros, zeros, dx, dGain, dOffset, count, width, 1, epsilon);
  }
  addTo(dGamma, dGain, width);
  if (dBeta) addTo(dBeta, dOffset, width);
}
