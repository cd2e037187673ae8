/**
 * A whole LSTM over time, forward and back (Hochreiter & Schmidhuber 1997, with forget gates; gates in Keras's order):
 *
 *   [i f g o] = x K + h R + b       c' = ρ(f) c + ρ(i) φ(g)       h' = ρ(o) φ(c')
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 20–22) the two products and c' go through one each:
 *
 *   [i f g o] = LN(x K; γx) + LN(h R; γh) + b       h' = ρ(o) φ(LN(c'; γc, βc))
 *
 * Batch norm (Cooijmans et al. 2016, eq. 6–8) takes the place of layer norm with statistics over the batch for each step.
 *
 * The input's product is one for all steps. What the way back needs is left in `memory`; a masked row carries its state on.
 */
import {
  cells,
  gainC,
  gainH,
  gainX,
  gates,
  hs,
  mask,
  normalizedH,
  panels,
  placeMemory,
  placeScratch,
  squashed,
  statisticsC,
  statisticsH,
  statisticsX,
  sumH,
  sumX,
  work,
  xs,
} from "./lstmPlaces";
import { ACCUMULATE, START } from "./matMul";
import { activate, copyOrClear, fromSteps, placeMask, toSteps } from "./recurrence";
import { addNormalized, normalizeSums, startNorm, statisticsValues } from "./recurrentNorm";
import { pack, packedProduct } from "./recurrentProducts";
import { bytes, put, take } from "./simd";

/**
 * x [batch, steps, inputs] → h and c after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units].
 * 0 in place of bias, h0, c0 and maskIn says that there is none; `norm` is 0 for
 * none, 1 for layer norm, 2 for batch norm, whose statistics go to statisticsOut: means and variances of each sum.
 */
export function lstm(
  x: usize,
  kernel: usize,
  recurrent: usize,
  bias: usize,
  h0: usize,
  c0: usize,
  maskIn: usize,
  gammaX: usize,
  gammaH: usize,
  gammaC: usize,
  betaC: usize,
  outputs: usize,
  lastH: usize,
  lastC: usize,
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
  norm: i32,
  epsilon: f32,
): void {
  placeMemory(kept, batch, steps, units, norm);
  placeScratch(scratch, batch, steps, inputs, units, norm);
  const rows = batch * steps;
  const width = units * 4;
  const stateStep = bytes(batch * units);
  const gateStep = bytes(batch * width);
  copyOrClear(h0, hs, batch * units);
  copyOrClear(c0, cells, batch * units);
  placeMask(maskIn, mask, batch, steps, backwards);
  toSteps(x, xs, batch, steps, inputs, backwards);

  pack(kernel, bytes(width), 4, inputs, width, panels);
  if (norm) {
    startNorm();
    memory.copy(gainX, gammaX, bytes(width));
    memory.copy(gainH, gammaH, bytes(width));
    memory.copy(gainC, gammaC, bytes(units));
    packedProduct(xs, panels, sumX, width, rows, inputs, width, 0, START, work);
    normalizeSums(sumX, gainX, bias, gates, statisticsX, 0, rows, rows, width, epsilon);
  } else {
    packedProduct(xs, panels, gates, width, rows, inputs, width, bias, START, work);
  }

  pack(recurrent, bytes(width), 4, units, width, panels);
  for (let s = 0; s < steps; s++) {
    const h = hs + <usize>s * stateStep;
    const c = cells + <usize>s * stateStep;
    const gate = gates + <usize>s * gateStep;
    const squash = squashed + <usize>s * stateStep;
    const counts = mask + bytes(s * batch);
    if (norm) {
      const sum = sumH + <usize>s * gateStep;
      packedProduct(h, panels, sum, width, batch, units, width, 0, START, work);
      addNormalized(sum, gainH, gate, statisticsH, s * batch, rows, width, epsilon, normalizedH);
    } else if (s > 0 || h0) {
      packedProduct(h, panels, gate, width, batch, units, width, 0, ACCUMULATE, work);
    }
    openGates(gate, c, c + stateStep, counts, batch, units, activation, gateActivation);
    if (norm) {
      normalizeSums(c + stateStep, gainC, betaC, squash, statisticsC, s * batch, batch, rows, units, epsilon);
      activate(activation, squash, squash, batch * units);
    } else {
      activate(activation, c + stateStep, squash, batch * units);
    }
    putOut(gate, squash, h, h + stateStep, counts, batch, units);
  }

  memory.copy(lastH, hs + <usize>steps * stateStep, stateStep);
  memory.copy(lastC, cells + <usize>steps * stateStep, stateStep);
  if (outputs) fromSteps(hs + stateStep, outputs, batch, steps, units, 0);
  if (statisticsOut) {
    memory.copy(statisticsOut, statisticsX, bytes(statisticsValues(norm, batch, steps, width * 2 + units)));
  }
}

/** The gates' activations in place, and c' = f c + i g of a step. */
function openGates(
  gate: usize,
  c: usize,
  next: usize,
  counts: usize,
  batch: i32,
  units: i32,
  activation: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      memory.copy(next, c, row);
    } else {
      activate(gateActivation, gate, gate, units * 2);
      activate(activation, gate + row * 2, gate + row * 2, units);
      activate(gateActivation, gate + row * 3, gate + row * 3, units);
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) newCell(gate + u, c + u, next + u, row, false);
      for (; u < row; u += 4) newCell(gate + u, c + u, next + u, row, true);
    }
    gate += row * 4;
    c += row;
    next += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function newCell(gate: usize, c: usize, next: usize, row: usize, single: bool): void {
  const added = f32x4.mul(take(gate, single), take(gate + row * 2, single));
  put(next, f32x4.add(f32x4.mul(take(gate + row, single), take(c, single)), added), single);
}

/** h' = o · squashed of a step. */
function putOut(gate: usize, squash: usize, h: usize, next: usize, counts: usize, batch: i32, units: i32): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      memory.copy(next, h, row);
    } else {
      const open = gate + row * 3;
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) v128.store(next + u, f32x4.mul(v128.load(open + u), v128.load(squash + u)));
      for (; u < row; u += 4) store<f32>(next + u, load<f32>(open + u) * load<f32>(squash + u));
    }
    gate += row * 4;
    squash += row;
    h += row;
    next += row;
    counts += 4;
  }
}
