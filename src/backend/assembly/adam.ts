/** One step of Adam (Kingma & Ba 2015, Algorithm 1) in one pass over the weights. The results may take w's, m's and v's place. */
import { bytes } from "./simd";

/**
 * m' = β₁ m + (1 − β₁) g,  v' = β₂ v + (1 − β₂) g²,  w' = w − rate · (m' / c₁) / (√(v' / c₂) + ε)
 * with the bias corrections c = 1 − βᵗ, two values at `corrections`.
 */
export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  newW: usize,
  newM: usize,
  newV: usize,
  n: i32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  rate: f32,
  corrections: usize,
  epsilon: f32,
): void {
  const correction1 = load<f32>(corrections);
  const correction2 = load<f32>(corrections, 4);
  const end = bytes(n);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const r1 = f32x4.splat(rest1);
  const r2 = f32x4.splat(rest2);
  const scale = f32x4.splat(rate / correction1);
  const unbias = f32x4.splat(<f32>1 / correction2);
  const eps = f32x4.splat(epsilon);
  let i: usize = 0;
  for (; i + 16 <= end; i += 16) {
    const gradient = v128.load(g + i);
    const first = f32x4.add(f32x4.mul(b1, v128.load(m + i)), f32x4.mul(r1, gradient));
    const second = f32x4.add(f32x4.mul(b2, v128.load(v + i)), f32x4.mul(r2, f32x4.mul(gradient, gradient)));
    v128.store(newM + i, first);
    v128.store(newV + i, second);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(second, unbias)), eps);
    v128.store(newW + i, f32x4.sub(v128.load(w + i), f32x4.div(f32x4.mul(scale, first), size)));
  }
  const lastScale = rate / correction1;
  const lastUnbias = <f32>1 / correction2;
  for (; i < end; i += 4) {
    const gradient = load<f32>(g + i);
    const first = beta1 * load<f32>(m + i) + rest1 * gradient;
    const second = beta2 * load<f32>(v + i) + rest2 * (gradient * gradient);
    store<f32>(newM + i, first);
    store<f32>(newV + i, second);
    store<f32>(newW + i, load<f32>(w + i) - (lastScale * first) / (sqrt<f32>(second * lastUnbias) + epsilon));
  }
}
