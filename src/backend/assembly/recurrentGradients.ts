/** The gradients that all recurrent cells make the same way from those of their sums: the weights', and x's. */
import { ACCUMULATE, START } from "./matMul";
import { candidatePart, panels, placeScratch, xs } from "./recurrentPlaces";
import { fromSteps } from "./recurrence";
import { pack, packedProduct, transposedProduct } from "./recurrentProducts";
import {
  GRU,
  backwards,
  batch,
  block,
  cell,
  inputs,
  readSettings,
  rows,
  started,
  steps,
  units,
} from "./recurrentSettings";
import { bytes } from "./simd";

/**
 * Those of some columns of both weights, from `count` steps from number `step` on, added to what later steps gave. dX
 * and dH are the gradients of the two products in these steps; `states` are the recurrent kernel's factor in all steps.
 */
export function weightGradients(
  step: i32,
  count: i32,
  states: usize,
  dX: usize,
  dH: usize,
  columns: i32,
  dKernel: usize,
  dRecurrent: usize,
): void {
  const row = bytes(units * cell);
  const mode = step + count === steps ? START : ACCUMULATE;
  const from = step * batch;
  const height = count * batch;
  transposedProduct(xs + bytes(from * inputs), inputs, dX, columns, height, dKernel, row, mode);
  // States that are 0 before the first step add nothing.
  const skip = step > 0 || started ? 0 : batch;
  const a = states + bytes((from + skip) * units);
  transposedProduct(a, units, dH + bytes(skip * columns), columns, height - skip, dRecurrent, row, mode);
}

/** dx [batch, steps, inputs] from the kernel and the gradients that the way back left of the sums x went into. */
export function recurrentInputGradient(dSums: usize, kernel: usize, dx: usize, scratch: usize, record: usize): void {
  readSettings(record, 0);
  placeScratch(scratch);
  const row = bytes(units * cell);
  pack(kernel, 4, row, block(), inputs, panels);
  packedProduct(dSums, panels, xs, rows, block(), inputs, 0, START);
  if (cell === GRU) {
    pack(kernel + bytes(block()), 4, row, units, inputs, panels);
    packedProduct(candidatePart(dSums), panels, xs, rows, units, inputs, 0, ACCUMULATE);
  }
  fromSteps(xs, dx, inputs, backwards);
}
