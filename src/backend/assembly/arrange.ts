/** Values put in other places, or picked: transposed matrices, and a choice between two tensors. */
import { transpose4 } from "./matMul";
import { bytes } from "./simd";

/** Columns of x in a block: what a row of it has in one line of the cache. */
const COLUMNS: i32 = 16;

/** y[n, j, i] = x[n, i, j] for `count` matrices of rows × columns. */
export function transposeMatrices(x: usize, y: usize, count: i32, rows: i32, columns: i32): void {
  const row = bytes(columns);
  const column = bytes(rows);
  for (let n = 0; n < count; n++) {
    for (let j0 = 0; j0 < columns; j0 += COLUMNS) {
      const end = min(j0 + COLUMNS, columns);
      let i = 0;
      for (; i + 4 <= rows; i += 4) {
        const from = x + <usize>i * row;
        const to = y + bytes(i);
        let j = j0;
        for (; j + 4 <= end; j += 4) transpose4(from + bytes(j), row, to + <usize>j * column, column);
        for (; j < end; j++) {
          for (let k = 0; k < 4; k++) {
            store<f32>(to + <usize>j * column + bytes(k), load<f32>(from + <usize>k * row + bytes(j)));
          }
        }
      }
      for (; i < rows; i++) {
        for (let j = j0; j < end; j++) {
          store<f32>(y + <usize>j * column + bytes(i), load<f32>(x + <usize>i * row + bytes(j)));
        }
      }
    }
    x += row * <usize>rows;
    y += row * <usize>rows;
  }
}

/** y[n, j, i] = x[n, i, j] where each element is a row of `width` values. */
export function transposeRows(x: usize, y: usize, count: i32, rows: i32, columns: i32, width: i32): void {
  const element = bytes(width);
  const groups = element & ~15;
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < columns; j++) {
      let from = x + <usize>j * element;
      for (let i = 0; i < rows; i++) {
        let c: usize = 0;
        for (; c < groups; c += 16) v128.store(y + c, v128.load(from + c));
        for (; c < element; c += 4) store<f32>(y + c, load<f32>(from + c));
        from += <usize>columns * element;
        y += element;
      }
    }
    x += <usize>rows * <usize>columns * element;
  }
}

/** y = a where the condition's byte is not 0, else b. */
export function choose(condition: usize, a: usize, b: usize, y: usize, n: i32): void {
  const end = bytes(n);
  const groups = end & ~15;
  let i: usize = 0;
  for (; i < groups; i += 16) {
    const flags = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    const isNot = i32x4.eq(flags, i32x4.splat(0));
    v128.store(y + i, v128.bitselect(v128.load(b + i), v128.load(a + i), isNot));
    condition += 4;
  }
  for (; i < end; i += 4) {
    store<f32>(y + i, load<u8>(condition) !== 0 ? load<f32>(a + i) : load<f32>(b + i));
    condition += 1;
  }
}
