/** Where an LSTM's kernels put what they need: in `memory`, which the way back finds as the way forth left it, and in scratch. */
import { productRoom } from "./product";
import { room, roomTaken, startRoom } from "./recurrence";
import { placeNorm, statisticsValues } from "./recurrentNorm";
import { panelValues, stepsInBlock } from "./recurrentProducts";

// The places in `memory`, by steps. hs and cells have one more: the states before the first.
export let hs: usize = 0;
export let cells: usize = 0;
export let gates: usize = 0;
/** φ(c'), or φ(LN(c')) */
export let squashed: usize = 0;
export let mask: usize = 0;
// With a normalization only: gains, sums before it, and their statistics, which lie together.
export let gainX: usize = 0;
export let gainH: usize = 0;
export let gainC: usize = 0;
export let sumX: usize = 0;
export let sumH: usize = 0;
export let statisticsX: usize = 0;
export let statisticsH: usize = 0;
export let statisticsC: usize = 0;

export function placeMemory(memory: usize, batch: i32, steps: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(memory);
  hs = room((rows + batch) * units);
  cells = room((rows + batch) * units);
  gates = room(rows * units * 4);
  squashed = room(rows * units);
  mask = room(rows);
  if (!norm) return;
  gainX = room(units * 4);
  gainH = room(units * 4);
  gainC = room(units);
  sumX = room(rows * units * 4);
  sumH = room(rows * units * 4);
  statisticsX = room(statisticsValues(norm, batch, steps, units * 4));
  statisticsH = room(statisticsValues(norm, batch, steps, units * 4));
  statisticsC = room(statisticsValues(norm, batch, steps, units));
}

/** The values of `memory`. */
export function lstmMemory(batch: i32, steps: i32, units: i32, norm: i32): i32 {
  placeMemory(0, batch, steps, units, norm);
  return roomTaken();
}

// The places in scratch. Those of both ways:
export let work: usize = 0;
export let xs: usize = 0;
export let panels: usize = 0;
// Forward, with a normalization: LN(h R) of a step.
export let normalizedH: usize = 0;
// Backward: the gradients of φ's argument and of c' (from h' alone), those of h R for a block of steps.
export let dSquashed: usize = 0;
export let dCell: usize = 0;
export let dSumH: usize = 0;

export function placeScratch(scratch: usize, batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(scratch);
  work = room(productRoom(max(rows, max(inputs, units)), max(rows, max(inputs, units * 4)), units * 4));
  xs = room(rows * inputs);
  panels = room(max(panelValues(max(inputs, units), units * 4), panelValues(units * 4, units)));
  dSquashed = room(batch * units);
  if (!norm) return;
  placeNorm(norm, batch, steps, units * 4);
  normalizedH = room(batch * units * 4);
  dCell = room(batch * units);
  dSumH = room(min(steps, stepsInBlock(batch)) * batch * units * 4);
}

/** The values of `scratch`, of either way. */
export function lstmScratch(batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): i32 {
  placeScratch(0, batch, steps, inputs, units, norm);
  return roomTaken();
}
