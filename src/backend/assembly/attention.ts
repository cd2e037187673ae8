/**
 * Scaled dot-product attention (Vaswani et al. 2017, equation 1) of several heads that lie side by side along the last
 * axis: no head is ever copied out whole. For each example and head, with one row a position,
 *
 *   S = scale · Q Kᵀ,   P = softmax(S) over the keys that a query may see,   O = P V.
 *
 * A block of queries at a time, so that S stays in the cache; where attention is causal, only up to the block's own end.
 */
import { START, packPanels } from "./matMul";
import { SPARE, multiplyPanels, packRows, whole } from "./product";
import { bytes, sumLanes } from "./simd";
import { dot, expOrZero } from "./rows";

/** Queries (or keys) in a block: two or three tiles of the matrix product. */
const BLOCK: i32 = 12;

/** The number, filled up to whole panels of eight columns. */
// @ts-ignore: decorator
@inline
function padded(n: i32): i32 {
  return (n + 7) & ~7;
}

/** The room that `attention` and `attentionGradient` need, in float32 values. */
export function attentionRoom(queries: i32, keys: i32, width: i32, valueWidth: i32): i32 {
  const widest = max(width, valueWidth);
  const left = whole(BLOCK) * max(max(queries, keys), widest);
  const right = max(queries, padded(keys)) * padded(width) + max(queries, padded(keys)) * padded(valueWidth);
  return SPARE + left + right + widest * padded(keys) + (queries + BLOCK * 2 + 1) * padded(keys);
}

/** How many of the first keys the queries before `end` may see, together. */
// @ts-ignore: decorator
@inline
function visible(end: i32, keys: i32, causal: i32): i32 {
  return causal ? min(end, keys) : keys;
}

/**
 * o = P V. q, k, v, o have rows of heads · width (valueWidth) values; p, [examples, heads, queries, keys], keeps P for the
 * gradient. mask, one byte a key of each example, is 0 where a key is padding, or is 0 itself where none is. A query that
 * may see no key at all gets zeros.
 */
export function attention(
  q: usize,
  k: usize,
  v: usize,
  mask: usize,
  o: usize,
  p: usize,
  examples: i32,
  queries: i32,
  keys: i32,
  heads: i32,
  width: i32,
  valueWidth: i32,
  causal: i32,
  scale: f32,
  room: usize,
): void {
  const row = bytes(heads * width);
  const valueRow = bytes(heads * valueWidth);
  const columns = padded(keys);
  const seen = room + bytes(SPARE);
  const s = seen + bytes(columns);
  const left = s + bytes(whole(BLOCK) * columns);
  const kPanels = left + bytes(whole(BLOCK) * max(keys, width));
  const vPanels = kPanels + bytes(width * columns);
  for (let n = 0; n < examples; n++) {
    markKeys(mask ? mask + <usize>(n * keys) : 0, seen, keys);
    for (let h = 0; h < heads; h++) {
      const qHead = q + <usize>(n * queries) * row + bytes(h * width);
      const oHead = o + <usize>(n * queries) * valueRow + bytes(h * valueWidth);
      packPanels(k + <usize>(n * keys) * row + bytes(h * width), 4, row, width, keys, kPanels);
      packPanels(v + <usize>(n * keys) * valueRow + bytes(h * valueWidth), valueRow, 4, keys, valueWidth, vPanels);
      for (let m = 0; m < queries; m += BLOCK) {
        const count = min(BLOCK, queries - m);
        const end = visible(m + BLOCK, keys, causal);
        packRows(qHead + <usize>m * row, row, 4, count, width, left);
        const panel = bytes(width * 8);
        multiplyPanels(left, kPanels, panel, s, bytes(columns), whole(count), width, padded(end), 0, START, room);
        for (let i = 0; i < count; i++) {
          const at = s + bytes(i * columns);
          softmaxRow(at, seen, visible(m + i + 1, keys, causal), padded(end), scale);
          copyAndClear(at, p, end, keys);
          p += bytes(keys);
        }
        packRows(s, bytes(columns), 4, count, end, left);
        const to = oHead + <usize>m * valueRow;
        multiplyPanels(left, vPanels, bytes(keys * 8), to, valueRow, count, end, valueWidth, 0, START, room);
      }
    }
  }
}

/** All bits of a value where its key may be seen, none where it is padding or there is no key. */
function markKeys(mask: usize, seen: usize, keys: i32): void {
  for (let j = 0; j < padded(keys); j++) {
    const isSeen = j < keys && (mask === 0 || load<u8>(mask + <usize>j) !== 0);
    store<i32>(seen + bytes(j), isSeen ? -1 : 0);
  }
}

/** s = softmax(scale · s) over the first `visible` values that are seen; 0 for the others up to `columns`. */
// @ts-ignore: decorator
@inline
function softmaxRow(s: usize, seen: usize, visible: i32, columns: i32, scale: f32): void {
  const row = bytes(columns);
  const scale4 = f32x4.splat(scale);
  const visible4 = i32x4.splat(visible);
  const none = f32x4.splat(-Infinity);
  let top4 = none;
  let any = i32x4.splat(0);
  let column = i32x4(0, 1, 2, 3);
  for (let i: usize = 0; i < row; i += 16) {
    const counts = v128.and(v128.load(seen + i), i32x4.lt_s(column, visible4));
    const value = v128.bitselect(f32x4.mul(v128.load(s + i), scale4), none, counts);
    v128.store(s + i, value);
    any = v128.or(any, counts);
    top4 = f32x4.pmax(top4, value);
    column = i32x4.add(column, i32x4.splat(4));
  }
  if (!v128.any_true(any)) {
    memory.fill(s, 0, row);
    return;
  }
  top4 = f32x4.pmax(top4, v128.shuffle<f32>(top4, top4, 2, 3, 0, 1));
  top4 = f32x4.pmax(top4, v128.shuffle<f32>(top4, top4, 1, 0, 3, 2));
  let sum4 = f32x4.splat(0);
  for (let i: usize = 0; i < row; i += 16) {
    const e = expOrZero(f32x4.sub(v128.load(s + i), top4));
    v128.store(s + i, e);
    sum4 = f32x4.add(sum4, e);
  }
  const factor = f32x4.splat(<f32>1 / sumLanes(sum4));
  for (let i: usize = 0; i < row; i += 16) v128.store(s + i, f32x4.mul(v128.load(s + i), factor));
}

