/**
 * A whole GRU over time, forward and back (Cho et al. 2014; gates in Keras's order):
 *
 *   [z r] = ρ(x K + h R + b)        g = φ(x Kg + b + (r ∘ h) Rg)               h' = z h + (1 − z) g
 *   or, with the reset after the product (`resetAfter`)
 *                                   g = φ(x Kg + b + r ∘ (h Rg + b'))
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 23–26), which has the reset after: LN of each product, those of the
 * gates z, r and of the candidate g apart; what it calls z is 1 − z here. Batch norm takes its place with
 * statistics over the batch for each step.
 *
 * Gates and candidate lie in two blocks, [steps, batch, 2 units] and [steps, batch, units]. What the way back needs is
 * left in `memory`; a masked row carries its state on.
 */
import { ACCUMULATE, START } from "./matMul";
import { activate, addTo, copyOrClear } from "./recurrence";
import { addNormalized, normalizeSums } from "./recurrentNorm";
import {
  candidatePanels,
  candidatePart,
  candidateStatistics,
  finishForward,
  gainH,
  gainX,
  gateBias,
  gates,
  hs,
  inner,
  mask,
  normalizedH,
  panels,
  startForward,
  statisticsH,
  statisticsX,
  sumH,
  sumX,
  xs,
} from "./recurrentPlaces";
import { pack, packedProduct } from "./recurrentProducts";
import {
  activation,
  batch,
  gateActivation,
  inputs,
  norm,
  resetAfter,
  rows,
  started,
  steps,
  units,
} from "./recurrentSettings";
import { bytes, put, take } from "./simd";

/**
 * x [batch, steps, inputs] → h after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units].
 * The bias has two rows with the reset after, else one. 0 in place of bias, h0 and maskIn says that there is none;
 * batch norm's statistics go to statisticsOut.
 */
export function gru(
  x: usize,
  kernel: usize,
  recurrent: usize,
  bias: usize,
  h0: usize,
  maskIn: usize,
  gammaX: usize,
  gammaH: usize,
  outputs: usize,
  lastH: usize,
  statisticsOut: usize,
  kept: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startForward(x, h0, maskIn, gammaX, gammaH, kept, scratch, record, epsilon);
  const width = units * 3;
  const two = units * 2;
  const stateStep = bytes(batch * units);
  const candidates = candidatePart(gates);
  copyOrClear(bias, gateBias, two);
  if (bias && resetAfter) addTo(gateBias, bias + bytes(width), two);
  const candidateBias = bias ? bias + bytes(two) : 0;
  const innerBias = bias ? bias + bytes(width + two) : 0;

  pack(kernel, bytes(width), 4, inputs, two, panels);
  pack(kernel + bytes(two), bytes(width), 4, inputs, units, candidatePanels);
  if (norm) {
    const own = candidatePart(sumX);
    packedProduct(xs, panels, sumX, rows, inputs, two, 0, START);
    packedProduct(xs, candidatePanels, own, rows, inputs, units, 0, START);
    normalizeSums(sumX, gainX, gateBias, gates, statisticsX, 0, steps, two);
    const statistics = candidateStatistics(statisticsX);
    normalizeSums(own, gainX + bytes(two), candidateBias, candidates, statistics, 0, steps, units);
  } else {
    packedProduct(xs, panels, gates, rows, inputs, two, gateBias, START);
    packedProduct(xs, candidatePanels, candidates, rows, inputs, units, candidateBias, START);
  }

  pack(recurrent, bytes(width), 4, units, two, panels);
  pack(recurrent + bytes(two), bytes(width), 4, units, units, candidatePanels);
  for (let s = 0; s < steps; s++) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    const candidate = candidates + at;
    const product = inner + at;
    if (norm) {
      const sum = sumH + at * 2;
      const own = candidatePart(sumH) + at;
      packedProduct(h, panels, sum, batch, units, two, 0, START);
      addNormalized(sum, gainH, gate, statisticsH, s, two, normalizedH);
      packedProduct(h, candidatePanels, own, batch, units, units, 0, START);
      normalizeSums(own, gainH + bytes(two), innerBias, product, candidateStatistics(statisticsH), s, 1, units);
    } else {
      if (s > 0 || started) packedProduct(h, panels, gate, batch, units, two, 0, ACCUMULATE);
      if (resetAfter) packedProduct(h, candidatePanels, product, batch, units, units, innerBias, START);
    }
    activate(gateActivation, gate, gate, batch * two);
    if (resetAfter) {
      reset(gate, product, candidate, true);
    } else {
      reset(gate, h, product, false);
      packedProduct(product, candidatePanels, candidate, batch, units, units, 0, ACCUMULATE);
    }
    activate(activation, candidate, candidate, batch * units);
    blend(gate, candidate, h, h + stateStep, mask + bytes(s * batch));
  }
  finishForward(lastH, outputs, statisticsOut);
}

/** y = r ∘ x of a step, added to what is there if `add`. */
function reset(gate: usize, x: usize, y: usize, add: bool): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) resetGroup(r + u, x + u, y + u, add, false);
    for (; u < row; u += 4) resetGroup(r + u, x + u, y + u, add, true);
    gate += row * 2;
    x += row;
    y += row;
  }
}

// @ts-ignore: decorator
@inline
function resetGroup(r: usize, x: usize, y: usize, add: bool, single: bool): void {
  const product = f32x4.mul(take(r, single), take(x, single));
  put(y, add ? f32x4.add(take(y, single), product) : product, single);
}

/** h' = z h + (1 − z) g of a step. */
function blend(gate: usize, g: usize, h: usize, next: usize, counts: usize): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      memory.copy(next, h, row);
    } else {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) blendGroup(gate + u, g + u, h + u, next + u, false);
      for (; u < row; u += 4) blendGroup(gate + u, g + u, h + u, next + u, true);
    }
    gate += row * 2;
    g += row;
    h += row;
    next += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function blendGroup(z: usize, g: usize, h: usize, next: usize, single: bool): void {
  const share = take(z, single);
  const kept = f32x4.mul(share, take(h, single));
  put(next, f32x4.add(kept, f32x4.mul(f32x4.sub(f32x4.splat(1), share), take(g, single))), single);
}
