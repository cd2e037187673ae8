/** Activations beside those of functionValues.ts, and the gradients of all: y = f(x), dx = dy · f′, each in one pass. */
import { exp, sigmoid } from "./functions";
import { bytes, madd } from "./simd";

/** Which one; wasm/activations.ts has the same numbers. */
const EXP: i32 = 0;
const SIGMOID: i32 = 1;
const TANH: i32 = 2;
const SWISH: i32 = 3;
const GELU: i32 = 4;
const GELU_TANH: i32 = 5;

/** y[i] = f(x[i]) for SWISH, whose `alpha` it is, GELU and GELU_TANH. */
export function activate(f: i32, x: usize, y: usize, n: i32, alpha: f32): void {
  if (f === SWISH) forward(SWISH, x, y, n, alpha);
  else if (f === GELU) forward(GELU, x, y, n, alpha);
  else forward(GELU_TANH, x, y, n, alpha);
}

/** dx[i] = dy[i] · f′, which exp, sigmoid and tanh compute from `saved` = y, the others from `saved` = x. */
export function activationGradient(f: i32, saved: usize, dy: usize, dx: usize, n: i32, alpha: f32): void {
  if (f === EXP) backward(EXP, saved, dy, dx, n, alpha);
  else if (f === SIGMOID) backward(SIGMOID, saved, dy, dx, n, alpha);
  else if (f === TANH) backward(TANH, saved, dy, dx, n, alpha);
  else if (f === SWISH) backward(SWISH, saved, dy, dx, n, alpha);
  else if (f === GELU) backward(GELU, saved, dy, dx, n, alpha);
  else backward(GELU_TANH, saved, dy, dx, n, alpha);
}

// @ts-ignore: decorator
@inline
function forward(f: i32, x: usize, y: usize, n: i32, alpha: f32): void {
  const end = bytes(n);
  const groups = end & ~15;
  const a = f32x4.splat(alpha);
  let i: usize = 0;
  for (; i < groups; i += 16) v128.store(y + i, value(f, v128.load(x + i), a));
  for (; i < end; i += 4) v128.store_lane<f32>(y + i, value(f, v128.load32_splat(x + i), a), 0);
}

// @ts-ignore: decorator
@inline
function backward(f: i32, saved: usize, dy: usize, dx: usize, n: i32, alpha: f32): void {
  const end = bytes(n);
  const groups = end & ~15;
  const a = f32x4.splat(alpha);
  let i: usize = 0;
  for (; i < groups; i += 16) {
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), slope(f, v128.load(saved + i), a)));
  }
  for (; i < end; i += 4) {
    const d = f32x4.mul(v128.load32_splat(dy + i), slope(f, v128.load32_splat(saved + i), a));
    v128.store_lane<f32>(dx + i, d, 0);
  }
}

// @ts-ignore: decorator
@inline
function value(f: i32, x: v128, alpha: v128): v128 {
  if (f === SWISH) return f32x4.mul(x, sigmoid(f32x4.mul(alpha, x)));
  if (f === GELU) return f32x4.mul(x, normal(x, bell(x)));
  return f32x4.mul(x, sigmoid(twiceInner(x)));
}

// @ts-ignore: decorator
@inline
function slope(f: i32, saved: v128, alpha: v128): v128 {
  const one = f32x4.splat(1);
  if (f === EXP) return saved;
  if (f === SIGMOID) return f32x4.mul(saved, f32x4.sub(one, saved));
  if (f === TANH) return f32x4.sub(one, f32x4.mul(saved, saved));
  if (f === GELU) {
    const density = bell(saved);
    return madd(f32x4.mul(saved, f32x4.splat(0.3989422804)), density, normal(saved, density));
  }
  // x · σ(u): σ + x · u′ · σ (1 − σ)
  const s = sigmoid(f === SWISH ? f32x4.mul(alpha, saved) : twiceInner(saved));
  const du = f === SWISH ? alpha : twiceInnerSlope(saved);
  return madd(f32x4.mul(f32x4.mul(saved, du), s), f32x4.sub(one, s), s);
}

/** e^(−x²/2): √2π times the density of the normal distribution. It ends at 2⁻¹²⁶, before numbers get slow. */
// @ts-ignore: decorator
@inline
function bell(x: v128): v128 {
  return exp(f32x4.pmax(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)), f32x4.splat(-87)));
}

/**
 * Φ(x) = ½ erfc(−x / √2), the share of the normal distribution below x; GELU is x · Φ(x) (Hendrycks & Gimpel 2016).
 *
 * The smaller tail is e^(−x²/2) · p(t) with t = 1 / (1 + 0.43 |x| / √2), a polynomial of degree 8 without a constant. Its
 * largest relative error is 1.8e-7 (found by iterated weighted least squares); the form is Abramowitz & Stegun's 7.1.26.
 */
// @ts-ignore: decorator
@inline
function normal(x: v128, bell: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, madd(f32x4.abs(x), f32x4.splat(0.304055916), one));
  let p = madd(f32x4.splat(0.03545458), t, f32x4.splat(-0.149514055));
  p = madd(p, t, f32x4.splat(0.182364705));
  p = madd(p, t, f32x4.splat(-0.034407045));
  p = madd(p, t, f32x4.splat(0.119103065));
  p = madd(p, t, f32x4.splat(0.103735165));
  p = madd(p, t, f32x4.splat(0.12199421));
  p = madd(p, t, f32x4.splat(0.12126936));
  const tail = f32x4.mul(f32x4.mul(p, t), bell);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/**
 * 2 √(2/π) · (x + 0.044715 x³): GELU's approximation ½ x (1 + tanh(u)) is x · σ(2u) (Hendrycks & Gimpel 2016, section 2).
 */
// @ts-ignore: decorator
@inline
function twiceInner(x: v128): v128 {
  const squared = f32x4.mul(x, x);
  return f32x4.mul(x, madd(squared, f32x4.splat(0.0713548162726), f32x4.splat(1.59576912161)));
}

// @ts-ignore: decorator
@inline
function twiceInnerSlope(x: v128): v128 {
  return madd(f32x4.mul(x, x), f32x4.splat(0.2140644488178), f32x4.splat(1.59576912161));
}
