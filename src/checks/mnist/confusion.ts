import { randomGenerator, tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** (true labels, predicted labels, number of classes) → counts[i][j]: how often class i was taken for class j. */
export type ConfusionCounts = (labels: number[], predictions: number[], classes: number) => number[][];

const square = (classes: number): number[][] =>
  Array.from({ length: classes }, () => new Array<number>(classes).fill(0));

/** Exercise mnist-confusion: the table of who is taken for whom. */
export const mnistConfusion: Check<ConfusionCounts> = formulaExercise("mnist-confusion", {
  switches: {
    transposed: "rows and columns are exchanged: row i is the true class, column j the predicted one",
    noDiagonal: "the diagonal is missing: right answers are counted too",
    diagonalAlone: "you counted right answers alone; mistakes belong beside the diagonal",
    marked: "you marked what happened instead of counting how often",
    rowShares: "you divided each row by its sum; the counts themselves are asked for",
    columnShares: "you divided each column by its sum; the counts themselves are asked for",
    shares: "you divided by the number of examples; the counts themselves are asked for",
    percent: "these are percentages; the counts themselves are asked for",
    nothing: "nothing is counted: every entry is 0",
    onceEach: "every entry begins at 0; yours begin at 1",
    sharedRow:
      "all rows are one and the same array (`fill([])` puts it there again and again): make one for each",
    bothWays: "you counted every pair in both directions, (i, j) and (j, i)",
    labelsOnly: "you counted the labels alone, on the diagonal: the column is the predicted class",
    predictionsOnly: "you counted the predictions alone, on the diagonal: the row is the true class",
    firstMissed: "the first example is left out",
    lastMissed: "the last example is left out",
    fromOne: "there is one row and one column too many: classes are counted from 0 to `classes` − 1",
    largestMissing: "the classes are those that are asked for, `classes`; you took as many as occur",
  },
  formula:
    (on) =>
    (labels: number[], predictions: number[], classes: number): number[][] => {
      const size = on("largestMissing")
        ? Math.max(-1, ...labels, ...predictions) + 1
        : classes + (on("fromOne") ? 1 : 0);
      const counts = square(size).map((row) => row.map((): number => (on("onceEach") ? 1 : 0)));
      const add = (i: number, j: number) => {
        const rows = on("sharedRow") ? counts : [counts[i]];
        for (const row of rows) row[j] = on("marked") ? 1 : row[j] + 1;
      };
      labels.forEach((label, k) => {
        const [i, j] = on("labelsOnly")
          ? [label, label]
          : on("predictionsOnly")
            ? [predictions[k], predictions[k]]
            : [label, predictions[k]];
        if (on("nothing") || (on("noDiagonal") && i === j) || (on("diagonalAlone") && i !== j)) return;
        if ((on("firstMissed") && k === 0) || (on("lastMissed") && k === labels.length - 1)) return;
        if (on("transposed")) add(j, i);
        else add(i, j);
        if (on("bothWays")) add(j, i);
      });
      const whole = counts.flat().reduce((a, b) => a + b, 0);
      const sumOf = (values: number[]) => values.reduce((a, b) => a + b, 0);
      const divisor = (i: number, j: number) =>
        on("rowShares")
          ? sumOf(counts[i])
          : on("columnShares")
            ? sumOf(counts.map((row) => row[j]))
            : on("shares") || on("percent")
              ? whole
              : 1;
      const factor = on("percent") ? 100 : 1;
      return counts.map((row, i) => row.map((count, j) => (factor * count) / Math.max(1, divisor(i, j))));
    },
  right: (labels, predictions, classes) => {
    const counts = square(classes);
    labels.forEach((label, k) => (counts[label][predictions[k]] += 1));
    return tensor(counts).toArray() as number[][];
  },
  cases: (seed) => {
    /** Labels and predictions that agree most of the time. */
    const random = (length: number, classes: number, s: number) => {
      const { uniform } = randomGenerator(seed + s);
      const pick = () => Math.min(classes - 1, Math.floor(classes * uniform()));
      const labels = Array.from({ length }, pick);
      return trial(
        labels,
        labels.map((label) => (uniform() < 0.7 ? label : pick())),
        classes,
      );
    };
    const trial = (labels: number[], predictions: number[], classes: number) => ({
      args: [labels, predictions, classes] as [number[], number[], number],
    });
    return {
      usual: {
        "60 random examples of 4 classes": random(60, 4, 0),
        "10 classes": random(300, 10, 1),
        "a class that never occurs has a row of zeros": trial([0, 0, 2, 2], [0, 2, 2, 2], 4),
      },
      hard: {
        "no examples": trial([], [], 3),
        "all wrong": trial([0, 1, 2], [1, 2, 0], 3),
      },
    };
  },
});
