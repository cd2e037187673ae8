/**
 * A whole GRU over time, forward and back (Cho et al. 2014; gates in Keras's order):
 *
 *   [z r] = ρ(x K + h R + b)        g = φ(x Kg + b + (r ∘ h) Rg)               h' = z h + (1 − z) g
 *   or, with the reset after the product (`resetAfter`)
 *                                   g = φ(x Kg + b + r ∘ (h Rg + b'))
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 23–26), which has the reset after: LN of each product, those of the
 * gates z, r and of the candidate g apart; what it calls z is 1 − z here.
 *
 * Gates and candidate lie in two blocks, [steps, batch, 2 units] and [steps, batch, units]. What the way back needs is
 * left in `memory`; a masked row carries its state on.
 */
import { ACCUMULATE, START, packPanels } from "./matMul";
import { normalizeRows, normalizeRowsGradient } from "./normalizeRows";
import { sumRows } from "./elementwise";
import {
  SPARE,
  activate,
  addOutputGradient,
  addTo,
  copyOrClear,
  fromSteps,
  packedProduct,
  panelValues,
  placeMask,
  room,
  roomTaken,
  startRoom,
  throughActivation,
  toSteps,
  transposedProduct,
  transposedRoom,
} from "./recurrence";
import { bytes, clear, put, take } from "./simd";

// The places in `memory`, by steps. hs has one more: the state before the first.
let hs: usize = 0;
let gates: usize = 0;
let candidate: usize = 0;
/** h Rg + b' with the reset after, r ∘ h with it before. */
let inner: usize = 0;
let mask: usize = 0;
// With layer norm only: gains, sums before it, and for each row's mean and variance.
let gainX: usize = 0;
let gainH: usize = 0;
let sumXGates: usize = 0;
let sumXCandidate: usize = 0;
let sumHGates: usize = 0;
let sumHCandidate: usize = 0;
let statisticsXGates: usize = 0;
let statisticsXCandidate: usize = 0;
let statisticsHGates: usize = 0;
let statisticsHCandidate: usize = 0;

function placeMemory(memory: usize, batch: i32, steps: i32, units: i32, normalized: i32): void {
  const rows = batch * steps;
  startRoom(memory);
  hs = room((rows + batch) * units);
  gates = room(rows * units * 2);
  candidate = room(rows * units);
  inner = room(rows * units);
  mask = room(rows);
  if (!normalized) return;
  gainX = room(units * 3);
  gainH = room(units * 3);
  sumXGates = room(rows * units * 2);
  sumXCandidate = room(rows * units);
  sumHGates = room(rows * units * 2);
  sumHCandidate = room(rows * units);
  statisticsXGates = room(rows * 2);
  statisticsXCandidate = room(rows * 2);
  statisticsHGates = room(rows * 2);
  statisticsHCandidate = room(rows * 2);
}

/** The values of `memory`. */
export function gruMemory(batch: i32, steps: i32, units: i32, normalized: i32): i32 {
  placeMemory(0, batch, steps, units, normalized);
  return roomTaken();
}

// The places in scratch. Those of both ways:
let spare: usize = 0;
let xs: usize = 0;
let gatePanels: usize = 0;
let candidatePanels: usize = 0;
let zeros: usize = 0;
// Forward: the sum of both biases of the gates, and, with layer norm, LN(h R) of a step's gates.
let gateBias: usize = 0;
let normalizedH: usize = 0;
// Backward: the panels of transposed products; the gradients of `inner` and of the gates' h R.
let transposed: usize = 0;
let dInner: usize = 0;
let dSumH: usize = 0;
let dGain: usize = 0;
let dOffset: usize = 0;

function placeScratch(scratch: usize, batch: i32, steps: i32, inputs: i32, units: i32, normalized: i32): void {
  const rows = batch * steps;
  startRoom(scratch);
  spare = room(SPARE);
  xs = room(rows * inputs);
  gatePanels = room(max(panelValues(max(inputs, units), units * 2), panelValues(units * 2, units)));
  candidatePanels = room(panelValues(max(inputs, units), units));
  gateBias = room(units * 2);
  transposed = room(transposedRoom(max(inputs, units), units * 2));
  dInner = room(rows * units);
  if (!normalized) return;
  zeros = room(max(rows, units * 2));
  normalizedH = room(batch * units * 2);
  dSumH = room(rows * units * 2);
  dGain = room(units * 2);
  dOffset = room(units * 2);
}

