import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** A stream of numbers, to be read once → their (biased) variance. */
export type StreamVariance = (values: Iterable<number>) => number;

/** A stream that can be read once only, like a sensor or a file too large for memory. */
class ReadOnce implements Iterable<number> {
  private used = false;
  constructor(private readonly values: Float64Array) {}

  [Symbol.iterator](): Iterator<number> {
    if (this.used) {
      throw new Error("this stream was read a second time; its values must be used as they come by");
    }
    this.used = true;
    return this.values.values();
  }
}

/** Welford's sum with a slip: the distance from one of the two means, squared. */
function withOneMean(values: Float64Array, which: "old" | "new"): number {
  let [mean, sum] = [0, 0];
  values.forEach((value, i) => {
    const old = mean;
    mean += (value - mean) / (i + 1);
    sum += (value - (which === "old" ? old : mean)) ** 2;
  });
  return sum / values.length;
}

/** Exercise ln-variance: the variance of a stream in one pass, without cancellation. */
export const lnVariance: Check<StreamVariance> = exercise("ln-variance", (solution, seed) => {
  const check = (count: number, mean: number, s: number, tolerance = 1e-9) => {
    // Whole multiples of 1/1024, so that adding the mean rounds nothing and the right answer is known exactly.
    const deviations: Tensor = randomNormal([count], { seed: seed + s }).map(
      (d) => Math.round(d * 1024) / 1024,
    );
    const values = deviations.add(mean).data;
    const squares = deviations.sub(deviations.mean()).square();
    const right = squares.mean();
    const oneMean =
      "you squared the distance from one mean: Welford multiplies the distance from the old mean by the one from the new";
    const problem = diagnose(
      invoke(solution, new ReadOnce(values)),
      right,
      [
        {
          message: "you divided by m − 1: the variance inside a normalization is divided by m",
          value: () => squares.sum().div(count - 1),
        },
        { message: "this is the sum of the squared deviations: divide it by m", value: () => squares.sum() },
        { message: "this is the standard deviation: the variance is its square", value: () => right.sqrt() },
        {
          message: "this is the mean of the squares: the mean is not taken away",
          value: () => deviations.add(mean).square().mean(),
        },
        { message: oneMean, value: () => withOneMean(values, "old") },
        { message: oneMean, value: () => withOneMean(values, "new") },
      ],
      { tolerance },
    );
    // A formula that is right around 0 and wrong far away is right on paper: its digits cancel.
    const aroundZero = problem && invoke(solution, new ReadOnce(deviations.data));
    if (typeof aroundZero !== "number" || mean === 0 || diagnose(aroundZero, right, [], { tolerance }))
      return problem;
    const cancels = (where: string): string =>
      `Around 0 your formula is right, ${where} its digits cancel: ` +
      "E[x²] − E[x]² subtracts two nearly equal numbers of that size, squared";
    return {
      kind: "misconception" as const,
      message: `${problem?.message} ${cancels(`around ${mean}`)}`,
      misconception: cancels("far from it"),
    };
  };
  return {
    usual: {
      "40 values around 0": () => check(40, 0, 0),
      "40 values around 5": () => check(40, 5, 1),
      "40 values around 100 million": () => check(40, 2 ** 27, 2, 1e-6),
      "one value has variance 0": () => check(1, 3, 3),
    },
    hard: {
      "5000 values around one billion": () => check(5000, 2 ** 30, 4, 1e-6),
      "1000 values around −1000": () => check(1000, -1024, 5),
    },
  };
});
