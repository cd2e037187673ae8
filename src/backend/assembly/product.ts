/**
 * c = a · b for matrices of any layout, blocked for the caches: both factors are first copied into panels, b's of eight
 * columns and a's of HEIGHT rows, in which each step of the sum lies beside the next. What the innermost loop reads then
 * comes from the nearest cache, whatever the strides were.
 */
import { ACCUMULATE, RELU, packPanels, transpose4 } from "./matMul";
import { bytes, madd } from "./simd";

/**
 * Rows of a tile. A processor that starts two additions a cycle, each of which takes four, is busy with eight sums or
 * more, better twelve. With two lane groups of b and one repeated value of a twelve fill the registers but for the one
 * that V8 keeps for itself; where the product needs a register of its own, only eight fit.
 */
export const HEIGHT: i32 = isDefined(FMA) ? 6 : 4;
/** Steps of the sum in one block: a panel of b, 8 KiB, stays in the first cache while all rows of a pass by. */
export const DEPTH: i32 = 256;
/** Rows of a in one block: its panels, 120 KiB, stay in the second cache while all panels of b pass by. */
export const ROWS: i32 = 120;
/** The room for a tile that sticks out of c, and for eight values of the bias. */
export const SPARE: i32 = HEIGHT * 8 + 8;

/** The room that `product` needs, in float32 values. */
export function productRoom(rows: i32, depth: i32, columns: i32): i32 {
  return SPARE + min(DEPTH, depth) * (whole(min(ROWS, rows)) + columns + 7);
}

/** Rows, filled up to a multiple of HEIGHT. */
// @ts-ignore: decorator
@inline
export function whole(rows: i32): i32 {
  return (rows + (HEIGHT - 1)) / HEIGHT * HEIGHT;
}

/**
 * c (rows × columns, rows cRow bytes apart) = a · b [+ bias]; element (m, k) of a lies at a + m·aRow + k·aDepth and
 * element (k, j) of b at b + k·bRow + j·bColumn. `mode` is multiply's; `room` is productRoom's.
 */
export function product(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  bias: usize,
  mode: i32,
  room: usize,
): void {
  const aPanels = room + bytes(SPARE);
  const bPanels = aPanels + bytes(min(DEPTH, depth) * whole(min(ROWS, rows)));
  let k = 0;
  do {
    const steps = min(DEPTH, depth - k);
    let part = k === 0 ? mode & ACCUMULATE : ACCUMULATE;
    if (k + steps === depth) part |= mode & RELU;
    packPanels(b + <usize>k * bRow, bRow, bColumn, steps, columns, bPanels);
    for (let m = 0; m < rows; m += ROWS) {
      const count = min(ROWS, rows - m);
      packRows(a + <usize>m * aRow + <usize>k * aDepth, aRow, aDepth, count, steps, aPanels);
      const to = c + <usize>m * cRow;
      multiplyPanels(aPanels, bPanels, bytes(steps * 8), to, cRow, count, steps, columns, k === 0 ? bias : 0, part, room);
    }
    k += steps;
  } while (k < depth);
}

/** Copies a (rows × depth) into panels of HEIGHT rows, panel[m / HEIGHT][k][m % HEIGHT], the last filled up with zeros. */
export function packRows(a: usize, aRow: usize, aDepth: usize, rows: i32, depth: i32, panels: usize): void {
  const step = bytes(HEIGHT);
  for (let m = 0; m < rows; m += HEIGHT) {
    const height = min(HEIGHT, rows - m);
    let from = a + <usize>m * aRow;
    let k = 0;
    if (height === HEIGHT && aDepth === 4) {
      for (; k + 4 <= depth; k += 4) {
        transpose4(from, aRow, panels, step);
        if (HEIGHT === 6) transpose2(from + aRow * 4, aRow, panels + 16, step);
        from += 16;
        panels += step * 4;
      }
    } else if (height === HEIGHT && aRow === 4) {
      for (; k < depth; k++) {
        v128.store(panels, v128.load(from));
        if (HEIGHT === 6) store<u64>(panels, load<u64>(from, 16), 16);
        from += aDepth;
        panels += step;
      }
    }
    for (; k < depth; k++) {
      for (let i = 0; i < HEIGHT; i++) {
        store<f32>(panels + bytes(i), i < height ? load<f32>(from + <usize>i * aRow) : 0);
      }
      from += aDepth;
      panels += step;
    }
  }
}

/** Two lane groups `stride` bytes apart become the two columns of four rows `row` bytes apart. */
// @ts-ignore: decorator
@inline
function transpose2(from: usize, stride: usize, to: usize, row: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  v128.store_lane<i64>(to, ab, 0);
  v128.store_lane<i64>(to + row, ab, 1);
  v128.store_lane<i64>(to + row * 2, ab2, 0);
  v128.store_lane<i64>(to + row * 3, ab2, 1);
}

