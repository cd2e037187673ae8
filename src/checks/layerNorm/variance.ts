import { randomNormal, type Tensor } from "../../tensor";
import { type Finding, mistake } from "../finding";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { statisticsSwitches } from "../switches/standardizing";
import { Stream, WatchedStream } from "./stream";

/** A stream of numbers, to be read once → their (biased) variance. */
export type StreamVariance = (values: Iterable<number>) => number;

const oneMean =
  "you squared the distance from one mean: Welford multiplies the distance from the old mean by the one from the new";
const keptAll =
  "you kept the values and went through them a second time; they must be used one at a time, as they come by";

/** Exercise ln-variance: the variance of a stream in one pass, without cancellation. */
export const lnVariance: Check<StreamVariance> = formulaExercise("ln-variance", {
  switches: {
    sampleVariance: statisticsSwitches.sampleVariance,
    divisorPlusOne: "you divided by m + 1: the variance inside a normalization is divided by m",
    sumOfSquares: "this is the sum of the squared deviations: divide it by m",
    deviation: "this is the standard deviation: the variance is its square",
    meanSquare: "this is the mean of the squares: the mean is not taken away",
    squareOfMean: "this is the square of the mean; the variance is the mean of the squared deviations",
    theMean: "this is the mean; the variance is the mean of the squared deviations from it",
    oldMean: oneMean,
    newMean: oneMean,
    absolute: "you averaged absolute deviations; the variance is the mean of squared ones",
    countFromOne: "the count begins one too high: it is the number of values that have come by",
    newAbsolute: "you averaged absolute deviations; the variance is the mean of squared ones",
    meanFromFirstHalved:
      "the mean moves by distance / m, less with every value; you averaged the old mean and the value",
    countLate:
      "the mean moves by distance / m with the new value counted in m; you counted it after dividing",
    meanNotDivided: "the mean moves by distance / m; you moved it by the whole distance",
    meanHalved:
      "the mean moves by distance / m, less with every value; you averaged the old mean and the value",
    firstMissed: "the first value is left out: it counts, too",
    lastMissed: "the last value is left out: it counts, too",
    firstIsMean: "you took the distances from the first value; they are from the mean",
  },
  formula:
    (on) =>
    (stream: Iterable<number>): number => {
      const { values } = stream as Stream;
      const used = values.subarray(on("firstMissed") ? 1 : 0, values.length - (on("lastMissed") ? 1 : 0));
      let [count, mean, squares, sum, sumOfSquares] = [0, 0, 0, 0, 0];
      for (const value of used) {
        const old = on("meanFromFirstHalved") && count === 0 ? value : mean;
        const divisor = on("countLate") ? Math.max(1, count) : count + 1 + (on("countFromOne") ? 1 : 0);
        count++;
        sum += value;
        sumOfSquares += value ** 2;
        const step =
          (value - old) /
          (on("meanNotDivided") ? 1 : on("meanHalved") || on("meanFromFirstHalved") ? 2 : divisor);
        mean = on("firstIsMean") ? used[0] : old + step;
        const [before, after] = [value - (on("newMean") ? mean : old), value - (on("oldMean") ? old : mean)];
        squares += on("absolute") ? Math.abs(before) : on("newAbsolute") ? Math.abs(after) : before * after;
      }
      const divisor = on("sumOfSquares")
        ? 1
        : on("sampleVariance")
          ? count - 1
          : on("divisorPlusOne") || on("countFromOne")
            ? count + 1
            : count;
      const total = on("meanSquare") ? sumOfSquares : squares;
      const variance = on("theMean")
        ? sum / count
        : on("squareOfMean")
          ? (sum / count) ** 2
          : total / divisor;
      return on("deviation") ? Math.sqrt(variance) : variance;
    },
  right: (stream) => exactly(Array.from((stream as Stream).values)),
  fragile:
    "Around 0 your formula is right, far from it its digits cancel: " +
    "E[x²] − E[x]² subtracts two nearly equal numbers of that size, squared",
  cases: (seed, solution) => {
    const trial = (count: number, mean: number, s: number, tolerance = 1e-9) => {
      // Whole multiples of 1/1024, so that adding the mean rounds nothing and the right answer is known exactly.
      const deviations: Tensor = randomNormal([count], { seed: seed + s }).map(
        (d) => Math.round(d * 1024) / 1024,
      );
      const args: [Iterable<number>] = [new Stream(deviations.add(mean).data)];
      return { args, tolerance, fragile: Math.abs(mean) > 1e6 };
    };
    return {
      usual: {
        "40 values around 0": trial(40, 0, 0),
        "40 values around 5": [trial(40, 5, 1), () => secondPass(solution, seed)],
        "40 values around 100 million": trial(40, 2 ** 27, 2, 1e-6),
        "one value has variance 0": trial(1, 3, 3),
      },
      hard: {
        "5000 values around one billion": trial(5000, 2 ** 30, 4, 1e-6),
        "1000 values around −1000": trial(1000, -1024, 5),
      },
    };
  },
});

/** The variance in two passes, the first of which is exact for multiples of 1/1024. */
function exactly(values: number[]): number {
  const [first] = values;
  const mean = values.reduce((sum, value) => sum + (value - first), 0) / values.length;
  return values.reduce((sum, value) => sum + (value - first - mean) ** 2, 0) / values.length;
}

/**
 * Whether the values are gone through twice. They are objects that count as numbers, which a right answer may not cope
 * with: all else that goes wrong with them is no matter here.
 */
function secondPass(solution: StreamVariance, seed: number): Finding | undefined {
  const values = randomNormal([80], { seed }).data;
  const stream = new WatchedStream(values);
  try {
    solution(stream);
  } catch {
    // See above.
  }
  return stream.usedAgain >= values.length / 2
    ? mistake("each value is to be used as it comes by", keptAll)
    : undefined;
}
