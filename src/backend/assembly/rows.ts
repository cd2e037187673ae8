/** What softmax, cross-entropy and attention do with one row of numbers. */
import { exp } from "./functions";
import { bytes, sumLanes } from "./simd";

/** The largest value of a row; NaN is passed over, and −∞ what there is none of. */
// @ts-ignore: decorator
@inline
export function largest(x: usize, width: i32): f32 {
  const row = bytes(width);
  const groups = row & ~15;
  let top4 = f32x4.splat(-Infinity);
  let i: usize = 0;
  for (; i < groups; i += 16) top4 = f32x4.pmax(top4, v128.load(x + i));
  top4 = f32x4.pmax(top4, v128.shuffle<f32>(top4, top4, 2, 3, 0, 1));
  let top: f32 = max(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1));
  for (; i < row; i += 4) {
    const value = load<f32>(x + i);
    if (value > top) top = value;
  }
  return top;
}

/**
 * e^x for x ≤ 0, and 0 for what is below 2⁻¹²⁶ (x < −87): a processor takes a hundred cycles for a number that small, and
 * where logits are masked by −10⁹, as many programs do, half of them would be.
 */
// @ts-ignore: decorator
@inline
export function expOrZero(x: v128): v128 {
  const isTiny = f32x4.lt(x, f32x4.splat(-87));
  return v128.andnot(exp(v128.andnot(x, isTiny)), isTiny);
}

/** y = exp(x − top) along a row; their sum. */
// @ts-ignore: decorator
@inline
export function exponentials(x: usize, y: usize, width: i32, top: f32): f32 {
  const row = bytes(width);
  const groups = row & ~15;
  const top4 = f32x4.splat(top);
  let sum4 = f32x4.splat(0);
  let i: usize = 0;
  for (; i < groups; i += 16) {
    const e = expOrZero(f32x4.sub(v128.load(x + i), top4));
    v128.store(y + i, e);
    sum4 = f32x4.add(sum4, e);
  }
  let sum = sumLanes(sum4);
  for (; i < row; i += 4) {
    const e = f32x4.extract_lane(expOrZero(f32x4.sub(v128.load32_splat(x + i), top4)), 0);
    store<f32>(y + i, e);
    sum += e;
  }
  return sum;
}

/** Σ exp(x − top) along a row. */
// @ts-ignore: decorator
@inline
export function sumOfExponentials(x: usize, width: i32, top: f32): f32 {
  const row = bytes(width);
  const groups = row & ~15;
  const top4 = f32x4.splat(top);
  let sum4 = f32x4.splat(0);
  let i: usize = 0;
  for (; i < groups; i += 16) sum4 = f32x4.add(sum4, expOrZero(f32x4.sub(v128.load(x + i), top4)));
  let sum = sumLanes(sum4);
  for (; i < row; i += 4) sum += f32x4.extract_lane(expOrZero(f32x4.sub(v128.load32_splat(x + i), top4)), 0);
  return sum;
}

/** y = factor · x along a row. */
// @ts-ignore: decorator
@inline
export function scale(x: usize, y: usize, width: i32, factor: f32): void {
  const row = bytes(width);
  const groups = row & ~15;
  const factor4 = f32x4.splat(factor);
  let i: usize = 0;
  for (; i < groups; i += 16) v128.store(y + i, f32x4.mul(v128.load(x + i), factor4));
  for (; i < row; i += 4) store<f32>(y + i, load<f32>(x + i) * factor);
}

/** Σ a · b along a row. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, width: i32): f32 {
  const row = bytes(width);
  const groups = row & ~15;
  let sum4 = f32x4.splat(0);
  let i: usize = 0;
  for (; i < groups; i += 16) sum4 = f32x4.add(sum4, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  let sum = sumLanes(sum4);
  for (; i < row; i += 4) sum += load<f32>(a + i) * load<f32>(b + i);
  return sum;
}

/**
 * ln x of a sum of exponentials. x = 2^k · m with ½√2 ≤ m < √2; ln m = 2 artanh(s) with s = (m − 1) / (m + 1), |s| < 0.172,
 * whose series s + s³/3 + s⁵/5 + … is left after s¹³/13 with 2e-12.
 */
// @ts-ignore: decorator
@inline
export function logarithm(x: f32): f64 {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : <f64>x;
  // The exponent as it is for m from 1; a denormal x, which no such sum is, would have none.
  const bits = reinterpret<i32>(x);
  let k = (bits >> 23) - 127;
  let m = <f64>reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const tail = q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13))))));
  return <f64>k * 0.6931471805599453 + 2 * s * (1 + tail);
}
