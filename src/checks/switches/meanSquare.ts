/** RMSNorm's mean of the squares, with its mistakes: forth and back. */
import type { Tensor } from "../../tensor";
import type { On } from "../formula";
import { countOf } from "./standardizing";

export const meanSquareSwitches = {
  aroundMean:
    "you divided by the standard deviation: RMSNorm divides by the root of the mean square, √(mean(x²) + ε)",
  sumOfSquares: "you divided by the length ‖x‖: take the mean of the squares, not their sum",
  sampleVariance: "you divided the sum of squares by m − 1: it is their mean, divided by m",
  absoluteValues: "you averaged absolute values: RMS is the root of the mean of the squares",
  squareOfMean: "you squared the mean; RMSNorm takes the mean of the squares",
} as const;

/** mean(x²), with the reduced axes kept. */
export function meanSquareWith(
  x: Tensor,
  axes: readonly number[],
  on: On<keyof typeof meanSquareSwitches>,
): Tensor {
  if (on("squareOfMean")) return x.mean(axes, true).square();
  const from = on("aroundMean") ? x.sub(x.mean(axes, true)) : x;
  const count = countOf(x, axes);
  const squares = on("absoluteValues") ? from.abs() : from.square();
  return squares.sum(axes, true).div(on("sumOfSquares") ? 1 : on("sampleVariance") ? count - 1 : count);
}