/** The values of `scratch`, of either way. */
export function gruScratch(batch: i32, steps: i32, inputs: i32, units: i32, normalized: i32): i32 {
  placeScratch(0, batch, steps, inputs, units, normalized);
  return roomTaken();
}

/**
 * x [batch, steps, inputs] → h after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units]. The
 * bias has two rows with the reset after, else one. 0 in place of bias, h0 and maskIn says that there is none; 0 in place of
 * gammaX, that there is no layer norm.
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
  memory_: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  resetAfter: i32,
  epsilon: f32,
): void {
  const normalized = gammaX ? 1 : 0;
  placeMemory(memory_, batch, steps, units, normalized);
  placeScratch(scratch, batch, steps, inputs, units, normalized);
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
  let innerBias = bias ? bias + bytes(width + two) : 0;

  packPanels(kernel, bytes(width), 4, inputs, two, gatePanels);
  packPanels(kernel + bytes(two), bytes(width), 4, inputs, units, candidatePanels);
  if (normalized) {
    clear(zeros, max(rows, two));
    memory.copy(gainX, gammaX, bytes(width));
    memory.copy(gainH, gammaH, bytes(width));
    if (!innerBias) innerBias = zeros;
    packedProduct(xs, gatePanels, sumXGates, two, rows, inputs, two, 0, START, spare);
    packedProduct(xs, candidatePanels, sumXCandidate, units, rows, inputs, units, 0, START, spare);
    normalize(sumXGates, gainX, gateBias, gates, statisticsXGates, 0, rows, rows, two, epsilon);
    const offset = candidateBias ? candidateBias : zeros;
    normalize(sumXCandidate, gainX + bytes(two), offset, candidate, statisticsXCandidate, 0, rows, rows, units, epsilon);
  } else {
    packedProduct(xs, gatePanels, gates, two, rows, inputs, two, gateBias, START, spare);
    packedProduct(xs, candidatePanels, candidate, units, rows, inputs, units, candidateBias, START, spare);
  }

  packPanels(recurrent, bytes(width), 4, units, two, gatePanels);
  packPanels(recurrent + bytes(two), bytes(width), 4, units, units, candidatePanels);
  for (let s = 0; s < steps; s++) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    if (normalized) {
      packedProduct(h, gatePanels, sumHGates + at * 2, two, batch, units, two, 0, START, spare);
      normalize(sumHGates + at * 2, gainH, zeros, normalizedH, statisticsHGates, s * batch, batch, rows, two, epsilon);
      addTo(gate, normalizedH, batch * two);
      packedProduct(h, candidatePanels, sumHCandidate + at, units, batch, units, units, 0, START, spare);
      normalize(
        sumHCandidate + at, gainH + bytes(two), innerBias, inner + at, statisticsHCandidate, s * batch, batch, rows, units, epsilon,
      );
    } else {
      packedProduct(h, gatePanels, gate, two, batch, units, two, 0, ACCUMULATE, spare);
      if (resetAfter) packedProduct(h, candidatePanels, inner + at, units, batch, units, units, innerBias, START, spare);
    }
    activate(gateActivation, gate, gate, batch * two);
    if (resetAfter) {
      addReset(gate, inner + at, candidate + at, batch, units);
    } else {
      reset(gate, h, inner + at, batch, units);
      packedProduct(inner + at, candidatePanels, candidate + at, units, batch, units, units, 0, ACCUMULATE, spare);
    }
    activate(activation, candidate + at, candidate + at, batch * units);
    blend(gate, candidate + at, h, h + stateStep, mask + bytes(s * batch), batch, units);
  }

  memory.copy(lastH, hs + <usize>steps * stateStep, stateStep);
  if (outputs) fromSteps(hs + stateStep, outputs, batch, steps, units, 0);
}

/** y = LN(x; γ, β) of some rows, the first of which is number `first` of `rows` in the statistics. */
// @ts-ignore: decorator
@inline
function normalize(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  statistics: usize,
  first: i32,
  count: i32,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const mean = statistics + bytes(first);
  normalizeRows(x, gamma, beta, y, mean, mean + bytes(rows), count, width, 1, epsilon);
}

