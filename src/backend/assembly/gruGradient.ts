/** The way back through a GRU: the formulas of gru.ts, differentiated. */
import { sumRows } from "./elementwise";
import {
  candidate,
  candidatePanels,
  dInner,
  dSumH,
  gainH,
  gainX,
  gatePanels,
  gates,
  hs,
  inner,
  mask,
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
import { addOutputGradient, throughActivation, toSteps } from "./recurrence";
import { normalizeSumsGradient, startNorm } from "./recurrentNorm";
import { pack, packedProduct, stateProduct, transposedProduct } from "./recurrentProducts";
import { bytes, clear, put, take } from "./simd";

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last state to those of
 * all weights and of the first state, and of the sums that x went into (those of the gates, then the candidate's), which
 * `recurrentInputGradient` makes dx of. dH is where the state's gradient goes on to the first step.
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
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  resetAfter: i32,
  started: i32,
  norm: i32,
  epsilon: f32,
): void {
  placeMemory(kept, batch, steps, units, norm);
  placeScratch(scratch, batch, steps, inputs, units, norm);
  const rows = batch * steps;
  const width = units * 3;
  const two = units * 2;
  const stateStep = bytes(batch * units);
  const dGates = dSums;
  const dCandidate = dSums + bytes(rows * two);
  const dInnerBias = dBias + bytes(width + two);
  memory.copy(dH, dLastH, stateStep);
  if (norm) {
    startNorm();
    clear(dGammaX, width);
    clear(dBias, width);
    clear(dGammaH, width);
    clear(dInnerBias, units);
  }

  pack(recurrent, 4, bytes(width), two, units, gatePanels);
  pack(recurrent + bytes(two), 4, bytes(width), units, units, candidatePanels);
  for (let s = steps - 1; s >= 0; s--) {
    const at = <usize>s * stateStep;
    const h = hs + at;
    const gate = gates + at * 2;
    const dGate = dGates + at * 2;
    const dProduct = dInner + at;
    if (dOutputs) addOutputGradient(dOutputs, dH, s, batch, steps, units);
    const counts = mask + bytes(s * batch);
    const from = s * batch;
    const dNew = dCandidate + at;
    throughBlend(gate, candidate + at, h, dH, dGate, dNew, counts, batch, units, activation, gateActivation);
    if (resetAfter) {
      throughResetAfter(gate, inner + at, dNew, dGate, dProduct, batch, units, gateActivation);
      if (norm) {
        const gain = gainH + bytes(two);
        const dGamma = dGammaH + bytes(two);
        const statistics = statisticsHCandidate;
        normalizeSumsGradient(
          sumHCandidate + at, dProduct, gain, dProduct, dGamma, dInnerBias, statistics, from, batch, rows, units, epsilon,
        );
      }
      if (s > 0 || started) {
        packedProduct(dProduct, candidatePanels, dH, units, batch, units, units, 0, ACCUMULATE, work);
      }
    } else {
      packedProduct(dNew, candidatePanels, dProduct, units, batch, units, units, 0, START, work);
      throughResetBefore(gate, h, dProduct, dGate, dH, batch, units, gateActivation);
    }
    let dSum = dGate;
    if (norm) {
      dSum = dSumH + at * 2;
      const sum = sumHGates + at * 2;
      normalizeSumsGradient(sum, dGate, gainH, dSum, dGammaH, 0, statisticsHGates, from, batch, rows, two, epsilon);
    }
    if (s > 0 || started) packedProduct(dSum, gatePanels, dH, units, batch, two, units, 0, ACCUMULATE, work);
  }

  if (norm) {
    normalizeSumsGradient(
      sumXGates, dGates, gainX, dGates, dGammaX, dBias, statisticsXGates, 0, rows, rows, two, epsilon,
    );
    const gain = gainX + bytes(two);
    const dGamma = dGammaX + bytes(two);
    const dOffset = dBias + bytes(two);
    normalizeSumsGradient(
      sumXCandidate, dCandidate, gain, dCandidate, dGamma, dOffset, statisticsXCandidate, 0, rows, rows, units, epsilon,
    );
  } else {
    sumRows(dGates, dBias, rows, two);
    sumRows(dCandidate, dBias + bytes(two), rows, units);
    if (resetAfter) sumRows(dInner, dInnerBias, rows, units);
  }
  if (resetAfter) memory.copy(dBias + bytes(width), dBias, bytes(two));
  toSteps(x, xs, batch, steps, inputs, backwards);
  transposedProduct(xs, inputs, dGates, two, rows, dKernel, width, START, work);
  transposedProduct(xs, inputs, dCandidate, units, rows, dKernel + bytes(two), width, START, work);
  stateProduct(hs, units, norm ? dSumH : dGates, two, batch, steps, started, dRecurrent, width, work);
  const factor = resetAfter ? hs : inner;
  const dFactor = resetAfter ? dInner : dCandidate;
  stateProduct(factor, units, dFactor, units, batch, steps, started, dRecurrent + bytes(two), width, work);
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
        blendGradientGroup(
          gate + u,
          g + u,
          h + u,
          dH + u,
          dGate + u,
          dCandidate + u,
          activation,
          gateActivation,
          false,
        );
      }
      for (; u < row; u += 4) {
        blendGradientGroup(
          gate + u,
          g + u,
          h + u,
          dH + u,
          dGate + u,
          dCandidate + u,
          activation,
          gateActivation,
          true,
        );
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
  const value = take(g, single);
  const d = take(dH, single);
  const dShare = f32x4.mul(d, f32x4.sub(take(h, single), value));
  put(dGate, throughActivation(gateActivation, z, dShare), single);
  put(dCandidate, throughActivation(activation, value, f32x4.mul(d, f32x4.sub(f32x4.splat(1), z))), single);
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
    for (; u + 16 <= row; u += 16) resetBeforeGroup(
      r + u,
      h + u,
      dProduct + u,
      dR + u,
      dH + u,
      gateActivation,
      false,
    );
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
