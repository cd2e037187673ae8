/** The way back through a GRU: the formulas of gru.ts, differentiated. */
import { sumRows } from "./elementwise";
import { ACCUMULATE, START } from "./matMul";
import { addOutputGradient, throughActivation } from "./recurrence";
import { weightGradients } from "./recurrentGradients";
import { normalizeSumsGradient } from "./recurrentNorm";
import {
  candidatePanels,
  candidatePart,
  candidateStatistics,
  dInner,
  dSumH,
  gainH,
  gainX,
  gates,
  hs,
  inner,
  mask,
  panels,
  startBackward,
  statisticsH,
  statisticsX,
  sumH,
  sumX,
} from "./recurrentPlaces";
import { pack, packedProduct } from "./recurrentProducts";
import { activation, batch, gateActivation, norm, resetAfter, rows, started, steps, units } from "./recurrentSettings";
import { bytes, clear, put, take } from "./simd";

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last state to those
 * of all weights and of the first state, and of the sums that x went into (those of the gates, then the candidate's),
 * which `recurrentInputGradient` makes dx of. dH is where the state's gradient goes on to the first step.
 */
export function gruGradient(
  x: usize,
  recurrent: usize,
  kept: usize,
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
  record: usize,
  epsilon: f32,
): void {
  startBackward(x, dLastH, dH, kept, scratch, record, epsilon);
  const width = units * 3;
  const two = units * 2;
  const candidateColumns = bytes(two);
  const stateStep = bytes(batch * units);
  const dGates = dSums;
  const dCandidates = candidatePart(dSums);
  const dInnerBias = dBias + bytes(width + two);
  if (norm) {
    clear(dGammaX, width);
    clear(dBias, width);
    clear(dGammaH, width);
    clear(dInnerBias, units);
  }

  pack(recurrent, 4, bytes(width), two, units, panels);
  pack(recurrent + candidateColumns, 4, bytes(width), units, units, candidatePanels);
  for (let s = steps - 1; s >= 0; s--) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    const dGate = dGates + at * 2;
    const dCandidate = dCandidates + at;
    const dProduct = dInner + at;
    if (dOutputs) addOutputGradient(dOutputs, dH, s);
    throughBlend(gate, candidatePart(gates) + at, h, dH, dGate, dCandidate, mask + bytes(s * batch));
    if (resetAfter) {
      throughReset(gate, inner + at, dCandidate, dGate, dProduct, false);
      if (norm) {
        const sum = candidatePart(sumH) + at;
        const gain = gainH + candidateColumns;
        const dGamma = dGammaH + candidateColumns;
        const statistics = candidateStatistics(statisticsH);
        normalizeSumsGradient(sum, dProduct, gain, dProduct, dGamma, dInnerBias, statistics, s, 1, units);
      }
      if (s > 0 || started) packedProduct(dProduct, candidatePanels, dH, batch, units, units, 0, ACCUMULATE);
    } else {
      packedProduct(dCandidate, candidatePanels, dProduct, batch, units, units, 0, START);
      throughReset(gate, h, dProduct, dGate, dH, true);
    }
    let dSum = dGate;
    if (norm) {
      dSum = dSumH + at * 2;
      normalizeSumsGradient(sumH + at * 2, dGate, gainH, dSum, dGammaH, 0, statisticsH, s, 1, two);
    }
    if (s > 0 || started) packedProduct(dSum, panels, dH, batch, two, units, 0, ACCUMULATE);
  }

  const dCandidateBias = dBias + candidateColumns;
  if (norm) {
    normalizeSumsGradient(sumX, dGates, gainX, dGates, dGammaX, dBias, statisticsX, 0, steps, two);
    const sum = candidatePart(sumX);
    const gain = gainX + candidateColumns;
    const dGamma = dGammaX + candidateColumns;
    const statistics = candidateStatistics(statisticsX);
    normalizeSumsGradient(sum, dCandidates, gain, dCandidates, dGamma, dCandidateBias, statistics, 0, steps, units);
  } else {
    sumRows(dGates, dBias, rows, two);
    sumRows(dCandidates, dCandidateBias, rows, units);
    if (resetAfter) sumRows(dInner, dInnerBias, rows, units);
  }
  if (resetAfter) memory.copy(dBias + bytes(width), dBias, bytes(two));
  weightGradients(0, steps, hs, dGates, norm ? dSumH : dGates, two, dKernel, dRecurrent);
  // The candidate's columns; the recurrent kernel's were multiplied by h or by r ∘ h.
  const ofKernel = dKernel + candidateColumns;
  const ofRecurrent = dRecurrent + candidateColumns;
  if (resetAfter) weightGradients(0, steps, hs, dCandidates, dInner, units, ofKernel, ofRecurrent);
  else weightGradients(0, steps, inner, dCandidates, dCandidates, units, ofKernel, ofRecurrent);
}

/**
 * From h' = z h + (1 − z) g: the gradients of z's sum and of g's, and dH · z, which is what the state before gets of
 * it. A row that does not count keeps dH and has no other.
 */
function throughBlend(
  gate: usize,
  g: usize,
  h: usize,
  dH: usize,
  dGate: usize,
  dCandidate: usize,
  counts: usize,
): void {
  const row = bytes(units);
  const phi = activation;
  const rho = gateActivation;
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dGate, units * 2);
      clear(dCandidate, units);
    } else {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) {
        blendGroup(gate + u, g + u, h + u, dH + u, dGate + u, dCandidate + u, phi, rho, false);
      }
      for (; u < row; u += 4) blendGroup(gate + u, g + u, h + u, dH + u, dGate + u, dCandidate + u, phi, rho, true);
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
function blendGroup(
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
  const value = take(g, single);
  const d = take(dH, single);
  const dShare = f32x4.mul(d, f32x4.sub(take(h, single), value));
  put(dGate, throughActivation(gateActivation, z, dShare), single);
  put(dCandidate, throughActivation(activation, value, f32x4.mul(d, f32x4.sub(f32x4.splat(1), z))), single);
  put(dH, f32x4.mul(d, z), single);
}

/** From r ∘ x: the gradients of r's sum and of x; the latter is added to what is there if `add`. */
function throughReset(gate: usize, x: usize, dProduct: usize, dGate: usize, dX: usize, add: bool): void {
  const row = bytes(units);
  const rho = gateActivation;
  for (let n = 0; n < batch; n++) {
    const r = gate + row;
    const dR = dGate + row;
    let u: usize = 0;
    for (; u + 16 <= row; u += 16) resetGroup(r + u, x + u, dProduct + u, dR + u, dX + u, rho, add, false);
    for (; u < row; u += 4) resetGroup(r + u, x + u, dProduct + u, dR + u, dX + u, rho, add, true);
    gate += row * 2;
    x += row;
    dProduct += row;
    dGate += row * 2;
    dX += row;
  }
}

// @ts-ignore: decorator
@inline
function resetGroup(
  r: usize,
  x: usize,
  dProduct: usize,
  dR: usize,
  dX: usize,
  gateActivation: i32,
  add: bool,
  single: bool,
): void {
  const share = take(r, single);
  const d = take(dProduct, single);
  const through = f32x4.mul(d, share);
  put(dR, throughActivation(gateActivation, share, f32x4.mul(d, take(x, single))), single);
  put(dX, add ? f32x4.add(take(dX, single), through) : through, single);
}
