/**
 * The matrix product under convolutions: c = a · b, four rows by eight columns at a time, of an a that lies as it comes.
 * product.ts has the one that packs and blocks both factors.
 *
 * Eight accumulators, two lane groups of b and one repeated value of a are eleven of the sixteen vector
 * registers; six rows would need all sixteen, of which V8 keeps one for itself, and spill.
 */
import { bytes, madd } from "./simd";

/** Where the sum starts: at 0 (or the bias), or at what c holds. */
export const START = 0;
export const ACCUMULATE = 1;
/** max(0, ·) on the way out. */
export const RELU = 2;

/**
 * Copies b (depth × columns, element (k, j) at b + k·rowStride + j·columnStride) into panels of eight columns:
 * panel[j / 8][k][j % 8], the last one filled up with zeros. Columns then lie side by side whatever b's layout.
 */
export function packPanels(
  b: usize,
  rowStride: usize,
  columnStride: usize,
  depth: i32,
  columns: i32,
  panels: usize,
): void {
  for (let j = 0; j < columns; j += 8) {
    const width = min(8, columns - j);
    let source = b + <usize>j * columnStride;
    if (width === 8 && columnStride === 4) {
      for (let k = 0; k < depth; k++) {
        v128.store(panels, v128.load(source));
        v128.store(panels, v128.load(source, 16), 16);
        source += rowStride;
        panels += 32;
      }
    } else {
      let k = 0;
      if (width === 8 && rowStride === 4) {
        // A transposed b: four by four values at a time.
        for (; k + 4 <= depth; k += 4) {
          transpose4(source, columnStride, panels, 32);
          transpose4(source + columnStride * 4, columnStride, panels + 16, 32);
          source += 16;
          panels += 128;
        }
      }
      for (; k < depth; k++) {
        let from = source;
        for (let i = 0; i < 8; i++) {
          store<f32>(panels + bytes(i), i < width ? load<f32>(from) : 0);
          from += columnStride;
        }
        source += rowStride;
        panels += 32;
      }
    }
  }
}

/** Four lane groups `stride` bytes apart become the four columns of four rows `row` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose4(from: usize, stride: usize, to: usize, row: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + stride * 2);
  const d = v128.load(from + stride * 3);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + row, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + row * 2, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + row * 3, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

/**
 * c (rows × columns, rows cStride bytes apart) = a · b [+ bias], where a's element (m, k) lies at
 * a + m·aRow + k·aDepth and b comes as eight-column panels, panelStride bytes apart, whose rows are bRow bytes
 * apart. b may be a plain matrix (bRow its row, panelStride 32) if columns is a multiple of 8.
 * `spare` is room for 32 values.
 */
export function multiply(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  panelStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  bias: usize,
  mode: i32,
  spare: usize,
): void {
  for (let j = 0; j < columns; j += 8) {
    const width = min(8, columns - j);
    const columnBias = bias ? bias + bytes(j) : 0;
    if (width === 8) {
      let m = 0;
      for (; m + 4 <= rows; m += 4) {
        tile4(a + <usize>m * aRow, aRow, aDepth, b, bRow, c + <usize>m * cStride + bytes(j), cStride, depth, columnBias, mode);
      }
      for (; m < rows; m++) {
        tile1(a + <usize>m * aRow, aDepth, b, bRow, c + <usize>m * cStride + bytes(j), depth, columnBias, mode);
      }
    } else {
      for (let m = 0; m < rows; m++) {
        narrowTile(a + <usize>m * aRow, aDepth, b, bRow, c + <usize>m * cStride + bytes(j), depth, columnBias, mode, width, spare);
      }
    }
    b += panelStride;
  }
}

// @ts-ignore: decorator
@inline
function finish(p: usize, low: v128, high: v128, mode: i32): void {
  if (mode & RELU) {
    low = f32x4.max(low, f32x4.splat(0));
    high = f32x4.max(high, f32x4.splat(0));
  }
  v128.store(p, low);
  v128.store(p, high, 16);
}

// @ts-ignore: decorator
@inline
function tile4(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cStride: usize,
  depth: i32,
  bias: usize,
  mode: i32,
): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  if (bias) {
    s00 = v128.load(bias);
    s01 = v128.load(bias, 16);
  }
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  if (mode & ACCUMULATE) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    x = v128.load32_splat(a + aRow);
    s10 = madd(x, b0, s10);
    s11 = madd(x, b1, s11);
    x = v128.load32_splat(a + row2);
    s20 = madd(x, b0, s20);
    s21 = madd(x, b1, s21);
    x = v128.load32_splat(a + row3);
    s30 = madd(x, b0, s30);
    s31 = madd(x, b1, s31);
    a += aDepth;
    b += bRow;
  }
  finish(c, s00, s01, mode);
  finish(c1, s10, s11, mode);
  finish(c2, s20, s21, mode);
  finish(c3, s30, s31, mode);
}

// @ts-ignore: decorator
@inline
function tile1(a: usize, aDepth: usize, b: usize, bRow: usize, c: usize, depth: i32, bias: usize, mode: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  if (bias) {
    s0 = v128.load(bias);
    s1 = v128.load(bias, 16);
  }
  if (mode & ACCUMULATE) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  for (let k = 0; k < depth; k++) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    s1 = madd(x, v128.load(b, 16), s1);
    a += aDepth;
    b += bRow;
  }
  finish(c, s0, s1, mode);
}

/** One row of a panel with fewer than eight true columns, computed in `spare` so that c's neighbours stay. */
function narrowTile(
  a: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  depth: i32,
  bias: usize,
  mode: i32,
  width: i32,
  spare: usize,
): void {
  const start = bytes(8);
  clear8(spare);
  clear8(spare + start);
  for (let i = 0; i < width; i++) {
    if (mode & ACCUMULATE) store<f32>(spare + bytes(i), load<f32>(c + bytes(i)));
    if (bias) store<f32>(spare + start + bytes(i), load<f32>(bias + bytes(i)));
  }
  tile1(a, aDepth, b, bRow, spare, depth, bias ? spare + start : 0, mode);
  for (let i = 0; i < width; i++) store<f32>(c + bytes(i), load<f32>(spare + bytes(i)));
}

// @ts-ignore: decorator
@inline
function clear8(p: usize): void {
  v128.store(p, f32x4.splat(0));
  v128.store(p, f32x4.splat(0), 16);
}
