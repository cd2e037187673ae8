/**
 * Normalization by sums down the columns of a matrix, then over each group of columns: batch, instance and group norm,
 * and layer norm over whole images. See wasm/normalize.ts for how a method becomes [outer, rows, groups, width].
 *
 * The statistics are taken over rows and width; γ and β have groups · width = `columns` elements, and 0 in place
 * of γ and β says that there are none. Variances are sums of squared deviations, never E[x²] − E[x]².
 */
import { bytes, clear, madd } from "./simd";
import { sumRows } from "./elementwise";

/** Rows summed before their sum joins the total. They are taken in pairs, so that one addition need not wait for another. */
const ROWS: i32 = 64;

/**
 * sums[c] = Σ_m d and squares[c] = Σ_m d² with d = x[m, c] − mean[c]. Where the mean is large against the
 * spread, its rounding error counts: Σ d says how far off it is (see `normalizeColumns`).
 */
function sumDeviations(x: usize, mean: usize, sums: usize, squares: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  clear(sums, columns);
  clear(squares, columns);
  for (let m = 0; m < rows; m += ROWS) {
    const count = min(ROWS, rows - m);
    const pairs = count >> 1;
    const block = x + <usize>m * row;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const center = v128.load(mean + c);
      let sum = f32x4.splat(0);
      let square = sum;
      let oddSum = sum;
      let oddSquare = sum;
      let p = block + c;
      for (let i = 0; i < pairs; i++) {
        const even = f32x4.sub(v128.load(p), center);
        sum = f32x4.add(sum, even);
        square = madd(even, even, square);
        const odd = f32x4.sub(v128.load(p + row), center);
        oddSum = f32x4.add(oddSum, odd);
        oddSquare = madd(odd, odd, oddSquare);
        p += row * 2;
      }
      if (count & 1) {
        const last = f32x4.sub(v128.load(p), center);
        sum = f32x4.add(sum, last);
        square = madd(last, last, square);
      }
      v128.store(sums + c, f32x4.add(v128.load(sums + c), f32x4.add(sum, oddSum)));
      v128.store(squares + c, f32x4.add(v128.load(squares + c), f32x4.add(square, oddSquare)));
    }
    for (; c < row; c += 4) {
      const center = load<f32>(mean + c);
      let sum: f32 = 0;
      let square: f32 = 0;
      let p = block + c;
      for (let i = 0; i < count; i++) {
        const d = load<f32>(p) - center;
        sum += d;
        square += d * d;
        p += row;
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
      store<f32>(squares + c, load<f32>(squares + c) + square);
    }
  }
}

/** The mean over each group of `width` columns, into statistic[group] and, repeated, back into the columns. */
function poolGroups(columnSums: usize, statistic: usize, groups: i32, width: i32, count: f32): void {
  for (let g = 0; g < groups; g++) {
    let sum: f32 = 0;
    for (let k = 0; k < width; k++) sum += load<f32>(columnSums + bytes(g * width + k));
    const value = sum / count;
    store<f32>(statistic + bytes(g), value);
    for (let k = 0; k < width; k++) store<f32>(columnSums + bytes(g * width + k), value);
  }
}

// @ts-ignore: decorator
@inline
function parameter(p: usize, i: i32, missing: f32): f32 {
  return p ? load<f32>(p + bytes(i)) : missing;
}

