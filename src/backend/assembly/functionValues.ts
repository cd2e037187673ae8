/** The functions of functions.ts for whole arrays; y may be x. The last one to three values go through one lane. */
import { exp, sigmoid, tanh } from "./functions";
import { bytes } from "./simd";

/** y = e^x for n values. */
export function expValues(x: usize, y: usize, n: i32): void {
  const end = x + bytes(n);
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, exp(v128.load(x)));
  for (; x < end; x += 4, y += 4) v128.store32_lane(y, exp(v128.load32_zero(x)), 0);
}

/** y = σ(x) for n values. */
export function sigmoidValues(x: usize, y: usize, n: i32): void {
  const end = x + bytes(n);
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, sigmoid(v128.load(x)));
  for (; x < end; x += 4, y += 4) v128.store32_lane(y, sigmoid(v128.load32_zero(x)), 0);
}

/** y = tanh(x) for n values. */
export function tanhValues(x: usize, y: usize, n: i32): void {
  const end = x + bytes(n);
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, tanh(v128.load(x)));
  for (; x < end; x += 4, y += 4) v128.store32_lane(y, tanh(v128.load32_zero(x)), 0);
}