/** The gradient of `normalize`, dγ and dβ of these rows alone; dx may be dy. */
// @ts-ignore: decorator
@inline
function normalizeGradient(
  x: usize,
  dy: usize,
  gamma: usize,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  statistics: usize,
  first: i32,
  count: i32,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const mean = statistics + bytes(first);
  normalizeRowsGradient(
    x, dy, gamma, mean, mean + bytes(rows), zeros, zeros, dx, dGamma, dBeta, count, width, 1, epsilon,
  );
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

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last state to those of
 * all weights and of the first state, and of the sums that x went into (those of the gates, then the candidate's), which
 * `recurrentInputGradient` makes dx of. dH is where the state's gradient goes on to the first step.
 */
export function gruGradient(
  x: usize,
  recurrent: usize,
  memory_: usize,
  dOutputs: usize,
  dLastH: usize,
  dSums: usize,
  dKernel: usize,
  dRecurrent: usize,
  dBias: usize,
  dH: usize,
  dGammaX: usize,
  dGammaH: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  resetAfter: i32,
  epsilon: f32,
): void {
  const normalized = dGammaX ? 1 : 0;
  placeMemory(memory_, batch, steps, units, normalized);
  placeScratch(scratch, batch, steps, inputs, units, normalized);
  const rows = batch * steps;
  const width = units * 3;
  const two = units * 2;
  const stateStep = bytes(batch * units);
  const dGates = dSums;
  const dCandidate = dSums + bytes(rows * two);
  const dInnerBias = dBias + bytes(width + two);
  memory.copy(dH, dLastH, stateStep);
  if (normalized) {
    clear(zeros, max(rows, two));
    clear(dGammaH, width);
    clear(dInnerBias, units);
  }

  packPanels(recurrent, 4, bytes(width), two, units, gatePanels);
  packPanels(recurrent + bytes(two), 4, bytes(width), units, units, candidatePanels);
  for (let s = steps - 1; s >= 0; s--) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    const dGate = dGates + at * 2;
    const dInner_ = dInner + at;
    if (dOutputs) addOutputGradient(dOutputs, dH, s, batch, steps, units);
    const counts = mask + bytes(s * batch);
    throughBlend(gate, candidate + at, h, dH, dGate, dCandidate + at, counts, batch, units, activation, gateActivation);
    if (resetAfter) {
      throughResetAfter(gate, inner + at, dCandidate + at, dGate, dInner_, batch, units, gateActivation);
      if (normalized) {
        const gain = gainH + bytes(two);
        normalizeGradient(
          sumHCandidate + at, dInner_, gain, dInner_, dGain, dOffset, statisticsHCandidate, s * batch, batch, rows, units, epsilon,
        );
        addTo(dGammaH + bytes(two), dGain, units);
        addTo(dInnerBias, dOffset, units);
      }
      packedProduct(dInner_, candidatePanels, dH, units, batch, units, units, 0, ACCUMULATE, spare);
    } else {
      packedProduct(dCandidate + at, candidatePanels, dInner_, units, batch, units, units, 0, START, spare);
      throughResetBefore(gate, h, dInner_, dGate, dH, batch, units, gateActivation);
    }
    let dSum = dGate;
    if (normalized) {
      dSum = dSumH + at * 2;
      normalizeGradient(
        sumHGates + at * 2, dGate, gainH, dSum, dGain, dOffset, statisticsHGates, s * batch, batch, rows, two, epsilon,
      );
      addTo(dGammaH, dGain, two);
    }
    packedProduct(dSum, gatePanels, dH, units, batch, two, units, 0, ACCUMULATE, spare);
  }

  if (normalized) {
    normalizeGradient(sumXGates, dGates, gainX, dGates, dGammaX, dBias, statisticsXGates, 0, rows, rows, two, epsilon);
    normalizeGradient(
      sumXCandidate, dCandidate, gainX + bytes(two), dCandidate, dGammaX + bytes(two), dBias + bytes(two), statisticsXCandidate, 0, rows, rows, units, epsilon,
    );
  } else {
    sumRows(dGates, dBias, rows, two);
    sumRows(dCandidate, dBias + bytes(two), rows, units);
    if (resetAfter) sumRows(dInner, dInnerBias, rows, units);
  }
  if (resetAfter) memory.copy(dBias + bytes(width), dBias, bytes(two));
  toSteps(x, xs, batch, steps, inputs, backwards);
  transposedProduct(xs, inputs, dGates, two, rows, dKernel, width, transposed, spare);
  transposedProduct(xs, inputs, dCandidate, units, rows, dKernel + bytes(two), width, transposed, spare);
  transposedProduct(hs, units, normalized ? dSumH : dGates, two, rows, dRecurrent, width, transposed, spare);
  const factor = resetAfter ? hs : inner;
  const dFactor = resetAfter ? dInner : dCandidate;
  transposedProduct(factor, units, dFactor, units, rows, dRecurrent + bytes(two), width, transposed, spare);
}

/**
 * From h' = z h + (1 − z) g: the gradients of z's sum and of g's, and dH · z, which is what the state before gets of it. A
 * row that does not count keeps dH and has no other.
 */
function throughBlend(
  gate: usize,
  g: usize,
  h: usize,
  dH: usize,
  dGate: usize,
  dCandidate: usize,
  counts: usize,
  batch: i32,
  units: i32,
  activation: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dGate, units * 2);
      clear(dCandidate, units);
    } else {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) {
        blendGradientGroup(gate + u, g + u, h + u, dH + u, dGate + u, dCandidate + u, activation, gateActivation, false);
      }
      for (; u < row; u += 4) {
        blendGradientGroup(gate + u, g + u, h + u, dH + u, dGate + u, dCandidate + u, activation, gateActivation, true);
      }
    }
    gate += row * 2;
    g += row;
    h += row;
    dH += row;
    dGate += row * 2;
    dCandidate += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function blendGradientGroup(
  gate: usize,
  g: usize,
  h: usize,
  dH: usize,
  dGate: usize,
  dCandidate: usize,
  activation: i32,
  gateActivation: i32,
  single: bool,
): void {
  const z = take(gate, single);
  const new_ = take(g, single);
  const d = take(dH, single);
  const dShare = f32x4.mul(d, f32x4.sub(take(h, single), new_));
  put(dGate, throughActivation(gateActivation, z, dShare), single);
  put(dCandidate, throughActivation(activation, new_, f32x4.mul(d, f32x4.sub(f32x4.splat(1), z))), single);
  put(dH, f32x4.mul(d, z), single);
}

