import { randomGenerator } from "../../tensor";
import { median } from "../../tensor/statistics";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { written } from "../written";

/**
 * (accuracy of each step's batch, goal, window) → the number of steps after which the mean of the last `window`
 * accuracies is at least `goal` for the first time, or undefined when it never is.
 */
export type StepsTo = (accuracies: number[], goal: number, window: number) => number | undefined;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Rounding in a running sum must not decide: no mean here lies closer to the goal than this. */
const margin = 1e-9;

const never = "when the goal is never reached the answer is undefined";

/** Exercise mnist-steps: how many steps until a smoothed accuracy is reached. */
export const mnistSteps: Check<StepsTo> = formulaExercise("mnist-steps", {
  switches: {
    single:
      "you took the first single batch that reaches the goal; take the mean of the last `window` batches",
    soFar:
      "you took the mean of all steps so far; only the last `window` count, and fewer are too noisy to count",
    soFarFromWindow: "you took the mean of all steps so far; only the last `window` count",
    shortWindow:
      "at the start you took the mean of fewer than `window` accuracies: these are too noisy to count",
    dividedByWindow:
      "you began before there were `window` accuracies: the first mean is after `window` steps",
    index: "you answered the index of the last step; the number of steps is one more",
    oneLate: "you are one step late: step 0 is the first step",
    windowStart: "you answered where the window begins; the goal is reached where it ends",
    windowStartCount: "you answered where the window begins; the goal is reached where it ends",
    strict: "a mean of exactly the goal counts: at least, not more than",
    last: "you answered the last time that the goal is reached; the first time is asked for",
    lastMissed: "the last step is left out: the goal may be reached there",
    oneMore: "your window has one accuracy too many",
    oneLess: "your window has one accuracy too few",
    sum: "you compared the sum with the goal; divide it by `window`",
    upperMedian: "you took the median; the mean of the last `window` accuracies is asked for",
    median: "you took the median; the mean of the last `window` accuracies is asked for",
    every: "you asked every one of the last `window` accuracies to reach the goal; their mean is asked for",
    largest: "you took the largest of the last `window` accuracies; their mean is asked for",
    blocks: "your windows don't overlap; look at the last `window` accuracies after every step",
    smoothed: "you took a moving average in which old accuracies never leave; the last `window` alone count",
    neverIsMinusOne: never,
    neverIsZero: never,
    neverIsLength: never,
    neverIsInfinity: never,
    neverIsNull: never,
  },
  formula:
    (on) =>
    (accuracies: number[], goal: number, window: number): number | undefined => {
      const size = Math.max(1, window + (on("oneMore") ? 1 : on("oneLess") ? -1 : 0));
      let smoothed = 0;
      const reached = (count: number): boolean => {
        const recent = accuracies.slice(Math.max(0, count - size), count);
        smoothed = count === 1 ? accuracies[0] : smoothed + (accuracies[count - 1] - smoothed) / size;
        const isShort = recent.length < size;
        if (
          isShort &&
          !on("shortWindow") &&
          !on("dividedByWindow") &&
          !on("single") &&
          !on("soFar") &&
          !on("smoothed")
        )
          return false;
        const isEnough = (a: number) => (on("strict") ? a > goal + margin : a >= goal - margin);
        if (on("every")) return recent.every(isEnough);
        if (on("blocks") && count % size !== 0) return false;
        const value = on("single")
          ? accuracies[count - 1]
          : on("soFar") || on("soFarFromWindow")
            ? mean(accuracies.slice(0, count))
            : on("smoothed")
              ? smoothed
              : on("median")
                ? median(recent)
                : on("upperMedian")
                  ? [...recent].sort((a, b) => a - b)[recent.length >> 1]
                  : on("largest")
                    ? Math.max(...recent)
                    : on("sum")
                      ? mean(recent) * recent.length
                      : on("dividedByWindow")
                        ? (mean(recent) * recent.length) / size
                        : mean(recent);
        return isEnough(value);
      };
      const counts = accuracies.map((_, i) => i + 1).slice(0, on("lastMissed") ? -1 : undefined);
      const found = counts.filter(reached);
      const count = on("last") ? found[found.length - 1] : found[0];
      if (count === undefined) {
        if (on("neverIsMinusOne")) return -1;
        if (on("neverIsZero")) return 0;
        if (on("neverIsLength")) return accuracies.length;
        if (on("neverIsInfinity")) return Infinity;
        return on("neverIsNull") ? (null as never) : undefined;
      }
      const start = on("windowStart") ? window : on("windowStartCount") ? window - 1 : 0;
      return count - start + (on("index") ? -1 : 0) + (on("oneLate") ? 1 : 0);
    },
  right: (accuracies, goal, window) => {
    for (let count = window; count <= accuracies.length; count++) {
      if (mean(accuracies.slice(count - window, count)) >= goal - margin) return count;
    }
    return undefined;
  },
  where: (answer) => `the answer is ${written(answer)}`,
  differs: (answer, expected) => {
    if (answer === expected) return undefined;
    const message =
      expected === undefined
        ? `the goal is never reached: the answer must be undefined, but is ${written(answer)}`
        : `the answer is ${written(answer)}; it must be ${String(expected)}`;
    return { kind: "values", message };
  },
  cases: (seed) => {
    const trial = (accuracies: number[], goal: number, window: number) => ({
      args: [accuracies, goal, window] as [number[], number, number],
    });
    /** Rising accuracies of batches of 32, noisy as real ones. */
    const rising = (length: number, s: number) => {
      const { uniform } = randomGenerator(seed + s);
      return Array.from(
        { length },
        (_, i) => Math.round(32 * Math.min(1, 0.2 + i / length + 0.3 * (uniform() - 0.5))) / 32,
      );
    };
    return {
      usual: {
        // Counts may agree by chance: several in a case.
        "noisy accuracies that rise": [
          trial(rising(200, 0), 0.9, 20),
          trial(rising(150, 30), 0.75, 7),
          trial(rising(90, 60), 0.62, 11),
        ],
        "a lucky first batch does not count": [
          trial([1, ...rising(120, 1)], 0.85, 16),
          trial([1, 1, ...rising(70, 31)], 0.7, 5),
        ],
        "exactly the goal is reached": [
          trial([0, 0.5, 0.5, 0.5, 0.5, 1], 0.5, 4),
          // At the very last step.
          trial([0.25, 0.5, 0.5, 0.75, 0.75], 0.75, 2),
        ],
        "a goal that is never reached": trial(
          rising(60, 2).map((a) => 0.5 * a),
          0.9,
          10,
        ),
      },
      hard: {
        "a window of one": trial(rising(80, 3), 0.8, 1),
        "fewer steps than the window": trial([1, 1, 1], 0.5, 4),
        "reached, and lost again": trial([0.2, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.95, 0.95, 0.95], 0.85, 3),
      },
    };
  },
});
