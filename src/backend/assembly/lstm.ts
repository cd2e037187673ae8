/**
 * A whole LSTM over time, forward and back (Hochreiter & Schmidhuber 1997, with forget gates; gates in Keras's order):
 *
 *   [i f g o] = x K + h R + b       c' = ρ(f) c + ρ(i) φ(g)       h' = ρ(o) φ(c')
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 20–22) the two products and c' go through one each:
 *
 *   [i f g o] = LN(x K; γx) + LN(h R; γh) + b       h' = ρ(o) φ(LN(c'; γc, βc))
 *
 * The input's product is one for all steps. What the way back needs is left in `memory`; a masked row carries its state on.
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

// The places in `memory`, by steps. hs and cells have one more: the states before the first.
let hs: usize = 0;
let cells: usize = 0;
let gates: usize = 0;
/** φ(c'), or φ(LN(c')) */
let squashed: usize = 0;
let mask: usize = 0;
// With layer norm only: gains, sums before it, and for each row's mean and variance.
let gainX: usize = 0;
let gainH: usize = 0;
let gainC: usize = 0;
let sumX: usize = 0;
let sumH: usize = 0;
let statisticsX: usize = 0;
let statisticsH: usize = 0;
let statisticsC: usize = 0;

function placeMemory(memory: usize, batch: i32, steps: i32, units: i32, normalized: i32): void {
  const rows = batch * steps;
  startRoom(memory);
  hs = room((rows + batch) * units);
  cells = room((rows + batch) * units);
  gates = room(rows * units * 4);
  squashed = room(rows * units);
  mask = room(rows);
  if (!normalized) return;
  gainX = room(units * 4);
  gainH = room(units * 4);
  gainC = room(units);
  sumX = room(rows * units * 4);
  sumH = room(rows * units * 4);
  statisticsX = room(rows * 2);
  statisticsH = room(rows * 2);
  statisticsC = room(rows * 2);
}

/** The values of `memory`. */
export function lstmMemory(batch: i32, steps: i32, units: i32, normalized: i32): i32 {
  placeMemory(0, batch, steps, units, normalized);
  return roomTaken();
}

// The places in scratch. Those of both ways:
let spare: usize = 0;
let xs: usize = 0;
let panels: usize = 0;
let zeros: usize = 0;
// Forward, with layer norm: LN(h R) of a step.
let normalizedH: usize = 0;
// Backward: the panels of transposed products, the gradients of φ's argument and of c' (from h' alone), those of h R.
let transposed: usize = 0;
let dSquashed: usize = 0;
let dCell: usize = 0;
let dSumH: usize = 0;
let dGain: usize = 0;
let dOffset: usize = 0;

function placeScratch(scratch: usize, batch: i32, steps: i32, inputs: i32, units: i32, normalized: i32): void {
  const rows = batch * steps;
  startRoom(scratch);
  spare = room(SPARE);
  xs = room(rows * inputs);
  panels = room(max(panelValues(max(inputs, units), units * 4), panelValues(units * 4, units)));
  transposed = room(transposedRoom(max(inputs, units), units * 4));
  dSquashed = room(batch * units);
  if (!normalized) return;
  zeros = room(max(rows, units * 4));
  normalizedH = room(batch * units * 4);
  dCell = room(batch * units);
  dSumH = room(rows * units * 4);
  dGain = room(units * 4);
  dOffset = room(units * 4);
}

/** The values of `scratch`, of either way. */
export function lstmScratch(batch: i32, steps: i32, inputs: i32, units: i32, normalized: i32): i32 {
  placeScratch(0, batch, steps, inputs, units, normalized);
  return roomTaken();
}

