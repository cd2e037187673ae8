/** The gradient of a recurrent layer's input. */
import { ACCUMULATE, START } from "./matMul";
import { candidatePart, panels, placeScratch, xs } from "./recurrentPlaces";
import { fromSteps } from "./recurrence";
import { pack, packedProduct } from "./recurrentProducts";
import { GRU, backwards, block, cell, inputs, readSettings, rows, units } from "./recurrentSettings";
import { bytes } from "./simd";

/** dx [batch, steps, inputs] from the gradients of the sums that x went into, as the way back left them, and the kernel. */
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