/** `width` values of a row, of which those from `count` on, rounded up to a whole panel, are 0. */
// @ts-ignore: decorator
@inline
function copyAndClear(from: usize, to: usize, count: i32, width: i32): void {
  const row = bytes(width);
  const groups = row & ~15;
  const used = min(groups, bytes(padded(count)));
  let i: usize = 0;
  for (; i < used; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < groups; i += 16) v128.store(to + i, f32x4.splat(0));
  for (; i < row; i += 4) store<f32>(to + i, i < bytes(padded(count)) ? load<f32>(from + i) : 0);
}

/**
 * dV = Pᵀ dO,  dP = dO Vᵀ,  dS = scale · P ∘ (dP − Σ P ∘ dP over the keys),  dQ = dS K,  dK = dSᵀ Q.
 */
export function attentionGradient(
  q: usize,
  k: usize,
  v: usize,
  p: usize,
  dO: usize,
  dQ: usize,
  dK: usize,
  dV: usize,
  examples: i32,
  queries: i32,
  keys: i32,
  heads: i32,
  width: i32,
  valueWidth: i32,
  causal: i32,
  scale: f32,
  room: usize,
): void {
  const row = bytes(heads * width);
  const valueRow = bytes(heads * valueWidth);
  const columns = padded(keys);
  const dSRow = bytes(columns);
  const dS = room + bytes(SPARE);
  const dP = dS + bytes(queries * columns);
  const left = dP + bytes(whole(BLOCK) * columns);
  const right = left + bytes(whole(BLOCK) * max(max(queries, keys), valueWidth));
  const right2 = right + bytes(max(queries, keys) * padded(width));
  for (let n = 0; n < examples; n++) {
    for (let h = 0; h < heads; h++) {
      const queriesAt = <usize>(n * queries) * row + bytes(h * width);
      const keysAt = <usize>(n * keys) * row + bytes(h * width);
      const valuesAt = <usize>(n * keys) * valueRow + bytes(h * valueWidth);
      const dOHead = dO + <usize>(n * queries) * valueRow + bytes(h * valueWidth);
      packPanels(k + keysAt, row, 4, keys, width, right);
      packPanels(v + valuesAt, 4, valueRow, valueWidth, keys, right2);
      for (let m = 0; m < queries; m += BLOCK) {
        const count = min(BLOCK, queries - m);
        const end = visible(m + BLOCK, keys, causal);
        packRows(dOHead + <usize>m * valueRow, valueRow, 4, count, valueWidth, left);
        const panel = bytes(valueWidth * 8);
        multiplyPanels(left, right2, panel, dP, dSRow, whole(count), valueWidth, padded(end), 0, START, room);
        for (let i = 0; i < count; i++) {
          const at = bytes((m + i) * keys);
          softmaxRowGradient(p + at, dP + <usize>i * dSRow, dS + <usize>(m + i) * dSRow, end, scale);
        }
        packRows(dS + <usize>m * dSRow, dSRow, 4, count, end, left);
        const to = dQ + queriesAt + <usize>m * row;
        multiplyPanels(left, right, bytes(keys * 8), to, row, count, end, width, 0, START, room);
      }
      packPanels(q + queriesAt, row, 4, queries, width, right);
      packPanels(dOHead, valueRow, 4, queries, valueWidth, right2);
      for (let j = 0; j < keys; j += BLOCK) {
        const count = min(BLOCK, keys - j);
        // Queries before the block see none of its keys.
        const from = causal ? min(j, queries) : 0;
        const steps = queries - from;
        const panel = bytes(queries * 8);
        const skipped = bytes(from * 8);
        packRows(p + bytes(from * keys + j), 4, bytes(keys), count, steps, left);
        const dVTo = dV + valuesAt + <usize>j * valueRow;
        multiplyPanels(left, right2 + skipped, panel, dVTo, valueRow, count, steps, valueWidth, 0, START, room);
        packRows(dS + <usize>from * dSRow + bytes(j), 4, dSRow, count, steps, left);
        const dKTo = dK + keysAt + <usize>j * row;
        multiplyPanels(left, right + skipped, panel, dKTo, row, count, steps, width, 0, START, room);
      }
      p += bytes(queries * keys);
    }
  }
}

/** dS = scale · P ∘ (dP − Σ P ∘ dP) */
// @ts-ignore: decorator
@inline
function softmaxRowGradient(p: usize, dP: usize, dS: usize, width: i32, scale: f32): void {
  const row = bytes(width);
  const groups = row & ~15;
  const mean = dot(p, dP, width);
  const mean4 = f32x4.splat(mean);
  const scale4 = f32x4.splat(scale);
  let i: usize = 0;
  for (; i < groups; i += 16) {
    const slope = f32x4.sub(v128.load(dP + i), mean4);
    v128.store(dS + i, f32x4.mul(f32x4.mul(v128.load(p + i), scale4), slope));
  }
  for (; i < row; i += 4) store<f32>(dS + i, load<f32>(p + i) * scale * (load<f32>(dP + i) - mean));
}
