/** Passes over whole tensors: the gradient of ReLU, sums over rows (bias gradients). */
import { bytes, clear } from "./simd";

/** dx = dy where y > 0, else 0 */
export function reluGradient(y: usize, dy: usize, dx: usize, n: i32): void {
  const end = y + bytes(n);
  const groups = end - 15;
  const zero = f32x4.splat(0);
  while (y < groups) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
    y += 16;
    dy += 16;
    dx += 16;
  }
  while (y < end) {
    store<f32>(dx, load<f32>(y) > 0 ? load<f32>(dy) : 0);
    y += 4;
    dy += 4;
    dx += 4;
  }
}

/**
 * Rows summed before their sum joins the total: keeps both the rounding error and the cache traffic low. They are
 * taken in pairs, so that one addition need not wait for another.
 */
export const ROWS: i32 = 64;

/** sums[c] = Σ_m x[m, c] */
export function sumRows(x: usize, sums: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  clear(sums, columns);
  for (let m = 0; m < rows; m += ROWS) {
    const count = min(ROWS, rows - m);
    const pairs = count >> 1;
    const block = x + <usize>m * row;
    let c: usize = 0;
    // A line of the cache at a time: where rows are 2,048 bytes long, it is gone when its next lane group is wanted.
    for (; c + 64 <= row; c += 64) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let o0 = s0;
      let o1 = s0;
      let o2 = s0;
      let o3 = s0;
      let p = block + c;
      for (let i = 0; i < pairs; i++) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
        p += row;
        o0 = f32x4.add(o0, v128.load(p));
        o1 = f32x4.add(o1, v128.load(p, 16));
        o2 = f32x4.add(o2, v128.load(p, 32));
        o3 = f32x4.add(o3, v128.load(p, 48));
        p += row;
      }
      if (count & 1) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
      }
      const to = sums + c;
      v128.store(to, f32x4.add(v128.load(to), f32x4.add(s0, o0)));
      v128.store(to, f32x4.add(v128.load(to, 16), f32x4.add(s1, o1)), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), f32x4.add(s2, o2)), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), f32x4.add(s3, o3)), 48);
    }
    for (; c + 16 <= row; c += 16) {
      let sum = f32x4.splat(0);
      let oddSum = sum;
      let p = block + c;
      for (let i = 0; i < pairs; i++) {
        sum = f32x4.add(sum, v128.load(p));
        oddSum = f32x4.add(oddSum, v128.load(p + row));
        p += row * 2;
      }
      if (count & 1) sum = f32x4.add(sum, v128.load(p));
      v128.store(sums + c, f32x4.add(v128.load(sums + c), f32x4.add(sum, oddSum)));
    }
    for (; c < row; c += 4) {
      let sum: f32 = 0;
      let p = block + c;
      for (let i = 0; i < count; i++) {
        sum += load<f32>(p);
        p += row;
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
    }
  }
}

/** dx = dy where y > 0, else 0, and sums[c] = Σ_m dx[m, c]: what a bias and a ReLU after it need, in one pass. */
export function reluBiasGradient(y: usize, dy: usize, dx: usize, sums: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  clear(sums, columns);
  for (let m = 0; m < rows; m += ROWS) {
    const block = <usize>m * row;
    reluBiasBlock(y + block, dy + block, dx + block, sums, min(ROWS, rows - m), columns);
  }
}

/** The same of at most ROWS rows, whose sum joins those there. */
export function reluBiasBlock(y: usize, dy: usize, dx: usize, sums: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  const zero = f32x4.splat(0);
  const pairs = rows >> 1;
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    let sum = zero;
    let oddSum = zero;
    let at = c;
    for (let i = 0; i < pairs; i++) {
      const even = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      v128.store(dx + at, even);
      sum = f32x4.add(sum, even);
      at += row;
      const odd = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      v128.store(dx + at, odd);
      oddSum = f32x4.add(oddSum, odd);
      at += row;
    }
    if (rows & 1) {
      const last = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      v128.store(dx + at, last);
      sum = f32x4.add(sum, last);
    }
    v128.store(sums + c, f32x4.add(v128.load(sums + c), f32x4.add(sum, oddSum)));
  }
  for (; c < row; c += 4) {
    let sum: f32 = 0;
    let at = c;
    for (let i = 0; i < rows; i++) {
      const value: f32 = load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0;
      store<f32>(dx + at, value);
      sum += value;
      at += row;
    }
    store<f32>(sums + c, load<f32>(sums + c) + sum);
  }
}
