export const answers = [
  {
    name: "index",
    right: false,
    mistakes: ["returns the index of the last accuracy, one less than the number of steps"],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let i = window - 1; i < accuracies.length; i++) {
    const recent = accuracies.slice(i - window + 1, i + 1);
    if (recent.reduce((a, b) => a + b, 0) / window >= goal) return i;
  }
  return undefined;
}`,
  },
  {
    name: "partial-windows",
    right: false,
    mistakes: ["windows that are not full yet count as well"],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let steps = 1; steps <= accuracies.length; steps++) {
    const recent = accuracies.slice(Math.max(0, steps - window), steps);
    if (recent.reduce((a, b) => a + b) / recent.length >= goal) return steps;
  }
  return undefined;
}`,
  },
  {
    name: "greater",
    right: false,
    mistakes: ["greater than the goal instead of at least"],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let steps = window; steps <= accuracies.length; steps++) {
    const mean = accuracies.slice(steps - window, steps).reduce((a, b) => a + b, 0) / window;
    if (mean > goal) return steps;
  }
  return undefined;
}`,
  },
  {
    name: "last-step-missed",
    right: false,
    mistakes: ["the loop ends one step too early"],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let steps = window; steps < accuracies.length; steps++) {
    let sum = 0;
    for (let k = steps - window; k < steps; k++) sum += accuracies[k];
    if (sum / window >= goal) return steps;
  }
  return undefined;
}`,
  },
  {
    name: "disjoint-length",
    right: false,
    mistakes: [
      "the windows don't overlap (steps go by window)",
      "returns the number of accuracies if the goal is never reached",
    ],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let steps = window; steps <= accuracies.length; steps += window) {
    const recent = accuracies.slice(steps - window, steps);
    if (recent.reduce((a, b) => a + b) / window >= goal) return steps;
  }
  return accuracies.length;
}`,
  },
  {
    name: "every-greater",
    right: false,
    mistakes: [
      "every accuracy of the window has to reach the goal instead of their mean",
      "greater than the goal instead of at least",
    ],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let steps = window; steps <= accuracies.length; steps++) {
    if (accuracies.slice(steps - window, steps).every((a) => a > goal)) return steps;
  }
  return undefined;
}`,
  },
  {
    name: "median-index",
    right: false,
    mistakes: ["the median of the window instead of the mean", "returns the index where the window starts"],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  for (let start = 0; start + window <= accuracies.length; start++) {
    const sorted = accuracies.slice(start, start + window).sort((a, b) => a - b);
    const median = sorted[Math.floor(window / 2)];
    if (median >= goal) return start;
  }
  return undefined;
}`,
  },
  {
    name: "from-the-beginning-zero",
    right: false,
    mistakes: [
      "the mean of all accuracies so far instead of the last ones",
      "returns 0 if the goal is never reached",
    ],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  let sum = 0;
  for (let i = 0; i < accuracies.length; i++) {
    sum += accuracies[i];
    if (i + 1 >= window && sum / (i + 1) >= goal) return i + 1;
  }
  return 0;
}`,
  },
  {
    name: "find-index",
    right: true,
    mistakes: [],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  const windows = Array.from({ length: Math.max(0, accuracies.length - window + 1) }, (_, start) =>
    accuracies.slice(start, start + window),
  );
  const found = windows.findIndex((recent) => recent.reduce((a, b) => a + b, 0) / window >= goal);
  return found < 0 ? undefined : found + window;
}`,
  },
  {
    name: "inner-loop",
    right: true,
    mistakes: [],
    code: `/**
 * After how many steps is the mean of the last \`window\` accuracies at least \`goal\` for the first
 * time?
 */
function stepsToGoal(accuracies: number[], goal: number, window: number): number | undefined {
  let end = window - 1;
  while (end < accuracies.length) {
    let sum = 0;
    for (let back = window - 1; back >= 0; back--) sum += accuracies[end - back];
    const mean = sum / window;
    end++;
    if (mean >= goal) return end;
  }
  return undefined;
}`,
  },
];