/** y = γ · (x − mean) · rstd + β; mean and variance get outer · groups values. `scratch`: 3 · columns values. */
export function normalizeColumns(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  mean: usize,
  variance: usize,
  outer: i32,
  rows: i32,
  groups: i32,
  width: i32,
  center: i32,
  epsilon: f32,
  scratch: usize,
): void {
  const columns = groups * width;
  const count = <f32>rows * <f32>width;
  const sample = min(rows, max(ROWS, rows >> 5));
  const means = scratch;
  const scale = means + bytes(columns);
  const shift = scale + bytes(columns);
  const block = bytes(rows) * <usize>columns;
  for (let n = 0; n < outer; n++) {
    // A first guess of the mean from a part of the rows makes one pass enough for mean and variance: no more is
    // lost to rounding than a share 1 / part of the variance's last digits, whatever the rows hold.
    if (center) sumRows(x, means, sample, columns);
    else clear(means, columns);
    poolGroups(means, mean, groups, width, <f32>sample * <f32>width);
    sumDeviations(x, means, shift, scale, rows, columns);
    poolGroups(shift, variance, groups, width, count);
    poolGroups(scale, variance, groups, width, count);
    for (let c = 0; c < columns; c++) {
      const error: f32 = center ? load<f32>(shift + bytes(c)) : 0;
      const exact = load<f32>(means + bytes(c)) + error;
      const v = load<f32>(scale + bytes(c)) - error * error;
      const factor = parameter(gamma, c, 1) / sqrt<f32>(v + epsilon);
      store<f32>(mean + bytes(c / width), exact);
      store<f32>(variance + bytes(c / width), v);
      store<f32>(scale + bytes(c), factor);
      // (x − mean) · scale + β rather than x · scale + (β − mean · scale): nothing cancels where the mean is large.
      // The mean here is the first one; its error, which `exact` could not hold without rounding, is in the shift.
      store<f32>(shift + bytes(c), parameter(beta, c, 0) - error * factor);
    }
    affineCentered(x, means, scale, shift, y, rows, columns);
    x += block;
    y += block;
    mean += bytes(groups);
    variance += bytes(groups);
  }
}

/** y = (x − mean[c]) · scale[c] + shift[c] */
function affineCentered(x: usize, mean: usize, scale: usize, shift: usize, y: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  for (let m = 0; m < rows; m++) {
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const centered = f32x4.sub(v128.load(x + c), v128.load(mean + c));
      v128.store(y + c, madd(centered, v128.load(scale + c), v128.load(shift + c)));
    }
    for (; c < row; c += 4) {
      store<f32>(y + c, (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(scale + c) + load<f32>(shift + c));
    }
    x += row;
    y += row;
  }
}

/** sumDy[c] = Σ_m dy, sumDyX[c] = Σ_m dy · (x − mean[c]), sumX[c] = Σ_m (x − mean[c]): what the mean was rounded by */
function sumGradients(
  x: usize,
  dy: usize,
  mean: usize,
  sumDy: usize,
  sumDyX: usize,
  sumX: usize,
  rows: i32,
  columns: i32,
): void {
  const row = bytes(columns);
  clear(sumDy, columns);
  clear(sumDyX, columns);
  clear(sumX, columns);
  for (let m = 0; m < rows; m += ROWS) {
    const count = min(ROWS, rows - m);
    const pairs = count >> 1;
    const block = <usize>m * row;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const center = v128.load(mean + c);
      let s = f32x4.splat(0);
      let t = s;
      let u = s;
      let oddS = s;
      let oddT = s;
      let oddU = s;
      let at = block + c;
      for (let i = 0; i < pairs; i++) {
        const even = v128.load(dy + at);
        const evenX = f32x4.sub(v128.load(x + at), center);
        s = f32x4.add(s, even);
        t = madd(even, evenX, t);
        u = f32x4.add(u, evenX);
        at += row;
        const odd = v128.load(dy + at);
        const oddX = f32x4.sub(v128.load(x + at), center);
        oddS = f32x4.add(oddS, odd);
        oddT = madd(odd, oddX, oddT);
        oddU = f32x4.add(oddU, oddX);
        at += row;
      }
      if (count & 1) {
        const last = v128.load(dy + at);
        const lastX = f32x4.sub(v128.load(x + at), center);
        s = f32x4.add(s, last);
        t = madd(last, lastX, t);
        u = f32x4.add(u, lastX);
      }
      v128.store(sumDy + c, f32x4.add(v128.load(sumDy + c), f32x4.add(s, oddS)));
      v128.store(sumDyX + c, f32x4.add(v128.load(sumDyX + c), f32x4.add(t, oddT)));
      v128.store(sumX + c, f32x4.add(v128.load(sumX + c), f32x4.add(u, oddU)));
    }
    for (; c < row; c += 4) {
      const center = load<f32>(mean + c);
      let s: f32 = 0;
      let t: f32 = 0;
      let u: f32 = 0;
      let at = block + c;
      for (let i = 0; i < count; i++) {
        const gradient = load<f32>(dy + at);
        const centered = load<f32>(x + at) - center;
        s += gradient;
        t += gradient * centered;
        u += centered;
        at += row;
      }
      store<f32>(sumDy + c, load<f32>(sumDy + c) + s);
      store<f32>(sumDyX + c, load<f32>(sumDyX + c) + t);
      store<f32>(sumX + c, load<f32>(sumX + c) + u);
    }
  }
}

