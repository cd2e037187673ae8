/**
 * Where the recurrent kernels put what they need: in `memory`, which the way back finds as the way forth left it, and
 * in scratch; and what all cells begin and end with.
 */
import { copyOrClear, fromSteps, room, roomTaken, startRoom, toSteps } from "./recurrence";
import { placeNorm, startNorm, statisticsValues } from "./recurrentNorm";
import { panelValues, placeWork, stepsInBlock } from "./recurrentProducts";
import {
  GRU,
  LSTM,
  SIMPLE_RNN,
  batch,
  block,
  cell,
  inputs,
  norm,
  readSettings,
  rows,
  units,
} from "./recurrentSettings";
import { bytes } from "./simd";

// The places in `memory`, by steps. hs and cells have one more: the states before the first.
export let hs: usize = 0;
export let mask: usize = 0;
/** Of an LSTM and of a GRU, the latter's candidate in a block behind the others: `candidatePart`. */
export let gates: usize = 0;
/** Of an LSTM: c, and φ(c') or φ(LN(c')). */
export let cells: usize = 0;
export let squashed: usize = 0;
/** Of a GRU: h Rg + b' with the reset after, r ∘ h with it before. */
export let inner: usize = 0;
// With a normalization only: gains, sums before it, and their statistics. A simple RNN's one sum counts as that of h.
export let gainX: usize = 0;
export let gainH: usize = 0;
export let gainC: usize = 0;
export let sumX: usize = 0;
export let sumH: usize = 0;
export let statisticsX: usize = 0;
export let statisticsH: usize = 0;
export let statisticsC: usize = 0;
let statisticsEnd: usize = 0;

function placeMemory(memory: usize): void {
  const width = units * cell;
  startRoom(memory);
  hs = room((rows + batch) * units);
  mask = room(rows);
  if (cell !== SIMPLE_RNN) gates = room(rows * width);
  if (cell === LSTM) cells = room((rows + batch) * units);
  if (cell === LSTM) squashed = room(rows * units);
  if (cell === GRU) inner = room(rows * units);
  if (!norm) return;
  const widthX = cell === SIMPLE_RNN ? 0 : width;
  gainX = room(widthX);
  gainH = room(width);
  gainC = room(cell === LSTM ? units : 0);
  sumX = room(rows * widthX);
  sumH = room(rows * width);
  const ofProduct = statisticsValues(block()) + (cell === GRU ? statisticsValues(units) : 0);
  statisticsX = room(cell === SIMPLE_RNN ? 0 : ofProduct);
  statisticsH = room(ofProduct);
  statisticsC = room(cell === LSTM ? statisticsValues(units) : 0);
  statisticsEnd = room(0);
}

/** Where a GRU's candidate lies in `gates` and in the rooms of the sums. */
export function candidatePart(all: usize): usize {
  return all + bytes(rows * units * 2);
}

/** Where its statistics lie. */
export function candidateStatistics(all: usize): usize {
  return all + bytes(statisticsValues(units * 2));
}

// The places in scratch.
/** x by steps, or its gradient. */
export let xs: usize = 0;
/** A weight, packed. */
export let panels: usize = 0;
/** Of a GRU: the columns of its candidate. */
export let candidatePanels: usize = 0;
/** Of a GRU, forward: the sum of both biases of the gates. */
export let gateBias: usize = 0;
/** Forward, with a normalization: the normalized h R of a step (of a GRU's gates). */
export let normalizedH: usize = 0;
/** Of an LSTM, backward: the gradients of φ's argument and, with a normalization, of c' (from h' alone). */
export let dSquashed: usize = 0;
export let dCell: usize = 0;
/** Of a GRU, backward: the gradient of `inner`. */
export let dInner: usize = 0;
/** Backward, with a normalization: the gradients of h R, of an LSTM for a block of steps, of a GRU's gates for all. */
export let dSumH: usize = 0;

export function placeScratch(scratch: usize): void {
  const width = block();
  const from = max(inputs, units);
  startRoom(scratch);
  placeWork(max(rows, from), max(rows, max(inputs, width)), max(inputs, width));
  xs = room(rows * inputs);
  panels = room(max(panelValues(from, width), panelValues(width, from)));
  if (cell === GRU) {
    candidatePanels = room(panelValues(from, units));
    gateBias = room(width);
    dInner = room(rows * units);
  }
  if (cell === LSTM) dSquashed = room(batch * units);
  if (!norm) return;
  placeNorm(width);
  if (cell === SIMPLE_RNN) return;
  normalizedH = room(batch * width);
  if (cell === LSTM) dCell = room(batch * units);
  dSumH = room((cell === LSTM ? min(rows, stepsInBlock() * batch) : rows) * width);
}

/** The values of `memory`. */
export function recurrentMemory(record: usize): i32 {
  readSettings(record, 0);
  placeMemory(0);
  return roomTaken();
}

/** The values of `scratch`, of either way and of `recurrentInputGradient`. */
export function recurrentScratch(record: usize): i32 {
  readSettings(record, 0);
  placeScratch(0);
  return roomTaken();
}

function startHere(kept: usize, scratch: usize, record: usize, epsilon: f32): void {
  readSettings(record, epsilon);
  placeMemory(kept);
  placeScratch(scratch);
  if (norm) startNorm();
}

/** Settings and places; x by steps; for both ways the mask (without one every step counts), first h and gains. */
export function startForward(
  x: usize,
  h0: usize,
  maskIn: usize,
  gammaX: usize,
  gammaH: usize,
  kept: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startHere(kept, scratch, record, epsilon);
  copyOrClear(h0, hs, batch * units);
  if (maskIn) toSteps(maskIn, mask, 1);
  else for (let i = 0; i < rows; i++) store<f32>(mask + bytes(i), 1);
  toSteps(x, xs, inputs);
  if (!norm) return;
  if (gammaX) memory.copy(gainX, gammaX, bytes(units * cell));
  memory.copy(gainH, gammaH, bytes(units * cell));
}

/** h after the last step, and, unless these are 0, h of all steps and each sum's statistics: means, then variances. */
export function finishForward(lastH: usize, outputs: usize, statisticsOut: usize): void {
  const state = bytes(batch * units);
  memory.copy(lastH, hs + bytes(rows * units), state);
  if (outputs) fromSteps(hs + state, outputs, units, 0);
  if (statisticsOut) memory.copy(statisticsOut, statisticsX, statisticsEnd - statisticsX);
}

/** The settings and places, x by steps again, and the gradient of the last h, which goes on to the first step in dH. */
export function startBackward(
  x: usize,
  dLastH: usize,
  dH: usize,
  kept: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startHere(kept, scratch, record, epsilon);
  toSteps(x, xs, inputs);
  memory.copy(dH, dLastH, bytes(batch * units));
}
