/**
 * What a recurrent kernel is told, in globals: one layer is at work at a time. It comes as a record of i32 in the heap,
 * one argument; wasm/recurrent.ts writes the fields in the same order.
 */

/** The cells by the weights that each unit has: of a GRU those of the gates z and r, and of the candidate g. */
export const SIMPLE_RNN: i32 = 1;
export const GRU: i32 = 3;
export const LSTM: i32 = 4;

export let cell: i32 = 0;
export let batch: i32 = 0;
export let steps: i32 = 0;
export let inputs: i32 = 0;
export let units: i32 = 0;
export let backwards: i32 = 0;
/** φ and ρ of the cells' formulas. Loops over values want them in a local: a global is read anew in each round. */
export let activation: i32 = 0;
export let gateActivation: i32 = 0;
/** Of a GRU: whether the reset gate acts on h Rg or on h. */
export let resetAfter: i32 = 0;
/** Whether there are states before the first step; else they are 0, and their gradients are not wanted. */
export let started: i32 = 0;
/** 0 for none, 1 for layer norm, 2 for batch norm. */
export let norm: i32 = 0;
export let epsilon: f32 = 0;
/** All steps' rows. */
export let rows: i32 = 0;

export function readSettings(record: usize, normEpsilon: f32): void {
  cell = load<i32>(record);
  batch = load<i32>(record, 4);
  steps = load<i32>(record, 8);
  inputs = load<i32>(record, 12);
  units = load<i32>(record, 16);
  backwards = load<i32>(record, 20);
  activation = load<i32>(record, 24);
  gateActivation = load<i32>(record, 28);
  resetAfter = load<i32>(record, 32);
  started = load<i32>(record, 36);
  norm = load<i32>(record, 40);
  epsilon = normEpsilon;
  rows = batch * steps;
}

/** Columns that one product computes: all of a cell's, but a GRU's gates and its candidate apart. */
export function block(): i32 {
  return units * (cell === GRU ? 2 : cell);
}
