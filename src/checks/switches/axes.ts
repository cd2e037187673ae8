/** Statistics over the wrong axes: of both, or of the mean or the variance alone. */
import type { On } from "../formula";
import type { Axes } from "./standardizing";

/** For what stands beside the right axes: `cross` are the axes of the other method, `whole` all axes. */
export const partAxesSwitches = {
  crossMean: "the mean is taken over the wrong axis; mean and variance are over the same values",
  crossVariance: "the variance is taken over the wrong axis; mean and variance are over the same values",
  wholeMean: "you subtracted one mean of the whole tensor; mean and variance are over the same values",
  wholeVariance: "you took one variance of the whole tensor; mean and variance are over the same values",
} as const;

/** The axes of mean and variance where one of them is wrong; `axes` when none is switched on. */
export function partAxesWith(
  axes: readonly number[],
  cross: readonly number[],
  whole: readonly number[],
  on: On<keyof typeof partAxesSwitches>,
): Axes {
  const mean = on("crossMean") ? cross : on("wholeMean") ? whole : axes;
  const variance = on("crossVariance") ? cross : on("wholeVariance") ? whole : axes;
  return mean === variance ? mean : { mean, variance };
}
