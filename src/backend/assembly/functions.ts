/**
 * exp, sigmoid and tanh of four values at a time, which WebAssembly lacks: all from e^x = 2^n · e^r with n = x / ln 2
 * rounded and |r| ≤ ln 2 / 2, where a polynomial does.
 *
 * Largest relative errors over all float32 x, with fused multiply-add or without: exp 1.5e-7, sigmoid 2e-7, tanh 2.5e-7;
 * exp and sigmoid where the result is a normal number (sigmoid is 0 below x = −88.7). NaN stays NaN, and ±∞ and whatever
 * is too large for float32 give the limits. test/backend/functions.test.ts holds them to it.
 */
import { madd } from "./simd";

/** Adding 1.5 · 2²³ leaves a whole number, rounded, in the lowest bits; subtracting it again gives the number. */
const ROUND: f32 = 12582912;
const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts. The first has nine bits, so that its product with n is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444005469057e-4;

/**
 * e^r − 1 = r + r² · p(r) for |r| ≤ ln 2 / 2. The coefficients make the largest relative error as small as it gets with
 * five of them, 1.4e-8 (found by iterated weighted least squares).
 */
// @ts-ignore: decorator
@inline
function expMinusOne(r: v128): v128 {
  let p = madd(f32x4.splat(0.00138824969), r, f32x4.splat(0.00836664718));
  p = madd(p, r, f32x4.splat(0.0416672044));
  p = madd(p, r, f32x4.splat(0.16666542));
  p = madd(p, r, f32x4.splat(0.49999997));
  return madd(f32x4.mul(r, r), p, r);
}

/** x − n · ln 2 */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 {
  return madd(n, f32x4.splat(-LN2_LOW), madd(n, f32x4.splat(-LN2_HIGH), x));
}

/** 2^n for whole −127 < n < 128: n in the place of the exponent. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** The smaller one; NaN if a is. One instruction, where f32x4.min is six. */
// @ts-ignore: decorator
@inline
function atMost(a: v128, most: v128): v128 {
  return f32x4.pmin(a, most);
}

/** e^x, from 0 over denormals to ∞. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // Beyond these the result is 0 and ∞ all the same.
  x = f32x4.pmax(atMost(x, f32x4.splat(89)), f32x4.splat(-104));
  const rounded = madd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUND));
  const p = expMinusOne(remainder(x, f32x4.sub(rounded, f32x4.splat(ROUND))));
  // 2^n in two factors, since n reaches from −150 to 128.
  const n = i32x4.sub(rounded, f32x4.splat(ROUND));
  const half = i32x4.shr_s(n, 1);
  const first = powerOfTwo(half);
  const second = powerOfTwo(i32x4.sub(n, half));
  return f32x4.mul(f32x4.mul(f32x4.add(p, f32x4.splat(1)), first), second);
}

/** σ(x) = 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/**
 * tanh(x) = m / (m + 2) with m = e^{2|x|} − 1, and x's sign. m = 2^n (e^r − 1) + (2^n − 1) loses nothing where x is
 * small: there n = 0.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
  // tanh(10) is 1 in float32.
  const twice = atMost(f32x4.mul(f32x4.abs(x), f32x4.splat(2)), f32x4.splat(20));
  const rounded = madd(twice, f32x4.splat(LOG2_E), f32x4.splat(ROUND));
  const p = expMinusOne(remainder(twice, f32x4.sub(rounded, f32x4.splat(ROUND))));
  const power = powerOfTwo(i32x4.sub(rounded, f32x4.splat(ROUND)));
  const m = madd(power, p, f32x4.sub(power, f32x4.splat(1)));
  return v128.or(f32x4.div(m, f32x4.add(m, f32x4.splat(2))), sign);
}