/**
 * x [batch, steps, inputs] → h and c after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units].
 * 0 in place of bias, h0, c0 and maskIn says that there is none; 0 in place of gammaX, that there is no layer norm.
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
  memory_: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  epsilon: f32,
): void {
  const normalized = gammaX ? 1 : 0;
  placeMemory(memory_, batch, steps, units, normalized);
  placeScratch(scratch, batch, steps, inputs, units, normalized);
  const rows = batch * steps;
  const width = units * 4;
  const stateStep = bytes(batch * units);
  const gateStep = bytes(batch * width);
  copyOrClear(h0, hs, batch * units);
  copyOrClear(c0, cells, batch * units);
  placeMask(maskIn, mask, batch, steps, backwards);
  toSteps(x, xs, batch, steps, inputs, backwards);

  packPanels(kernel, bytes(width), 4, inputs, width, panels);
  if (normalized) {
    clear(zeros, max(rows, width));
    memory.copy(gainX, gammaX, bytes(width));
    memory.copy(gainH, gammaH, bytes(width));
    memory.copy(gainC, gammaC, bytes(units));
    packedProduct(xs, panels, sumX, width, rows, inputs, width, 0, START, spare);
    const variance = statisticsX + bytes(rows);
    normalizeRows(sumX, gainX, bias ? bias : zeros, gates, statisticsX, variance, rows, width, 1, epsilon);
  } else {
    packedProduct(xs, panels, gates, width, rows, inputs, width, bias, START, spare);
  }

  packPanels(recurrent, bytes(width), 4, units, width, panels);
  for (let s = 0; s < steps; s++) {
    const h = hs + <usize>s * stateStep;
    const c = cells + <usize>s * stateStep;
    const gate = gates + <usize>s * gateStep;
    const squash = squashed + <usize>s * stateStep;
    const counts = mask + bytes(s * batch);
    if (normalized) {
      const sum = sumH + <usize>s * gateStep;
      const mean = statisticsH + bytes(s * batch);
      packedProduct(h, panels, sum, width, batch, units, width, 0, START, spare);
      normalizeRows(sum, gainH, zeros, normalizedH, mean, mean + bytes(rows), batch, width, 1, epsilon);
      addTo(gate, normalizedH, batch * width);
    } else {
      packedProduct(h, panels, gate, width, batch, units, width, 0, ACCUMULATE, spare);
    }
    openGates(gate, c, c + stateStep, counts, batch, units, activation, gateActivation);
    if (normalized) {
      const mean = statisticsC + bytes(s * batch);
      normalizeRows(c + stateStep, gainC, betaC, squash, mean, mean + bytes(rows), batch, units, 1, epsilon);
      activate(activation, squash, squash, batch * units);
    } else {
      activate(activation, c + stateStep, squash, batch * units);
    }
    putOut(gate, squash, h, h + stateStep, counts, batch, units);
  }

  memory.copy(lastH, hs + <usize>steps * stateStep, stateStep);
  memory.copy(lastC, cells + <usize>steps * stateStep, stateStep);
  if (outputs) fromSteps(hs + stateStep, outputs, batch, steps, units, 0);
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

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last states to those
 * of all weights and first states, and of the gates' sums of x, [steps, batch, 4 units], which `recurrentInputGradient`
 * makes dx of. dHs and dCs are where the states' gradients go on to the first step.
 */
export function lstmGradient(
  x: usize,
  recurrent: usize,
  memory_: usize,
  dOutputs: usize,
  dLastH: usize,
  dLastC: usize,
  dGates: usize,
  dKernel: usize,
  dRecurrent: usize,
  dBias: usize,
  dH: usize,
  dC: usize,
  dGammaX: usize,
  dGammaH: usize,
  dGammaC: usize,
  dBetaC: usize,
  scratch: usize,
  batch: i32,
  steps: i32,
  inputs: i32,
  units: i32,
  backwards: i32,
  activation: i32,
  gateActivation: i32,
  epsilon: f32,
): void {
  const normalized = dGammaX ? 1 : 0;
  placeMemory(memory_, batch, steps, units, normalized);
  placeScratch(scratch, batch, steps, inputs, units, normalized);
  const rows = batch * steps;
  const width = units * 4;
  const stateStep = bytes(batch * units);
  const gateStep = bytes(batch * width);
  memory.copy(dH, dLastH, stateStep);
  memory.copy(dC, dLastC, stateStep);
  if (normalized) {
    clear(zeros, max(rows, width));
    clear(dGammaH, width);
    clear(dGammaC, units);
    clear(dBetaC, units);
  }

  packPanels(recurrent, 4, bytes(width), width, units, panels);
  for (let s = steps - 1; s >= 0; s--) {
    const c = cells + <usize>s * stateStep;
    const gate = gates + <usize>s * gateStep;
    const squash = squashed + <usize>s * stateStep;
    const dGate = dGates + <usize>s * gateStep;
    const counts = mask + bytes(s * batch);
    if (dOutputs) addOutputGradient(dOutputs, dH, s, batch, steps, units);
    throughOutput(gate, squash, dH, dGate, dSquashed, counts, batch, units, activation, gateActivation);
    let dNext = dSquashed;
    if (normalized) {
      const mean = statisticsC + bytes(s * batch);
      dNext = dCell;
      normalizeRowsGradient(
        c + stateStep, dSquashed, gainC, mean, mean + bytes(rows), zeros, zeros, dNext, dGain, dOffset, batch, units, 1, epsilon,
      );
      addTo(dGammaC, dGain, units);
      addTo(dBetaC, dOffset, units);
    }
    throughCell(gate, c, dNext, dC, dGate, counts, batch, units, activation, gateActivation);
    let dSum = dGate;
    if (normalized) {
      const mean = statisticsH + bytes(s * batch);
      dSum = dSumH + <usize>s * gateStep;
      normalizeRowsGradient(
        sumH + <usize>s * gateStep, dGate, gainH, mean, mean + bytes(rows), zeros, zeros, dSum, dGain, dOffset, batch, width, 1, epsilon,
      );
      addTo(dGammaH, dGain, width);
    }
    packedProduct(dSum, panels, dH, units, batch, width, units, 0, ACCUMULATE, spare);
  }

  if (normalized) {
    const variance = statisticsX + bytes(rows);
    normalizeRowsGradient(
      sumX, dGates, gainX, statisticsX, variance, zeros, zeros, dGates, dGammaX, dBias, rows, width, 1, epsilon,
    );
  } else {
    sumRows(dGates, dBias, rows, width);
  }
  toSteps(x, xs, batch, steps, inputs, backwards);
  transposedProduct(xs, inputs, dGates, width, rows, dKernel, width, transposed, spare);
  const dProducts = normalized ? dSumH : dGates;
  transposedProduct(hs, units, dProducts, width, rows, dRecurrent, width, transposed, spare);
}

