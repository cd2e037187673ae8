/**
 * What every kernel is made of. All addresses are byte offsets into the heap of tfjs-backend-wasm, whose
 * memory is imported; nothing here allocates. A v128 holds four float32 values, called a lane group below.
 */

/** a · b + c. Built with FMA=1 it is one instruction that rounds once, wherever the processor has it. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (isDefined(FMA)) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(a: v128): f32 {
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Bytes of n float32 values. */
// @ts-ignore: decorator
@inline
export function bytes(n: i32): usize {
  return (<usize>n) << 2;
}

/** Sets n float32 values to 0. */
// @ts-ignore: decorator
@inline
export function clear(p: usize, n: i32): void {
  memory.fill(p, 0, bytes(n));
}

/** Four values, or, where a row ends before the next four, a single one in the first lane. */
// @ts-ignore: decorator
@inline
export function take(p: usize, single: bool): v128 {
  return single ? v128.load32_zero(p) : v128.load(p);
}

/** Stores what `take` took. */
// @ts-ignore: decorator
@inline
export function put(p: usize, values: v128, single: bool): void {
  if (single) v128.store32_lane(p, values, 0);
  else v128.store(p, values);
}