/**
 * c [+]= a · b [+ bias] of panels, b's `bPanel` bytes apart; a tile that sticks out of c is computed in `spare`, SPARE
 * values.
 */
export function multiplyPanels(
  a: usize,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  bias: usize,
  mode: i32,
  spare: usize,
): void {
  const aPanel = bytes(depth) * HEIGHT;
  for (let j = 0; j < columns; j += 8) {
    const width = min(8, columns - j);
    let tileBias = bias ? bias + bytes(j) : 0;
    if (width < 8 && bias) {
      tileBias = spare + bytes(HEIGHT * 8);
      copyTile(bias + bytes(j), 0, tileBias, 0, 1, width);
    }
    let panel = a;
    let to = c + bytes(j);
    for (let m = 0; m < rows; m += HEIGHT) {
      const height = min(HEIGHT, rows - m);
      if (width === 8 && height === HEIGHT) {
        if (!(mode & ACCUMULATE)) start(to, cRow, tileBias);
        tile(panel, b, to, cRow, depth);
        if (mode & RELU) relu(to, cRow);
      } else {
        if (mode & ACCUMULATE) copyTile(to, cRow, spare, 32, height, width);
        else start(spare, 32, tileBias);
        tile(panel, b, spare, 32, depth);
        if (mode & RELU) relu(spare, 32);
        copyTile(spare, 32, to, cRow, height, width);
      }
      panel += aPanel;
      to += cRow * HEIGHT;
    }
    b += bPanel;
  }
}

function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, height: i32, width: i32): void {
  for (let m = 0; m < height; m++) {
    if (width === 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else {
      for (let i = 0; i < width; i++) store<f32>(to + bytes(i), load<f32>(from + bytes(i)));
    }
    from += fromRow;
    to += toRow;
  }
}

/** What a tile of c starts with: the bias, or 0. */
// @ts-ignore: decorator
@inline
function start(c: usize, cRow: usize, bias: usize): void {
  const low = bias ? v128.load(bias) : f32x4.splat(0);
  const high = bias ? v128.load(bias, 16) : f32x4.splat(0);
  for (let m = 0; m < HEIGHT; m++) {
    v128.store(c, low);
    v128.store(c, high, 16);
    c += cRow;
  }
}

// @ts-ignore: decorator
@inline
function relu(c: usize, cRow: usize): void {
  const zero = f32x4.splat(0);
  for (let m = 0; m < HEIGHT; m++) {
    v128.store(c, f32x4.max(v128.load(c), zero));
    v128.store(c, f32x4.max(v128.load(c, 16), zero), 16);
    c += cRow;
  }
}

/**
 * c += a · b for one tile. A function of its own without branches, exported so that it stays one: V8 then keeps all sums
 * in registers, and not if they come to the loop by several ways.
 */
export function tile(a: usize, b: usize, c: usize, cRow: usize, depth: i32): void {
  const c1 = c + cRow;
  const c2 = c + cRow * 2;
  const c3 = c + cRow * 3;
  const c4 = c + cRow * 4;
  const c5 = c + cRow * 5;
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  let s10 = v128.load(c1);
  let s11 = v128.load(c1, 16);
  let s20 = v128.load(c2);
  let s21 = v128.load(c2, 16);
  let s30 = v128.load(c3);
  let s31 = v128.load(c3, 16);
  let s40 = HEIGHT === 6 ? v128.load(c4) : f32x4.splat(0);
  let s41 = HEIGHT === 6 ? v128.load(c4, 16) : f32x4.splat(0);
  let s50 = HEIGHT === 6 ? v128.load(c5) : f32x4.splat(0);
  let s51 = HEIGHT === 6 ? v128.load(c5, 16) : f32x4.splat(0);
  const end = b + bytes(depth) * 8;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    x = v128.load32_splat(a, 4);
    s10 = madd(x, b0, s10);
    s11 = madd(x, b1, s11);
    x = v128.load32_splat(a, 8);
    s20 = madd(x, b0, s20);
    s21 = madd(x, b1, s21);
    x = v128.load32_splat(a, 12);
    s30 = madd(x, b0, s30);
    s31 = madd(x, b1, s31);
    if (HEIGHT === 6) {
      x = v128.load32_splat(a, 16);
      s40 = madd(x, b0, s40);
      s41 = madd(x, b1, s41);
      x = v128.load32_splat(a, 20);
      s50 = madd(x, b0, s50);
      s51 = madd(x, b1, s51);
    }
    a += bytes(HEIGHT);
    b += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  if (HEIGHT === 6) {
    v128.store(c4, s40);
    v128.store(c4, s41, 16);
    v128.store(c5, s50);
    v128.store(c5, s51, 16);
  }
}
