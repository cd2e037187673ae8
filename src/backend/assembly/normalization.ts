/**
 * Every normalization seen as one: x has the shape [outer, rows, groups, width], the statistics are taken over
 * rows and width, and γ and β have groups · width = `columns` elements.
 *
 *   batch norm [1, N·H·W, C, 1]    instance norm [N, H·W, C, 1]    group norm [N, H·W, G, C/G]
 *   layer norm [rows, 1, 1, width] or [N, H·W, 1, C] when γ is per channel
 *
 * Two ways through the memory: `columns` for many rows (sums down the columns, then over each group), `rows` for
 * rows = groups = 1 (sums along each row). Variances are sums of squared deviations, never E[x²] − E[x]². γ = β = 0 stand for no parameters.
 */
import { bytes, clear, madd, sumLanes } from "./simd";
import { sumRows } from "./elementwise";

/** Rows summed before their sum joins the total. */
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
    const block = x + <usize>m * row;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const center = v128.load(mean + c);
      let sum = f32x4.splat(0);
      let square = sum;
      let p = block + c;
      for (let i = 0; i < count; i++) {
        const d = f32x4.sub(v128.load(p), center);
        sum = f32x4.add(sum, d);
        square = madd(d, d, square);
        p += row;
      }
      v128.store(sums + c, f32x4.add(v128.load(sums + c), sum));
      v128.store(squares + c, f32x4.add(v128.load(squares + c), square));
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
    const block = <usize>m * row;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const center = v128.load(mean + c);
      let s = f32x4.splat(0);
      let t = s;
      let u = s;
      let at = block + c;
      for (let i = 0; i < count; i++) {
        const gradient = v128.load(dy + at);
        const centered = f32x4.sub(v128.load(x + at), center);
        s = f32x4.add(s, gradient);
        t = madd(gradient, centered, t);
        u = f32x4.add(u, centered);
        at += row;
      }
      v128.store(sumDy + c, f32x4.add(v128.load(sumDy + c), s));
      v128.store(sumDyX + c, f32x4.add(v128.load(sumDyX + c), t));
      v128.store(sumX + c, f32x4.add(v128.load(sumX + c), u));
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
 * that is dx = a[c] · dy + b[c] · (x − mean[c]) + d[c]. Without centering d = 0. `scratch`: 5 · columns values.
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

/** The same for rows = groups = 1: one statistic a row of `width` values. */
export function normalizeRows(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  mean: usize,
  variance: usize,
  outer: i32,
  width: i32,
  center: i32,
  epsilon: f32,
): void {
  const row = bytes(width);
  const count = <f32>width;
  for (let n = 0; n < outer; n++) {
    let mu: f32 = 0;
    let error: f32 = 0; // of mu, which is rounded
    if (center) {
      mu = sumRow(x, row) / count;
      error = sumDeviationsRow(x, row, mu) / count;
    }
    const v = sumSquaresRow(x, row, mu) / count - error * error;
    store<f32>(mean, mu + error);
    store<f32>(variance, v);
    const rstd: f32 = <f32>1 / sqrt<f32>(v + epsilon);
    const shift: f32 = -error * rstd;
    const center4 = f32x4.splat(mu);
    const rstd4 = f32x4.splat(rstd);
    const shift4 = f32x4.splat(shift);
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      let xHat = madd(f32x4.sub(v128.load(x + c), center4), rstd4, shift4);
      if (gamma) xHat = madd(xHat, v128.load(gamma + c), v128.load(beta + c));
      v128.store(y + c, xHat);
    }
    for (; c < row; c += 4) {
      let xHat = (load<f32>(x + c) - mu) * rstd + shift;
      if (gamma) xHat = xHat * load<f32>(gamma + c) + load<f32>(beta + c);
      store<f32>(y + c, xHat);
    }
    x += row;
    y += row;
    mean += 4;
    variance += 4;
  }
}

// @ts-ignore: decorator
@inline
function sumRow(x: usize, row: usize): f32 {
  let sum4 = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) sum4 = f32x4.add(sum4, v128.load(x + c));
  let sum = sumLanes(sum4);
  for (; c < row; c += 4) sum += load<f32>(x + c);
  return sum;
}

