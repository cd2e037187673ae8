/** Softmax along the rows of a matrix, its logarithm, and the gradients of both. */
import { dot, exponentials, expOrZero, largest, logarithm, scale, sumOfExponentials } from "./rows";
import { bytes, sumLanes } from "./simd";

/** y = exp(x − max) / Σ exp(x − max) */
export function softmaxRows(x: usize, y: usize, rows: i32, width: i32): void {
  const row = bytes(width);
  for (let n = 0; n < rows; n++) {
    const sum = exponentials(x, y, width, largest(x, width));
    scale(y, y, width, <f32>1 / sum);
    x += row;
    y += row;
  }
}

/** dx = y · (dy − Σ dy · y) */
export function softmaxRowsGradient(y: usize, dy: usize, dx: usize, rows: i32, width: i32): void {
  const row = bytes(width);
  const groups = row & ~15;
  for (let n = 0; n < rows; n++) {
    const mean = dot(y, dy, width);
    const mean4 = f32x4.splat(mean);
    let i: usize = 0;
    for (; i < groups; i += 16) {
      v128.store(dx + i, f32x4.mul(v128.load(y + i), f32x4.sub(v128.load(dy + i), mean4)));
    }
    for (; i < row; i += 4) store<f32>(dx + i, load<f32>(y + i) * (load<f32>(dy + i) - mean));
    y += row;
    dy += row;
    dx += row;
  }
}

/** y = x − max − ln Σ exp(x − max) */
export function logSoftmaxRows(x: usize, y: usize, rows: i32, width: i32): void {
  const row = bytes(width);
  const groups = row & ~15;
  for (let n = 0; n < rows; n++) {
    const top = largest(x, width);
    const log = <f32>logarithm(sumOfExponentials(x, width, top));
    const top4 = f32x4.splat(top);
    const log4 = f32x4.splat(log);
    let i: usize = 0;
    for (; i < groups; i += 16) v128.store(y + i, f32x4.sub(f32x4.sub(v128.load(x + i), top4), log4));
    for (; i < row; i += 4) store<f32>(y + i, load<f32>(x + i) - top - log);
    x += row;
    y += row;
  }
}

/** dx = dy − exp(y) · Σ dy */
export function logSoftmaxRowsGradient(y: usize, dy: usize, dx: usize, rows: i32, width: i32): void {
  const row = bytes(width);
  const groups = row & ~15;
  for (let n = 0; n < rows; n++) {
    let sum4 = f32x4.splat(0);
    let i: usize = 0;
    for (; i < groups; i += 16) sum4 = f32x4.add(sum4, v128.load(dy + i));
    let sum = sumLanes(sum4);
    for (; i < row; i += 4) sum += load<f32>(dy + i);
    sum4 = f32x4.splat(sum);
    for (i = 0; i < groups; i += 16) {
      v128.store(dx + i, f32x4.sub(v128.load(dy + i), f32x4.mul(expOrZero(v128.load(y + i)), sum4)));
    }
    for (; i < row; i += 4) {
      const e = f32x4.extract_lane(expOrZero(v128.load32_splat(y + i)), 0);
      store<f32>(dx + i, load<f32>(dy + i) - e * sum);
    }
    y += row;
    dy += row;
    dx += row;
  }
}
