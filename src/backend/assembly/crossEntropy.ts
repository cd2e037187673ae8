/**
 * Cross-entropy of a softmax, from the softmax's input z: loss = ln Σ exp(z) − z of the right class, and its gradient
 * softmax(z) − target, for class numbers. (Shares for each class are wasm/loss.ts's own.)
 */
import { exponentials, largest, logarithm, sumOfExponentials } from "./rows";
import { bytes } from "./simd";

/** The class number of a position that does not count. */
const IGNORED: i32 = -1;

/** The class number of a position, which lies there as float32 (rounded down, as tfjs does it) or int32. */
// @ts-ignore: decorator
@inline
function classAt(labels: usize, n: i32, isInteger: i32): i32 {
  const at = labels + bytes(n);
  if (isInteger) return load<i32>(at);
  return i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(f32x4.floor(v128.load32_splat(at))), 0);
}

/** How many of the positions count; at least 1, so that one can divide by it. */
function counted(labels: usize, isInteger: i32, rows: i32): i32 {
  let count = 0;
  for (let n = 0; n < rows; n++) count += i32(classAt(labels, n, isInteger) !== IGNORED);
  return max(1, count);
}

/**
 * losses[n] = rows / counted · (ln Σ exp(z) − z of the class), 0 where the class is IGNORED. Their mean is then the mean
 * over the positions that count. A class that is none gives NaN; the first such position is answered, or −1.
 */
export function sparseCrossEntropy(
  labels: usize,
  isInteger: i32,
  z: usize,
  losses: usize,
  rows: i32,
  classes: i32,
): i32 {
  const weight = <f64>rows / <f64>counted(labels, isInteger, rows);
  let wrong = -1;
  for (let n = 0; n < rows; n++) {
    const right = classAt(labels, n, isInteger);
    let loss: f64 = 0;
    if (<u32>right < <u32>classes) {
      const top = largest(z, classes);
      loss = logarithm(sumOfExponentials(z, classes, top)) - <f64>(load<f32>(z + bytes(right)) - top);
    } else if (right !== IGNORED) {
      loss = NaN;
      if (wrong < 0) wrong = n;
    }
    store<f32>(losses + bytes(n), <f32>(weight * loss));
    z += bytes(classes);
  }
  return wrong;
}

/** dz = rows / counted · dLoss · (softmax(z) − 1 at the class), 0 where the class is IGNORED. */
export function sparseCrossEntropyGradient(
  labels: usize,
  isInteger: i32,
  z: usize,
  dLosses: usize,
  dz: usize,
  rows: i32,
  classes: i32,
): void {
  const row = bytes(classes);
  const groups = row & ~15;
  const weight = <f32>rows / <f32>counted(labels, isInteger, rows);
  for (let n = 0; n < rows; n++) {
    const right = classAt(labels, n, isInteger);
    if (right === IGNORED) {
      memory.fill(dz, 0, row);
    } else {
      const factor = weight * load<f32>(dLosses + bytes(n));
      const share = factor / exponentials(z, dz, classes, largest(z, classes));
      const share4 = f32x4.splat(share);
      let i: usize = 0;
      for (; i < groups; i += 16) v128.store(dz + i, f32x4.mul(v128.load(dz + i), share4));
      for (; i < row; i += 4) store<f32>(dz + i, load<f32>(dz + i) * share);
      if (<u32>right < <u32>classes) {
        const at = dz + bytes(right);
        store<f32>(at, load<f32>(at) - factor);
      }
    }
    z += row;
    dz += row;
  }
}