// @ts-ignore: decorator
@inline
function sumDeviationsRow(x: usize, row: usize, mu: f32): f32 {
  const center = f32x4.splat(mu);
  let sum4 = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) sum4 = f32x4.add(sum4, f32x4.sub(v128.load(x + c), center));
  let sum = sumLanes(sum4);
  for (; c < row; c += 4) sum += load<f32>(x + c) - mu;
  return sum;
}

// @ts-ignore: decorator
@inline
function sumSquaresRow(x: usize, row: usize, mu: f32): f32 {
  const center = f32x4.splat(mu);
  let sum4 = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    const d = f32x4.sub(v128.load(x + c), center);
    sum4 = madd(d, d, sum4);
  }
  let sum = sumLanes(sum4);
  for (; c < row; c += 4) {
    const d = load<f32>(x + c) - mu;
    sum += d * d;
  }
  return sum;
}

/** dx = rstd (γ dy − s/m) + dMean/m + (x − mean) · (2 dVariance/m − rstd³ t/m), as for columns. */
export function normalizeRowsGradient(
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
  width: i32,
  center: i32,
  epsilon: f32,
): void {
  const row = bytes(width);
  const count = <f32>width;
  if (gamma) {
    clear(dGamma, width);
    clear(dBeta, width);
  }
  for (let n = 0; n < outer; n++) {
    const mu = load<f32>(mean);
    const error: f32 = center ? sumDeviationsRow(x, row, mu) / count : 0;
    const rstd: f32 = <f32>1 / sqrt<f32>(load<f32>(variance) + epsilon);
    const mu4 = f32x4.splat(mu);
    const error4 = f32x4.splat(error);
    const rstd4 = f32x4.splat(rstd);
    let s4 = f32x4.splat(0);
    let t4 = s4;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      let g = v128.load(dy + c);
      const centered = f32x4.sub(f32x4.sub(v128.load(x + c), mu4), error4);
      if (gamma) {
        v128.store(dGamma + c, madd(g, f32x4.mul(centered, rstd4), v128.load(dGamma + c)));
        v128.store(dBeta + c, f32x4.add(g, v128.load(dBeta + c)));
        g = f32x4.mul(g, v128.load(gamma + c));
      }
      s4 = f32x4.add(s4, g);
      t4 = madd(g, centered, t4);
    }
    let s = sumLanes(s4);
    let t = sumLanes(t4);
    for (; c < row; c += 4) {
      let g = load<f32>(dy + c);
      const centered = load<f32>(x + c) - mu - error;
      if (gamma) {
        store<f32>(dGamma + c, load<f32>(dGamma + c) + g * (centered * rstd));
        store<f32>(dBeta + c, load<f32>(dBeta + c) + g);
        g *= load<f32>(gamma + c);
      }
      s += g;
      t += g * centered;
    }
    const slope = (<f32>2 * load<f32>(dVariance) - rstd * rstd * rstd * t) / count;
    const offset: f32 = center ? (load<f32>(dMean) - rstd * s) / count : 0;
    const slope4 = f32x4.splat(slope);
    const offset4 = f32x4.splat(offset);
    for (c = 0; c + 16 <= row; c += 16) {
      const rest = madd(f32x4.sub(f32x4.sub(v128.load(x + c), mu4), error4), slope4, offset4);
      let g = v128.load(dy + c);
      if (gamma) g = f32x4.mul(g, v128.load(gamma + c));
      v128.store(dx + c, madd(g, rstd4, rest));
    }
    for (; c < row; c += 4) {
      let g = load<f32>(dy + c);
      if (gamma) g *= load<f32>(gamma + c);
      store<f32>(dx + c, g * rstd + ((load<f32>(x + c) - mu - error) * slope + offset));
    }
    x += row;
    dy += row;
    dx += row;
    mean += 4;
    variance += 4;
    dMean += 4;
    dVariance += 4;
  }
}
