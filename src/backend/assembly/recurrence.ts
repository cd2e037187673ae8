/**
 * What the recurrent kernels (lstm.ts, gru.ts, simpleRnn.ts) share.
 *
 * They keep everything by steps, [steps, batch, …], so that a step's rows lie together, and so do all steps' rows where
 * one product does for all of them. A step is a time step, or, going backwards, steps − 1 − time.
 */
import { sigmoidValues, tanhValues } from "./functionValues";
import { backwards, batch, steps, units } from "./recurrentSettings";
import { bytes, clear, put, take } from "./simd";

/** The activations by number; wasm/recurrent.ts has their names. */
const TANH = 1;
const SIGMOID = 2;
const HARD_SIGMOID = 3;
const RELU = 4;

/** y = activation(x) for n values; y may be x. Any other number is the linear one. */
export function activate(activation: i32, x: usize, y: usize, n: i32): void {
  if (activation === TANH) tanhValues(x, y, n);
  else if (activation === SIGMOID) sigmoidValues(x, y, n);
  else if (activation === HARD_SIGMOID) clipped(x, y, n, 0.2, 0.5, 1);
  else if (activation === RELU) clipped(x, y, n, 1, 0, Infinity);
  else if (x !== y) memory.copy(y, x, bytes(n));
}

/** y = min(max(slope · x + offset, 0), most) */
function clipped(x: usize, y: usize, n: i32, slope: f32, offset: f32, most: f32): void {
  const row = bytes(n);
  let i: usize = 0;
  for (; i + 16 <= row; i += 16) clippedGroup(x + i, y + i, slope, offset, most, false);
  for (; i < row; i += 4) clippedGroup(x + i, y + i, slope, offset, most, true);
}

// @ts-ignore: decorator
@inline
function clippedGroup(x: usize, y: usize, slope: f32, offset: f32, most: f32, single: bool): void {
  const line = f32x4.add(f32x4.mul(take(x, single), f32x4.splat(slope)), f32x4.splat(offset));
  put(y, f32x4.min(f32x4.max(line, f32x4.splat(0)), f32x4.splat(most)), single);
}

/** g · activation′, told from the activation's value y. Where a clipped one bends, its slope is 0. */
// @ts-ignore: decorator
@inline
export function throughActivation(activation: i32, y: v128, g: v128): v128 {
  const one = f32x4.splat(1);
  if (activation === SIGMOID) return f32x4.mul(g, f32x4.mul(y, f32x4.sub(one, y)));
  if (activation === TANH) return f32x4.mul(g, f32x4.sub(one, f32x4.mul(y, y)));
  const zero = f32x4.splat(0);
  if (activation === RELU) return v128.and(g, f32x4.gt(y, zero));
  if (activation === HARD_SIGMOID) {
    const inside = v128.and(f32x4.gt(y, zero), f32x4.lt(y, one));
    return v128.and(f32x4.mul(g, f32x4.splat(0.2)), inside);
  }
  return g;
}

/** [batch, steps, width] → [steps, batch, width], the last time step first if the layer goes backwards. */
export function toSteps(x: usize, y: usize, width: i32): void {
  const row = bytes(width);
  for (let s = 0; s < steps; s++) {
    let from = x + <usize>(backwards ? steps - 1 - s : s) * row;
    for (let n = 0; n < batch; n++) {
      memory.copy(y, from, row);
      from += <usize>steps * row;
      y += row;
    }
  }
}

/** [steps, batch, width] → [batch, steps, width], the last step first if `reversed`. */
export function fromSteps(x: usize, y: usize, width: i32, reversed: i32): void {
  const row = bytes(width);
  for (let s = 0; s < steps; s++) {
    let to = y + <usize>(reversed ? steps - 1 - s : s) * row;
    for (let n = 0; n < batch; n++) {
      memory.copy(to, x, row);
      to += <usize>steps * row;
      x += row;
    }
  }
}

/** y = x for n values, or 0 where there is no x. */
export function copyOrClear(x: usize, y: usize, n: i32): void {
  if (x) memory.copy(y, x, bytes(n));
  else clear(y, n);
}

/** sum += x for n values */
export function addTo(sum: usize, x: usize, n: i32): void {
  const row = bytes(n);
  let i: usize = 0;
  for (; i + 16 <= row; i += 16) v128.store(sum + i, f32x4.add(v128.load(sum + i), v128.load(x + i)));
  for (; i < row; i += 4) store<f32>(sum + i, load<f32>(sum + i) + load<f32>(x + i));
}

/** The gradient of the states after step s, plus what comes from the output [batch, steps, units] of that step. */
export function addOutputGradient(dOutput: usize, dh: usize, s: i32): void {
  const row = bytes(units);
  let from = dOutput + <usize>s * row;
  for (let n = 0; n < batch; n++) {
    addTo(dh, from, units);
    dh += row;
    from += <usize>steps * row;
  }
}

// Where the kernels put what they need while they run, one after the other. The same lines that give out the room
// say how much it is, when they start at 0.

let free: usize = 0;

export function startRoom(at: usize): void {
  free = at;
}

export function room(values: i32): usize {
  const at = free;
  free += bytes(values);
  return at;
}

/** The values given out since a start at 0. */
export function roomTaken(): i32 {
  return <i32>(free >> 2);
}
