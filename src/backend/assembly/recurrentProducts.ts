/** The matrix products of the recurrent kernels: with weights packed for all steps, and over many steps at once. */
import { ACCUMULATE, multiply, packPanels } from "./matMul";
import { DEPTH, HEIGHT, ROWS, SPARE, multiplyPanels, packRows, product, productRoom } from "./product";
import { room } from "./recurrence";
import { batch } from "./recurrentSettings";
import { bytes } from "./simd";

/** The room that `product` needs, in scratch. */
let work: usize = 0;

/** Takes it for products of up to so many rows, steps of the sums and columns. */
export function placeWork(height: i32, depth: i32, columns: i32): void {
  work = room(productRoom(height, depth, columns));
}

/** Values of a matrix as panels of eight columns. */
export function panelValues(depth: i32, columns: i32): i32 {
  return depth * ((columns + 7) & ~7);
}

/** b (depth × columns, as packPanels takes it) as `packedProduct` takes it: panels of DEPTH rows at a time. */
export function pack(b: usize, rowStride: usize, columnStride: usize, depth: i32, columns: i32, panels: usize): void {
  for (let k = 0; k < depth; k += DEPTH) {
    const count = min(DEPTH, depth - k);
    packPanels(b + <usize>k * rowStride, rowStride, columnStride, count, columns, panels);
    panels += bytes(panelValues(count, columns));
  }
}

/** c (height × columns) = a · b [+ bias] as `product`, but with b packed before; `mode` is START or ACCUMULATE. */
export function packedProduct(
  a: usize,
  panels: usize,
  c: usize,
  height: i32,
  depth: i32,
  columns: i32,
  bias: usize,
  mode: i32,
): void {
  const aPanels = work + bytes(SPARE);
  const aRow = bytes(depth);
  const cRow = bytes(columns);
  // Tiles of four rows for what tiles of six would leave half empty: the last 4 of 16, the last 8 of 32.
  const left = HEIGHT === 6 ? height % HEIGHT : 0;
  const low = left === 4 ? 4 : left === 2 && height >= 8 ? 8 : 0;
  const high = height - low;
  for (let k = 0; k < depth; k += DEPTH) {
    const count = min(DEPTH, depth - k);
    const panel = bytes(count) << 3;
    for (let m = 0; m < high; m += ROWS) {
      const part = min(ROWS, high - m);
      packRows(a + <usize>m * aRow + bytes(k), aRow, 4, part, count, aPanels);
      multiplyPanels(aPanels, panels, panel, c + <usize>m * cRow, cRow, part, count, columns, bias, mode, work);
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

/** c (width × columns, rows cRow bytes apart) [+]= aᵀ · b for a (height × width) and b (height × columns). */
export function transposedProduct(
  a: usize,
  width: i32,
  b: usize,
  columns: i32,
  height: i32,
  c: usize,
  cRow: usize,
  mode: i32,
): void {
  product(a, 4, bytes(width), b, bytes(columns), 4, c, cRow, width, height, columns, 0, mode, work);
}

/** Time steps whose rows are one block of the sums in `product`. */
export function stepsInBlock(): i32 {
  return max(1, DEPTH / batch);
}