/** From r ∘ q: the gradients of r's sum and of q, from that of the product. */
function throughResetAfter(
  gate: usize,
  q: usize,
  dProduct: usize,
  dGate: usize,
  dQ: usize,
  batch: i32,
  units: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    const dR = dGate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) resetAfterGroup(r + u, q + u, dProduct + u, dR + u, dQ + u, gateActivation, false);
    for (; u < row; u += 4) resetAfterGroup(r + u, q + u, dProduct + u, dR + u, dQ + u, gateActivation, true);
    gate += row * 2;
    q += row;
    dProduct += row;
    dGate += row * 2;
    dQ += row;
  }
}

// @ts-ignore: decorator
@inline
function resetAfterGroup(
  r: usize,
  q: usize,
  dProduct: usize,
  dR: usize,
  dQ: usize,
  gateActivation: i32,
  single: bool,
): void {
  const share = take(r, single);
  const d = take(dProduct, single);
  put(dR, throughActivation(gateActivation, share, f32x4.mul(d, take(q, single))), single);
  put(dQ, f32x4.mul(d, share), single);
}

/** From r ∘ h: the gradient of r's sum, and what h gets of it, added to dH. */
function throughResetBefore(
  gate: usize,
  h: usize,
  dProduct: usize,
  dGate: usize,
  dH: usize,
  batch: i32,
  units: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    const dR = dGate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) resetBeforeGroup(r + u, h + u, dProduct + u, dR + u, dH + u, gateActivation, false);
    for (; u < row; u += 4) resetBeforeGroup(r + u, h + u, dProduct + u, dR + u, dH + u, gateActivation, true);
    gate += row * 2;
    h += row;
    dProduct += row;
    dGate += row * 2;
    dH += row;
  }
}

// @ts-ignore: decorator
@inline
function resetBeforeGroup(
  r: usize,
  h: usize,
  dProduct: usize,
  dR: usize,
  dH: usize,
  gateActivation: i32,
  single: bool,
): void {
  const share = take(r, single);
  const d = take(dProduct, single);
  put(dR, throughActivation(gateActivation, share, f32x4.mul(d, take(h, single))), single);
  put(dH, f32x4.add(take(dH, single), f32x4.mul(d, share)), single);
}
