/** Random inputs for the checks of layer norm and RMSNorm. */
import { randomNormal, type Tensor } from "../../tensor";

/** What is said of an answer that is right but for inputs far from 0. */
export const digitsLost: string =
  "Where values lie around 0 your formula is right, far from it its digits cancel: " +
  "E[x²] − E[x]² subtracts two nearly equal numbers of that size, squared. Subtract the mean first, then square";

/** γ around 1, but not 1: with ones a missing γ can't be seen. */
export const gammaOf = (seed: number, channels: number): Tensor =>
  randomNormal([channels], { seed, mean: 1, standardDeviation: 0.5 });

/**
 * What comes into a backward pass: x and dy (N, C), γ (C), and an ε large enough to be seen.
 * dy is not all ones: with those much of dx would cancel unseen.
 */
export function backwardSample(
  seed: number,
  shape: readonly [number, number],
  { standardDeviation }: { standardDeviation: number },
): { x: Tensor; dy: Tensor; gamma: Tensor; epsilon: number } {
  return {
    x: randomNormal(shape, { seed, mean: 2, standardDeviation }),
    dy: randomNormal(shape, { seed: seed + 100 }),
    gamma: gammaOf(seed + 200, shape[1]),
    epsilon: 0.1,
  };
}
