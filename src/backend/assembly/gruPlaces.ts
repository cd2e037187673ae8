/** Where a GRU's kernels put what they need: in `memory`, which the way back finds as the way forth left it, and in scratch. */
import { productRoom } from "./product";
import { room, roomTaken, startRoom } from "./recurrence";
import { placeNorm, statisticsValues } from "./recurrentNorm";
import { panelValues } from "./recurrentProducts";

// The places in `memory`, by steps. hs has one more: the state before the first.
export let hs: usize = 0;
export let gates: usize = 0;
export let candidate: usize = 0;
/** h Rg + b' with the reset after, r ∘ h with it before. */
export let inner: usize = 0;
export let mask: usize = 0;
// With a normalization only: gains, sums before it, and their statistics, which lie together.
export let gainX: usize = 0;
export let gainH: usize = 0;
export let sumXGates: usize = 0;
export let sumXCandidate: usize = 0;
export let sumHGates: usize = 0;
export let sumHCandidate: usize = 0;
export let statisticsXGates: usize = 0;
export let statisticsXCandidate: usize = 0;
export let statisticsHGates: usize = 0;
export let statisticsHCandidate: usize = 0;

export function placeMemory(memory: usize, batch: i32, steps: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(memory);
  hs = room((rows + batch) * units);
  gates = room(rows * units * 2);
  candidate = room(rows * units);
  inner = room(rows * units);
  mask = room(rows);
  if (!norm) return;
  gainX = room(units * 3);
  gainH = room(units * 3);
  sumXGates = room(rows * units * 2);
  sumXCandidate = room(rows * units);
  sumHGates = room(rows * units * 2);
  sumHCandidate = room(rows * units);
  statisticsXGates = room(statisticsValues(norm, batch, steps, units * 2));
  statisticsXCandidate = room(statisticsValues(norm, batch, steps, units));
  statisticsHGates = room(statisticsValues(norm, batch, steps, units * 2));
  statisticsHCandidate = room(statisticsValues(norm, batch, steps, units));
}

/** The values of `memory`. */
export function gruMemory(batch: i32, steps: i32, units: i32, norm: i32): i32 {
  placeMemory(0, batch, steps, units, norm);
  return roomTaken();
}

// The places in scratch. Those of both ways:
export let work: usize = 0;
export let xs: usize = 0;
export let gatePanels: usize = 0;
export let candidatePanels: usize = 0;
// Forward: the sum of both biases of the gates, and, with a normalization, the normalized h R of a step's gates.
export let gateBias: usize = 0;
export let normalizedH: usize = 0;
// Backward: the gradients of `inner` and of the gates' h R.
export let dInner: usize = 0;
export let dSumH: usize = 0;

export function placeScratch(scratch: usize, batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): void {
  const rows = batch * steps;
  startRoom(scratch);
  work = room(productRoom(max(rows, max(inputs, units)), max(rows, max(inputs, units * 2)), units * 2));
  xs = room(rows * inputs);
  gatePanels = room(max(panelValues(max(inputs, units), units * 2), panelValues(units * 2, units)));
  candidatePanels = room(panelValues(max(inputs, units), units));
  gateBias = room(units * 2);
  dInner = room(rows * units);
  if (!norm) return;
  placeNorm(norm, batch, steps, units * 2);
  normalizedH = room(batch * units * 2);
  dSumH = room(rows * units * 2);
}

/** The values of `scratch`, of either way. */
export function gruScratch(batch: i32, steps: i32, inputs: i32, units: i32, norm: i32): i32 {
  placeScratch(0, batch, steps, inputs, units, norm);
  return roomTaken();
}
