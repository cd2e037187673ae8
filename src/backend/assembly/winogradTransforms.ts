/**
 * Winograd's transforms in one dimension, and their transposes: of six, four or three lane groups into as many, `step`
 * bytes apart. winogradTiles.ts applies each down the columns of a tile and then along its rows.
 */
import { madd } from "./simd";

/** to = Bᵀ · from, six to six. */
// @ts-ignore: decorator
@inline
export function inputTransform(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const five = f32x4.splat(-5);
  // Rows 1 and 2, and rows 3 and 4, differ in the sign of their odd part.
  const even1 = madd(f32x4.splat(-4), d2, d4);
  const odd1 = madd(f32x4.splat(-4), d1, d3);
  const even2 = f32x4.sub(d4, d2);
  const odd2 = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to, madd(four, d0, madd(five, d2, d4)));
  v128.store(to + step, f32x4.add(even1, odd1));
  v128.store(to + step * 2, f32x4.sub(even1, odd1));
  v128.store(to + step * 3, f32x4.add(even2, odd2));
  v128.store(to + step * 4, f32x4.sub(even2, odd2));
  v128.store(to + step * 5, madd(four, d1, madd(five, d3, d5)));
}

/** to = B · from, six to six: the transpose of inputTransform. */
// @ts-ignore: decorator
@inline
export function inputTransposed(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize): void {
  const four = f32x4.splat(4);
  const sum1 = f32x4.add(m1, m2);
  const difference1 = f32x4.sub(m1, m2);
  const sum2 = f32x4.add(m3, m4);
  const difference2 = f32x4.mul(f32x4.splat(2), f32x4.sub(m3, m4));
  v128.store(to, f32x4.mul(four, m0));
  v128.store(to + step, f32x4.sub(madd(four, f32x4.sub(m5, difference1), f32x4.splat(0)), difference2));
  v128.store(to + step * 2, f32x4.sub(madd(f32x4.splat(-5), m0, madd(f32x4.splat(-4), sum1, f32x4.splat(0))), sum2));
  v128.store(to + step * 3, f32x4.add(madd(f32x4.splat(-5), m5, difference1), difference2));
  v128.store(to + step * 4, f32x4.add(m0, f32x4.add(sum1, sum2)));
  v128.store(to + step * 5, m5);
}

/** to = Aᵀ · from + shift, six to four. */
// @ts-ignore: decorator
@inline
export function outputTransform(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize, shift: v128): void {
  const sum1 = f32x4.add(m1, m2);
  const difference1 = f32x4.sub(m1, m2);
  const sum2 = f32x4.add(m3, m4);
  const difference2 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, shift), f32x4.add(sum1, sum2)));
  v128.store(to + step, madd(f32x4.splat(2), difference2, f32x4.add(difference1, shift)));
  v128.store(to + step * 2, madd(f32x4.splat(4), sum2, f32x4.add(sum1, shift)));
  v128.store(to + step * 3, f32x4.add(f32x4.add(m5, shift), madd(f32x4.splat(8), difference2, difference1)));
}

/** to = A · from, four to six: the transpose of outputTransform. */
// @ts-ignore: decorator
@inline
export function outputTransposed(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, step: usize): void {
  const even1 = f32x4.add(y0, y2);
  const odd1 = f32x4.add(y1, y3);
  const even2 = madd(f32x4.splat(4), y2, y0);
  const odd2 = madd(f32x4.splat(8), y3, f32x4.add(y1, y1));
  v128.store(to, y0);
  v128.store(to + step, f32x4.add(even1, odd1));
  v128.store(to + step * 2, f32x4.sub(even1, odd1));
  v128.store(to + step * 3, f32x4.add(even2, odd2));
  v128.store(to + step * 4, f32x4.sub(even2, odd2));
  v128.store(to + step * 5, y3);
}

/** to = G · from, three to six. */
// @ts-ignore: decorator
@inline
export function filterTransform(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const quarter = f32x4.splat(0.25);
  const sixth = f32x4.splat(<f32>(-1.0 / 6));
  const ends = f32x4.mul(sixth, f32x4.add(g0, g2));
  const middle = f32x4.mul(sixth, g1);
  const ends2 = madd(f32x4.splat(<f32>(1.0 / 24)), g0, f32x4.mul(f32x4.splat(<f32>(1.0 / 6)), g2));
  const middle2 = f32x4.mul(f32x4.splat(<f32>(1.0 / 12)), g1);
  v128.store(to, f32x4.mul(quarter, g0));
  v128.store(to + step, f32x4.add(ends, middle));
  v128.store(to + step * 2, f32x4.sub(ends, middle));
  v128.store(to + step * 3, f32x4.add(ends2, middle2));
  v128.store(to + step * 4, f32x4.sub(ends2, middle2));
  v128.store(to + step * 5, g2);
}

/** to = Gᵀ · from, six to three. */
// @ts-ignore: decorator
@inline
export function filterTransposed(u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(<f32>(-1.0 / 6));
  const sum1 = f32x4.mul(sixth, f32x4.add(u1, u2));
  const difference1 = f32x4.mul(sixth, f32x4.sub(u1, u2));
  const sum2 = f32x4.add(u3, u4);
  const difference2 = f32x4.sub(u3, u4);
  v128.store(to, f32x4.add(madd(f32x4.splat(0.25), u0, sum1), f32x4.mul(f32x4.splat(<f32>(1.0 / 24)), sum2)));
  v128.store(to + step, madd(f32x4.splat(<f32>(1.0 / 12)), difference2, difference1));
  v128.store(to + step * 2, madd(f32x4.splat(<f32>(1.0 / 6)), sum2, f32x4.add(sum1, u5)));
}
