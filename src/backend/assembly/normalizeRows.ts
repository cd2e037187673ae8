/**
 * Normalization along the rows of a matrix, one statistic a row: layer norm and RMS norm over the last axes.
 *
 * γ and β have `width` elements, and 0 in place of them says that there are none. Variances are sums of squared
 * deviations, never E[x²] − E[x]². A mean near which the values lie close together is itself rounded; by how much is the mean
 * of the deviations from it, `error`, which every formula here takes off again.
 */
import { bytes, clear, madd, sumLanes } from "./simd";

/** y = γ · (x − mean) · rstd + β; mean and variance get `outer` values. Without centering the mean is 0. */
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
    const mu: f32 = center ? sumRow(x, row) / count : 0;
    const center4 = f32x4.splat(mu);
    let sum4 = f32x4.splat(0);
    let square4 = sum4;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      const d = f32x4.sub(v128.load(x + c), center4);
      sum4 = f32x4.add(sum4, d);
      square4 = madd(d, d, square4);
    }
    let sum = sumLanes(sum4);
    let square = sumLanes(square4);
    for (; c < row; c += 4) {
      const d = load<f32>(x + c) - mu;
      sum += d;
      square += d * d;
    }
    const error: f32 = center ? sum / count : 0;
    const v = square / count - error * error;
    store<f32>(mean, mu + error);
    store<f32>(variance, v);
    const rstd: f32 = <f32>1 / sqrt<f32>(v + epsilon);
    const shift: f32 = -error * rstd;
    const rstd4 = f32x4.splat(rstd);
    const shift4 = f32x4.splat(shift);
    for (c = 0; c + 16 <= row; c += 16) {
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

/**
 * dx = rstd (γ dy − s/m) + dMean/m + (x − mean) · (2 dVariance/m − rstd³ t/m), as for columns, where s = Σ γ dy and
 * t = Σ γ dy (x − mean); dγ = Σ dy · x̂ and dβ = Σ dy over the rows.
 */
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
    const rstd: f32 = <f32>1 / sqrt<f32>(load<f32>(variance) + epsilon);
    const mu4 = f32x4.splat(mu);
    let s4 = f32x4.splat(0);
    let t4 = s4;
    let u4 = s4;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      let g = v128.load(dy + c);
      if (gamma) g = f32x4.mul(g, v128.load(gamma + c));
      const d = f32x4.sub(v128.load(x + c), mu4);
      s4 = f32x4.add(s4, g);
      t4 = madd(g, d, t4);
      u4 = f32x4.add(u4, d);
    }
    let s = sumLanes(s4);
    let t = sumLanes(t4);
    let u = sumLanes(u4);
    for (; c < row; c += 4) {
      let g = load<f32>(dy + c);
      if (gamma) g *= load<f32>(gamma + c);
      const d = load<f32>(x + c) - mu;
      s += g;
      t += g * d;
      u += d;
    }
    const error: f32 = center ? u / count : 0;
    t -= error * s;
    // In terms of x̂ = (x − mu) · rstd + shift: dx = g · rstd + x̂ · slope + offset.
    const shift: f32 = -error * rstd;
    const slope = (<f32>2 * load<f32>(dVariance) / rstd - rstd * rstd * t) / count;
    const offset: f32 = center ? (load<f32>(dMean) - rstd * s) / count : 0;
    const rstd4 = f32x4.splat(rstd);
    const shift4 = f32x4.splat(shift);
    const slope4 = f32x4.splat(slope);
    const offset4 = f32x4.splat(offset);
    for (c = 0; c + 16 <= row; c += 16) {
      const xHat = madd(f32x4.sub(v128.load(x + c), mu4), rstd4, shift4);
      let g = v128.load(dy + c);
      if (gamma) {
        v128.store(dGamma + c, madd(g, xHat, v128.load(dGamma + c)));
        v128.store(dBeta + c, f32x4.add(g, v128.load(dBeta + c)));
        g = f32x4.mul(g, v128.load(gamma + c));
      }
      v128.store(dx + c, madd(g, rstd4, madd(xHat, slope4, offset4)));
    }
    for (; c < row; c += 4) {
      const xHat = (load<f32>(x + c) - mu) * rstd + shift;
      let g = load<f32>(dy + c);
      if (gamma) {
        store<f32>(dGamma + c, load<f32>(dGamma + c) + g * xHat);
        store<f32>(dBeta + c, load<f32>(dBeta + c) + g);
        g *= load<f32>(gamma + c);
      }
      store<f32>(dx + c, g * rstd + (xHat * slope + offset));
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