/**
 * From h' = o φ: the gradients of o's sum and of φ's argument. dH is then 0, for the gradient of the states before; a row
 * that does not count keeps it and has no other.
 */
function throughOutput(
  gate: usize,
  squash: usize,
  dH: usize,
  dGate: usize,
  dArgument: usize,
  counts: usize,
  batch: i32,
  units: i32,
  activation: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dGate, units * 4);
      clear(dArgument, units);
    } else {
      const open = gate + row * 3;
      const dOpen = dGate + row * 3;
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) {
        outputGroup(open + u, squash + u, dH + u, dOpen + u, dArgument + u, activation, gateActivation, false);
      }
      for (; u < row; u += 4) {
        outputGroup(open + u, squash + u, dH + u, dOpen + u, dArgument + u, activation, gateActivation, true);
      }
      clear(dH, units);
    }
    gate += row * 4;
    squash += row;
    dH += row;
    dGate += row * 4;
    dArgument += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function outputGroup(
  open: usize,
  squash: usize,
  dH: usize,
  dOpen: usize,
  dArgument: usize,
  activation: i32,
  gateActivation: i32,
  single: bool,
): void {
  const o = take(open, single);
  const y = take(squash, single);
  const d = take(dH, single);
  put(dOpen, throughActivation(gateActivation, o, f32x4.mul(d, y)), single);
  put(dArgument, throughActivation(activation, y, f32x4.mul(d, o)), single);
}

/** From c' = f c + i g: the gradients of the sums of i, f and g, and of c, which takes the place of that of c'. */
function throughCell(
  gate: usize,
  c: usize,
  dNext: usize,
  dC: usize,
  dGate: usize,
  counts: usize,
  batch: i32,
  units: i32,
  activation: i32,
  gateActivation: i32,
): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) !== 0) {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) {
        cellGroup(gate + u, c + u, dNext + u, dC + u, dGate + u, row, activation, gateActivation, false);
      }
      for (; u < row; u += 4) {
        cellGroup(gate + u, c + u, dNext + u, dC + u, dGate + u, row, activation, gateActivation, true);
      }
    }
    gate += row * 4;
    c += row;
    dNext += row;
    dC += row;
    dGate += row * 4;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function cellGroup(
  gate: usize,
  c: usize,
  dNext: usize,
  dC: usize,
  dGate: usize,
  row: usize,
  activation: i32,
  gateActivation: i32,
  single: bool,
): void {
  const d = f32x4.add(take(dC, single), take(dNext, single));
  const i = take(gate, single);
  const f = take(gate + row, single);
  const g = take(gate + row * 2, single);
  put(dGate, throughActivation(gateActivation, i, f32x4.mul(d, g)), single);
  put(dGate + row, throughActivation(gateActivation, f, f32x4.mul(d, take(c, single))), single);
  put(dGate + row * 2, throughActivation(activation, g, f32x4.mul(d, i)), single);
  put(dC, f32x4.mul(d, f), single);
}