/**
 * With x̂ = (x − mean) · rstd and m = rows · width:
 *   dγ = Σ dy · x̂,   dβ = Σ dy
 *   dx = γ rstd dy − rstd Σ(γ dy)/m + dMean/m + (x − mean) · (2 dVariance/m − rstd³ Σ(γ dy (x − mean))/m)
 * that is dx = a[c] · dy + b[c] · (x − mean[c]) + d[c]. Without centering d = 0. `scratch`: 4 · columns values.
 */
export function normalizeColumnsGradient(
  x: usize,
  dy: usize,
  gamma: usize,
  mean: usize,
  variance: usize,
  dMean: usize,
  dVariance: usize,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  outer: i32,
  rows: i32,
  groups: i32,
  width: i32,
  center: i32,
  epsilon: f32,
  scratch: usize,
): void {
  const columns = groups * width;
  const count = <f32>rows * <f32>width;
  const block = bytes(rows) * <usize>columns;
  const means = scratch;
  const a = means + bytes(columns);
  const b = a + bytes(columns);
  const d = b + bytes(columns);
  if (gamma) {
    clear(dGamma, columns);
    clear(dBeta, columns);
  }
  for (let n = 0; n < outer; n++) {
    for (let c = 0; c < columns; c++) store<f32>(means + bytes(c), load<f32>(mean + bytes(c / width)));
    sumGradients(x, dy, means, a, b, d, rows, columns);
    for (let g = 0; g < groups; g++) {
      const rstd = <f32>1 / sqrt<f32>(load<f32>(variance + bytes(g)) + epsilon);
      // What the mean was rounded by; Σ dy · (x − mean) is corrected by it, and so is x − mean in `combine`.
      let error: f32 = 0;
      if (center) {
        for (let k = 0; k < width; k++) error += load<f32>(d + bytes(g * width + k));
        error /= count;
      }
      let s: f32 = 0;
      let t: f32 = 0;
      for (let k = 0; k < width; k++) {
        const c = g * width + k;
        const scale = parameter(gamma, c, 1);
        const sumDy = load<f32>(a + bytes(c));
        const sumDyX = load<f32>(b + bytes(c)) - error * sumDy;
        s += scale * sumDy;
        t += scale * sumDyX;
        if (gamma) {
          store<f32>(dGamma + bytes(c), load<f32>(dGamma + bytes(c)) + sumDyX * rstd);
          store<f32>(dBeta + bytes(c), load<f32>(dBeta + bytes(c)) + sumDy);
        }
      }
      const slope = (<f32>2 * load<f32>(dVariance + bytes(g)) - rstd * rstd * rstd * t) / count;
      const offset: f32 = center ? (load<f32>(dMean + bytes(g)) - rstd * s) / count : 0;
      for (let k = 0; k < width; k++) {
        const c = g * width + k;
        store<f32>(a + bytes(c), parameter(gamma, c, 1) * rstd);
        store<f32>(b + bytes(c), slope);
        store<f32>(d + bytes(c), offset - error * slope);
      }
    }
    combine(x, dy, means, a, b, d, dx, rows, columns);
    x += block;
    dy += block;
    dx += block;
    mean += bytes(groups);
    variance += bytes(groups);
    dMean += bytes(groups);
    dVariance += bytes(groups);
  }
}

/** dx = a[c] · dy + b[c] · (x − mean[c]) + d[c] */
function combine(x: usize, dy: usize, mean: usize, a: usize, b: usize, d: usize, dx: usize, rows: i32, columns: i32): void {
  const row = bytes(columns);
  for (let m = 0; m < rows; m++) {
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const centered = f32x4.sub(v128.load(x + c), v128.load(mean + c));
      const rest = madd(v128.load(b + c), centered, v128.load(d + c));
      v128.store(dx + c, madd(v128.load(a + c), v128.load(dy + c), rest));
    }
    for (; c < row; c += 4) {
      const centered = load<f32>(x + c) - load<f32>(mean + c);
      store<f32>(dx + c, load<f32>(a + c) * load<f32>(dy + c) + (load<f32>(b + c) * centered + load<f32>(d + c)));
    }
    x += row;
    dy += row;
    dx += row;
  }
}
