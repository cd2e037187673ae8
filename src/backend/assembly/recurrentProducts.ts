/** The matrix products of the recurrent kernels: with the weights packed once for all steps, and over all steps at once. */
import { ACCUMULATE, START, multiply, packPanels } from "./matMul";
import { DEPTH, HEIGHT, ROWS, SPARE, multiplyPanels, packRows, product, productRoom } from "./product";
import { fromSteps, room, startRoom } from "./recurrence";
import { bytes } from "./simd";

/** Values of a matrix as panels of eight columns. */
export function panelValues(depth: i32, columns: i32): i32 {
  return depth * ((columns + 7) & ~7);
}

/** b (depth × columns, as packPanels takes it) as `packedProduct` takes it: panels of DEPTH rows at a time. */
export function pack(
  b: usize,
  rowStride: usize,
  columnStride: usize,
  depth: i32,
  columns: i32,
  panels: usize,
): void {
  for (let k = 0; k < depth; k += DEPTH) {
    const count = min(DEPTH, depth - k);
    packPanels(b + <usize>k * rowStride, rowStride, columnStride, count, columns, panels);
    panels += bytes(panelValues(count, columns));
  }
}

/**
 * c (rows × columns, rows cWidth values long) = a · b [+ bias] as `product`, but with b packed once, for all steps; `mode` is
 * START or ACCUMULATE, `work` productRoom's.
 */
export function packedProduct(
  a: usize,
  panels: usize,
  c: usize,
  cWidth: i32,
  rows: i32,
  depth: i32,
  columns: i32,
  bias: usize,
  mode: i32,
  work: usize,
): void {
  const aPanels = work + bytes(SPARE);
  const aRow = bytes(depth);
  const cRow = bytes(cWidth);
  // Tiles of four rows for what tiles of six would leave half empty: the last 4 of 16, the last 8 of 32.
  const left = HEIGHT === 6 ? rows % HEIGHT : 0;
  const low = left === 4 ? 4 : left === 2 && rows >= 8 ? 8 : 0;
  const high = rows - low;
  for (let k = 0; k < depth; k += DEPTH) {
    const count = min(DEPTH, depth - k);
    const panel = bytes(count) << 3;
    for (let m = 0; m < high; m += ROWS) {
      const height = min(ROWS, high - m);
      packRows(a + <usize>m * aRow + bytes(k), aRow, 4, height, count, aPanels);
      multiplyPanels(aPanels, panels, panel, c + <usize>m * cRow, cRow, height, count, columns, bias, mode, work);
    }
    if (low) {
      const from = a + <usize>high * aRow + bytes(k);
      const to = c + <usize>high * cRow;
      multiply(from, aRow, 4, panels, 32, panel, to, cRow, low, count, columns, bias, mode, work);
    }
    panels += bytes(panelValues(count, columns));
    bias = 0;
    mode = ACCUMULATE;
  }
}

/**
 * c (width × columns, rows cWidth values long) = aᵀ · b for a (rows × width) and b (rows × columns): a weight's gradient,
 * from all steps at once or, with ACCUMULATE as `mode`, from some more.
 */
export function transposedProduct(
  a: usize,
  width: i32,
  b: usize,
  columns: i32,
  rows: i32,
  c: usize,
  cWidth: i32,
  mode: i32,
  work: usize,
): void {
  product(a, 4, bytes(width), b, bytes(columns), 4, c, bytes(cWidth), width, rows, columns, 0, mode, work);
}

/** Time steps whose rows are one block of the sums in `product`. */
export function stepsInBlock(batch: i32): i32 {
  return max(1, DEPTH / batch);
}

/**
 * The same for a the states before each step, or what was made of them: unless there was a state to start with (`started`)
 * the first step's are 0 and add nothing.
 */
export function stateProduct(
  a: usize,
  width: i32,
  b: usize,
  columns: i32,
  batch: i32,
  steps: i32,
  started: i32,
  c: usize,
  cWidth: i32,
  work: usize,
): void {
  const first = started ? 0 : batch;
  const rows = batch * steps - first;
  transposedProduct(a + bytes(first * width), width, b + bytes(first * columns), columns, rows, c, cWidth, START, work);
}

/**
 * dx [batch, steps, inputs] from the gradients of the gates' sums [steps, batch, gates · units], which lie in one or two
 * blocks of `first` and `second` columns, and the kernel [inputs, first + second].
 */
export function recurrentInputGradient(
  dGates: usize,
  kernel: usize,
  dx: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  first: i32,
  second: i32,
  backwards: i32,
): void {
  startRoom(scratch);
  const rows = batch * steps;
  const most = max(first, second);
  const work = room(productRoom(rows, most, inputs));
  const byStep = room(rows * inputs);
  const panels = room(panelValues(most, inputs));
  const width = bytes(first + second);
  pack(kernel, 4, width, first, inputs, panels);
  packedProduct(dGates, panels, byStep, inputs, rows, first, inputs, 0, START, work);
  if (second > 0) {
    pack(kernel + bytes(first), 4, width, second, inputs, panels);
    packedProduct(dGates + bytes(rows * first), panels, byStep, inputs, rows, second, inputs, 0, ACCUMULATE, work);
  }
  fromSteps(byStep, dx, batch, steps, inputs, backwards);
}

/** The values of scratch room that `recurrentInputGradient` needs. */
export function recurrentInputGradientScratch(batch: i32, steps: i32, inputs: i32, first: i32, second: i32): i32 {
  const rows = batch * steps;
  const most = max(first, second);
  return productRoom(rows, most, inputs) + rows * inputs + panelValues(most, inputs);
}
