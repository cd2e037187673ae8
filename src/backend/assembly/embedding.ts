/** Rows of a table by their numbers, and the gradient of that: a sum into the rows that were taken. */
import { bytes, clear } from "./simd";

/**
 * y[n] = table[indices[n]]. A number that names no row gives NaN, which is seen; the first such position is answered,
 * or −1.
 */
export function gatherRows(table: usize, indices: usize, y: usize, count: i32, rows: i32, width: i32): i32 {
  const row = bytes(width);
  let wrong = -1;
  for (let n = 0; n < count; n++) {
    const index = load<i32>(indices + bytes(n));
    if (<u32>index < <u32>rows) {
      copyRow(table + <usize>index * row, y, row);
    } else {
      for (let i: usize = 0; i < row; i += 4) store<f32>(y + i, NaN);
      if (wrong < 0) wrong = n;
    }
    y += row;
  }
  return wrong;
}

// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize, row: usize): void {
  const groups = row & ~15;
  let i: usize = 0;
  for (; i < groups; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < row; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** dTable[r] = Σ dy[n] over the positions with indices[n] = r. */
export function scatterRows(dy: usize, indices: usize, dTable: usize, count: i32, rows: i32, width: i32): void {
  const row = bytes(width);
  const groups = row & ~15;
  clear(dTable, rows * width);
  for (let n = 0; n < count; n++) {
    const index = load<i32>(indices + bytes(n));
    if (<u32>index < <u32>rows) {
      const to = dTable + <usize>index * row;
      let i: usize = 0;
      for (; i < groups; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(dy + i)));
      for (; i < row; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(dy + i));
    }
    dy += row;
  }
}
