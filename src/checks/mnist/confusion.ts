import { randomGenerator, tensor, type Tensor, zeros } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** (true labels, predicted labels, number of classes) → counts[i][j]: how often class i was taken for class j. */
export type ConfusionCounts = (labels: number[], predictions: number[], classes: number) => number[][];

function counted(labels: readonly number[], predictions: readonly number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, k) => (counts[label][predictions[k]] += 1));
  return counts;
}

/** Row by row divided by its sum. */
function shares(counts: Tensor): Tensor {
  const sums = counts.sum([1], true);
  return counts.div(sums.map((sum) => Math.max(1, sum)));
}

/** Exercise mnist-confusion: the table of who is taken for whom. */
export const mnistConfusion: Check<ConfusionCounts> = exercise("mnist-confusion", (solution, seed) => {
  const check = (labels: number[], predictions: number[], classes: number) => {
    const right = tensor(counted(labels, predictions, classes));
    const transposed = () => tensor(counted(predictions, labels, classes));
    const withoutDiagonal = () =>
      right.sub(
        tensor(
          counted(labels, labels, classes).map((row, i) => row.map((_, j) => (i === j ? right.at(i, i) : 0))),
        ),
      );
    const diagonalAlone = () => right.sub(withoutDiagonal());
    const marked = () => right.map((count) => Math.min(1, count));
    return diagnose(invoke(solution, labels, predictions, classes), right, [
      {
        message: "rows and columns are exchanged: row i is the true class, column j the predicted one",
        value: transposed,
      },
      { message: "the diagonal is missing: right answers are counted too", value: withoutDiagonal },
      {
        message: "you counted right answers alone; mistakes belong beside the diagonal",
        value: diagonalAlone,
      },
      { message: "you marked what happened instead of counting how often", value: marked },
      {
        message: "you divided each row by its sum; the counts themselves are asked for",
        value: () => shares(right),
      },
      { message: "nothing is counted: every entry is 0", value: () => zeros(right.shape) },
    ]);
  };
  /** Labels and predictions that agree most of the time. */
  const random = (length: number, classes: number, s: number): [number[], number[], number] => {
    const { uniform } = randomGenerator(seed + s);
    const pick = () => Math.min(classes - 1, Math.floor(classes * uniform()));
    const labels = Array.from({ length }, pick);
    return [labels, labels.map((label) => (uniform() < 0.7 ? label : pick())), classes];
  };
  return {
    usual: {
      "60 random examples of 4 classes": () => check(...random(60, 4, 0)),
      "10 classes": () => check(...random(300, 10, 1)),
      "a class that never occurs has a row of zeros": () => check([0, 0, 2, 2], [0, 2, 2, 2], 4),
    },
    hard: {
      "no examples": () => check([], [], 3),
      "all wrong": () => check([0, 1, 2], [1, 2, 0], 3),
    },
  };
});
