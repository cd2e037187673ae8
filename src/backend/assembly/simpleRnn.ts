/**
 * A whole simple recurrent network over time, forward and back (Elman 1990):
 *
 *   h' = φ(x K + h R + b)           with layer norm (Ba et al. 2016, eq. 4)   h' = φ(LN(x K + h R; γ) + b)
 *
 * Batch norm takes its place with statistics over the batch for each step. What the way back needs is left in `memory`; a masked row carries its state on.
 */
import { sumRows } from "./elementwise";
import { ACCUMULATE, START } from "./matMul";
import { productRoom } from "./product";
import {
  activate,
  addOutputGradient,
  copyOrClear,
  fromSteps,
  placeMask,
  room,
  roomTaken,
  startRoom,
  throughActivation,
  toSteps,
} from "./recurrence";
import { normalizeSums, normalizeSumsGradient, placeNorm, startNorm, statisticsValues } from "./recurrentNorm";
import { pack, packedProduct, panelValues, stateProduct, transposedProduct } from "./recurrentProducts";
import { bytes, clear, put, take } from "./simd";

// The places in `memory`, by steps. hs has one more: the state before the first.
let hs: usize = 0;
let mask: usize = 0;
// With a normalization only: the gain, the sums before it, and their statistics.
let gain: usize = 0;
let sums: usize = 0;
let statistics: usize = 0;

function placeMemory(memory: usize, batch: i32, steps: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(memory);
  hs = room((rows + batch) * units);
  mask = room(rows);
  if (!norm) return;
  gain = room(units);
  sums = room(rows * units);
  statistics = room(statisticsValues(norm, batch, steps, units));
}

/** The values of `memory`. */
export function simpleRnnMemory(batch: i32, steps: i32, units: i32, norm: i32): i32 {
  placeMemory(0, batch, steps, units, norm);
  return roomTaken();
}

// The places in scratch.
let work: usize = 0;
let xs: usize = 0;
let panels: usize = 0;

function placeScratch(scratch: usize, batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(scratch);
  work = room(productRoom(max(rows, max(inputs, units)), max(rows, max(inputs, units)), units));
  xs = room(rows * inputs);
  panels = room(panelValues(max(inputs, units), units));
  if (!norm) return;
  placeNorm(norm, batch, steps, units);
}

/** The values of `scratch`, of either way. */
export function simpleRnnScratch(batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): i32 {
  placeScratch(0, batch, steps, inputs, units, norm);
  return roomTaken();
}

/**
 * x [batch, steps, inputs] → h after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units].
 * 0 in place of bias, h0 and maskIn says that there is none; `norm` is 0 for none, 1 for
 * layer norm, 2 for batch norm, whose statistics go to statisticsOut: means, then variances.
 */
export function simpleRnn(
  x: usize,
  kernel: usize,
  recurrent: usize,
  bias: usize,
  h0: usize,
  maskIn: usize,
  gamma: usize,
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
  norm: i32,
  epsilon: f32,
): void {
  placeMemory(kept, batch, steps, units, norm);
  placeScratch(scratch, batch, steps, inputs, units, norm);
  const rows = batch * steps;
  const stateStep = bytes(batch * units);
  copyOrClear(h0, hs, batch * units);
  placeMask(maskIn, mask, batch, steps, backwards);
  toSteps(x, xs, batch, steps, inputs, backwards);
  if (norm) {
    startNorm();
    memory.copy(gain, gamma, bytes(units));
  }

  // Without a normalization the sums become h where they lie.
  const products = norm ? sums : hs + stateStep;
  pack(kernel, bytes(units), 4, inputs, units, panels);
  packedProduct(xs, panels, products, units, rows, inputs, units, norm ? 0 : bias, START, work);
  pack(recurrent, bytes(units), 4, units, units, panels);
  for (let s = 0; s < steps; s++) {
    const h = hs + <usize>s * stateStep;
    const next = h + stateStep;
    const sum = products + <usize>s * stateStep;
    if (s > 0 || h0) packedProduct(h, panels, sum, units, batch, units, units, 0, ACCUMULATE, work);
    if (norm) {
      normalizeSums(sum, gain, bias, next, statistics, s * batch, batch, rows, units, epsilon);
    }
    activate(activation, next, next, batch * units);
    for (let n = 0; n < batch; n++) {
      const at = <usize>n * bytes(units);
      if (load<f32>(mask + bytes(s * batch + n)) === 0) memory.copy(next + at, h + at, bytes(units));
    }
  }

  memory.copy(lastH, hs + <usize>steps * stateStep, stateStep);
  if (outputs) fromSteps(hs + stateStep, outputs, batch, steps, units, 0);
  if (statisticsOut) memory.copy(statisticsOut, statistics, bytes(statisticsValues(norm, batch, steps, units)));
}

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last state to those of
 * all weights and of the first state, and of the sums that x went into, which `recurrentInputGradient` makes dx of. dH is
 * where the state's gradient goes on to the first step.
 */
export function simpleRnnGradient(
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
  dGamma: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  started: i32,
  norm: i32,
  epsilon: f32,
): void {
  placeMemory(kept, batch, steps, units, norm);
  placeScratch(scratch, batch, steps, inputs, units, norm);
  const rows = batch * steps;
  const stateStep = bytes(batch * units);
  memory.copy(dH, dLastH, stateStep);
  if (norm) {
    startNorm();
    clear(dGamma, units);
    clear(dBias, units);
  }

  pack(recurrent, 4, bytes(units), units, units, panels);
  for (let s = steps - 1; s >= 0; s--) {
    const at = <usize>s * stateStep;
    const dSum = dSums + at;
    if (dOutputs) addOutputGradient(dOutputs, dH, s, batch, steps, units);
    throughStep(hs + at + stateStep, dH, dSum, mask + bytes(s * batch), batch, units, activation);
    if (norm) {
      const sum = sums + at;
      normalizeSumsGradient(sum, dSum, gain, dSum, dGamma, dBias, statistics, s * batch, batch, rows, units, epsilon);
    }
    if (s > 0 || started) packedProduct(dSum, panels, dH, units, batch, units, units, 0, ACCUMULATE, work);
  }

  if (!norm) sumRows(dSums, dBias, rows, units);
  toSteps(x, xs, batch, steps, inputs, backwards);
  transposedProduct(xs, inputs, dSums, units, rows, dKernel, units, START, work);
  stateProduct(hs, units, dSums, units, batch, steps, started, dRecurrent, units, work);
}

/**
 * From h' = φ(sum): the gradient of the sum. dH is then 0, for the gradient of the state before; a row that does not count
 * keeps it.
 */
function throughStep(
  next: usize,
  dH: usize,
  dSum: usize,
  counts: usize,
  batch: i32,
  units: i32,
  activation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dSum, units);
    } else {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) stepGroup(next + u, dH + u, dSum + u, activation, false);
      for (; u < row; u += 4) stepGroup(next + u, dH + u, dSum + u, activation, true);
      clear(dH, units);
    }
    next += row;
    dH += row;
    dSum += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function stepGroup(next: usize, dH: usize, dSum: usize, activation: i32, single: bool): void {
  put(dSum, throughActivation(activation, take(next, single), take(dH, single)), single);
}
