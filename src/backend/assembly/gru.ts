/**
 * A whole GRU over time, forward and back (Cho et al. 2014; gates in Keras's order):
 *
 *   [z r] = ρ(x K + h R + b)        g = φ(x Kg + b + (r ∘ h) Rg)               h' = z h + (1 − z) g
 *   or, with the reset after the product (`resetAfter`)
 *                                   g = φ(x Kg + b + r ∘ (h Rg + b'))
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 23–26), which has the reset after: LN of each product, those of the
 * gates z, r and of the candidate g apart; what it calls z is 1 − z here. Batch norm takes its place with statistics over the batch for each step.
 *
 * Gates and candidate lie in two blocks, [steps, batch, 2 units] and [steps, batch, units]. What the way back needs is
 * left in `memory`; a masked row carries its state on.
 */
import {
  candidate,
  candidatePanels,
  gainH,
  gainX,
  gateBias,
  gatePanels,
  gates,
  hs,
  inner,
  mask,
  normalizedH,
  placeMemory,
  placeScratch,
  statisticsHCandidate,
  statisticsHGates,
  statisticsXCandidate,
  statisticsXGates,
  sumHCandidate,
  sumHGates,
  sumXCandidate,
  sumXGates,
  work,
  xs,
} from "./gruPlaces";
import { ACCUMULATE, START } from "./matMul";
import { activate, addTo, copyOrClear, fromSteps, placeMask, toSteps } from "./recurrence";
import { addNormalized, normalizeSums, startNorm, statisticsValues } from "./recurrentNorm";
import { pack, packedProduct } from "./recurrentProducts";
import { bytes, put, take } from "./simd";

/**
 * x [batch, steps, inputs] → h after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units]. The
 * bias has two rows with the reset after, else one. 0 in place of bias, h0 and maskIn says that there is none; `norm` is 0 for none, 1 for
 * layer norm, 2 for batch norm, whose statistics go to statisticsOut: means and variances of each sum.
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
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  resetAfter: i32,
  norm: i32,
  epsilon: f32,
): void {
  placeMemory(kept, batch, steps, units, norm);
  placeScratch(scratch, batch, steps, inputs, units, norm);
  const rows = batch * steps;
  const width = units * 3;
  const two = units * 2;
  const stateStep = bytes(batch * units);
  copyOrClear(h0, hs, batch * units);
  placeMask(maskIn, mask, batch, steps, backwards);
  toSteps(x, xs, batch, steps, inputs, backwards);
  copyOrClear(bias, gateBias, two);
  if (bias && resetAfter) addTo(gateBias, bias + bytes(width), two);
  const candidateBias = bias ? bias + bytes(two) : 0;
  const innerBias = bias ? bias + bytes(width + two) : 0;

  pack(kernel, bytes(width), 4, inputs, two, gatePanels);
  pack(kernel + bytes(two), bytes(width), 4, inputs, units, candidatePanels);
  if (norm) {
    startNorm();
    memory.copy(gainX, gammaX, bytes(width));
    memory.copy(gainH, gammaH, bytes(width));
    packedProduct(xs, gatePanels, sumXGates, two, rows, inputs, two, 0, START, work);
    packedProduct(xs, candidatePanels, sumXCandidate, units, rows, inputs, units, 0, START, work);
    normalizeSums(sumXGates, gainX, gateBias, gates, statisticsXGates, 0, rows, rows, two, epsilon);
    const gain = gainX + bytes(two);
    const statistics = statisticsXCandidate;
    normalizeSums(sumXCandidate, gain, candidateBias, candidate, statistics, 0, rows, rows, units, epsilon);
  } else {
    packedProduct(xs, gatePanels, gates, two, rows, inputs, two, gateBias, START, work);
    packedProduct(xs, candidatePanels, candidate, units, rows, inputs, units, candidateBias, START, work);
  }

  pack(recurrent, bytes(width), 4, units, two, gatePanels);
  pack(recurrent + bytes(two), bytes(width), 4, units, units, candidatePanels);
  for (let s = 0; s < steps; s++) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    const from = s * batch;
    const product = inner + at;
    if (norm) {
      const sum = sumHGates + at * 2;
      packedProduct(h, gatePanels, sum, two, batch, units, two, 0, START, work);
      addNormalized(sum, gainH, gate, statisticsHGates, from, rows, two, epsilon, normalizedH);
      const own = sumHCandidate + at;
      const gain = gainH + bytes(two);
      packedProduct(h, candidatePanels, own, units, batch, units, units, 0, START, work);
      normalizeSums(own, gain, innerBias, product, statisticsHCandidate, from, batch, rows, units, epsilon);
    } else {
      if (s > 0 || h0) packedProduct(h, gatePanels, gate, two, batch, units, two, 0, ACCUMULATE, work);
      if (resetAfter) packedProduct(h, candidatePanels, product, units, batch, units, units, innerBias, START, work);
    }
    activate(gateActivation, gate, gate, batch * two);
    if (resetAfter) {
      addReset(gate, inner + at, candidate + at, batch, units);
    } else {
      reset(gate, h, inner + at, batch, units);
      packedProduct(inner + at, candidatePanels, candidate + at, units, batch, units, units, 0, ACCUMULATE, work);
    }
    activate(activation, candidate + at, candidate + at, batch * units);
    blend(gate, candidate + at, h, h + stateStep, mask + bytes(s * batch), batch, units);
  }

  memory.copy(lastH, hs + <usize>steps * stateStep, stateStep);
  if (outputs) fromSteps(hs + stateStep, outputs, batch, steps, units, 0);
  if (statisticsOut) {
    memory.copy(statisticsOut, statisticsXGates, bytes(statisticsValues(norm, batch, steps, width * 2)));
  }
}

/** sum += r ∘ x of a step. */
function addReset(gate: usize, x: usize, sum: usize, batch: i32, units: i32): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) addProduct(r + u, x + u, sum + u, false);
    for (; u < row; u += 4) addProduct(r + u, x + u, sum + u, true);
    gate += row * 2;
    x += row;
    sum += row;
  }
}

// @ts-ignore: decorator
@inline
function addProduct(a: usize, b: usize, sum: usize, single: bool): void {
  put(sum, f32x4.add(take(sum, single), f32x4.mul(take(a, single), take(b, single))), single);
}

/** y = r ∘ h of a step. */
function reset(gate: usize, h: usize, y: usize, batch: i32, units: i32): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) v128.store(y + u, f32x4.mul(v128.load(r + u), v128.load(h + u)));
    for (; u < row; u += 4) store<f32>(y + u, load<f32>(r + u) * load<f32>(h + u));
    gate += row * 2;
    h += row;
    y += row;
  }
}

/** h' = z h + (1 − z) g of a step. */
function blend(gate: usize, g: usize, h: usize, next: usize, counts: usize, batch: i32, units: i32): void {
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
