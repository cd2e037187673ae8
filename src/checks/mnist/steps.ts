import { randomGenerator } from "../../tensor";
import { type Check, exercise } from "../exercise";
import { mistake } from "../finding";
import { invoke } from "../invoke";

/**
 * (accuracy of each step's batch, goal, window) → the number of steps after which the mean of the last `window`
 * accuracies is at least `goal` for the first time, or undefined when it never is.
 */
export type StepsTo = (accuracies: number[], goal: number, window: number) => number | undefined;

/** The first count of steps for which `reached` holds. */
function firstCount(length: number, reached: (count: number) => boolean): number | undefined {
  for (let count = 1; count <= length; count++) if (reached(count)) return count;
  return undefined;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Rounding in a running sum must not decide: no mean here lies closer to the goal than this. */
const margin = 1e-9;

function stepsTo(accuracies: readonly number[], goal: number, window: number): number | undefined {
  return firstCount(
    accuracies.length,
    (count) => count >= window && mean(accuracies.slice(count - window, count)) >= goal - margin,
  );
}

/** Counts that a known mistake gives, and what to say of it; the first that fits is said. */
function mistakes(accuracies: number[], goal: number, window: number): [number | undefined, string][] {
  const right = stepsTo(accuracies, goal, window)!;
  const n = accuracies.length;
  return [
    [
      firstCount(n, (k) => accuracies[k - 1] >= goal),
      "you took the first single batch that reaches the goal; take the mean of the last `window` batches",
    ],
    [
      firstCount(n, (k) => mean(accuracies.slice(0, k)) >= goal - margin),
      "you took the mean of all steps so far; only the last `window` count, and fewer are too noisy to count",
    ],
    [right - 1, "you answered the index of the last step; the number of steps is one more"],
    [right - window, "you answered where the window begins; the goal is reached where it ends"],
    [right - window + 1, "you answered where the window begins; the goal is reached where it ends"],
    [right + 1, "you are one step late: a mean of exactly the goal counts, and step 0 is the first step"],
  ];
}

/** Exercise mnist-steps: how many steps until a smoothed accuracy is reached. */
export const mnistSteps: Check<StepsTo> = exercise("mnist-steps", (solution, seed) => {
  const check = (accuracies: number[], goal: number, window: number) => {
    const answer: unknown = invoke(solution, accuracies, goal, window);
    const right = stepsTo(accuracies, goal, window);
    if (answer === right) return undefined;
    if (right === undefined) {
      return `the goal is never reached: the answer must be undefined, but is ${String(answer)}`;
    }
    const known = mistakes(accuracies, goal, window).find(([count]) => count === answer);
    if (known) return mistake(`the answer is ${String(answer)}`, known[1]);
    return `the answer is ${String(answer)}; it must be ${right}`;
  };
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
      "noisy accuracies that rise": () => check(rising(200, 0), 0.9, 20),
      "a lucky first batch does not count": () => check([1, ...rising(120, 1)], 0.85, 16),
      "exactly the goal is reached": () => check([0, 0.5, 0.5, 0.5, 0.5, 1], 0.5, 4),
      "a goal that is never reached": () =>
        check(
          rising(60, 2).map((a) => 0.5 * a),
          0.9,
          10,
        ),
    },
    hard: {
      "a window of one": () => check(rising(80, 3), 0.8, 1),
      "fewer steps than the window": () => check([1, 1, 1], 0.5, 4),
      "reached, and lost again": () => check([0.2, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.95, 0.95, 0.95], 0.85, 3),
    },
  };
});
