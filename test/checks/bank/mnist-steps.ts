import { type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.StepsTo>;

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
/** A rule for the number of steps `count`; undefined when no count fits. */
const first =
  (rule: (accuracies: number[], goal: number, window: number, count: number) => boolean): checks.StepsTo =>
  (accuracies, goal, window) => {
    for (let count = 1; count <= accuracies.length; count++) {
      if (rule(accuracies, goal, window, count)) return count;
    }
    return undefined;
  };
const windowed = first((a, goal, window, k) => k >= window && mean(a.slice(k - window, k)) >= goal);

export const right: Solution["right"] = [
  windowed,
  (accuracies, goal, window) => {
    // A running sum, in whole 32nds so that nothing is rounded.
    let sum = 0;
    for (let i = 0; i < accuracies.length; i++) {
      sum += 3200 * accuracies[i];
      if (i >= window) sum -= 3200 * accuracies[i - window];
      if (i + 1 >= window && sum + 1e-6 >= 3200 * goal * window) return i + 1;
    }
    return undefined;
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "the first batch that reaches it",
    message: /first single batch/,
    solution: first((a, goal, _, k) => a[k - 1] >= goal),
  },
  {
    name: "mean of all steps so far",
    message: /mean of all steps so far/,
    solution: first((a, goal, _, k) => mean(a.slice(0, k)) >= goal),
  },
  {
    name: "a short window at the start",
    message: /fewer than `window` accuracies/,
    solution: first((a, goal, window, k) => mean(a.slice(Math.max(0, k - window), k)) >= goal),
  },
  {
    name: "the index instead of the count",
    message: /index of the last step/,
    solution: (...given) => {
      const count = windowed(...given);
      return count === undefined ? undefined : count - 1;
    },
  },
  {
    name: "the window's beginning",
    message: /where the window begins/,
    solution: (a, goal, window) => {
      const count = windowed(a, goal, window);
      return count === undefined ? undefined : count - window;
    },
  },
  {
    name: "more than the goal",
    message: /exactly the goal counts|must be|one step late/,
    solution: first((a, goal, window, k) => k >= window && mean(a.slice(k - window, k)) > goal),
  },
  {
    name: "−1 when it is never reached",
    message: /when the goal is never reached/,
    solution: (...given) => windowed(...given) ?? -1,
  },
  // Two mistakes together.
  {
    name: "more than the goal, the index",
    message: [/exactly the goal counts/, /index of the last step/],
    solution: (...given) => {
      const count = first((a, goal, window, k) => k >= window && mean(a.slice(k - window, k)) > goal)(
        ...given,
      );
      return count === undefined ? undefined : count - 1;
    },
  },
  {
    name: "a short window, −1 for never",
    message: [/fewer than `window` accuracies/, /when the goal is never reached/],
    solution: (...given) =>
      first((a, goal, window, k) => mean(a.slice(Math.max(0, k - window), k)) >= goal)(...given) ?? -1,
  },
  {
    name: "the largest, the window's beginning",
    message: [/the largest of the last/, /where the window begins/],
    solution: (...given) => {
      const [, , window] = given;
      const count = first((a, goal, size, k) => k >= size && Math.max(...a.slice(k - size, k)) >= goal)(
        ...given,
      );
      return count === undefined ? undefined : count - window;
    },
  },
  {
    name: "the first batch, Infinity for never",
    message: [/first single batch/, /when the goal is never reached/],
    solution: (...given) => first((a, goal, _, k) => a[k - 1] >= goal)(...given) ?? Infinity,
  },
];
