import { type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.ConfusionCounts>;

const table = (classes: number) => Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
const count: checks.ConfusionCounts = (labels, predictions, classes) => {
  const counts = table(classes);
  for (let k = 0; k < labels.length; k++) counts[labels[k]][predictions[k]]++;
  return counts;
};

export const right: Solution["right"] = [
  count,
  (labels, predictions, classes) =>
    table(classes).map((row, i) =>
      row.map((_, j) => labels.filter((label, k) => label === i && predictions[k] === j).length),
    ),
];

export const wrong: Solution["wrong"] = [
  { name: "transposed", message: /rows and columns are exchanged/, solution: (l, p, c) => count(p, l, c) },
  {
    name: "mistakes alone",
    message: /diagonal is missing/,
    solution: (l, p, c) => count(l, p, c).map((row, i) => row.map((n, j) => (i === j ? 0 : n))),
  },
  {
    name: "right answers alone",
    message: /right answers alone/,
    solution: (l, p, c) => count(l, p, c).map((row, i) => row.map((n, j) => (i === j ? n : 0))),
  },
  {
    name: "marks",
    message: /instead of counting how often/,
    solution: (l, p, c) => count(l, p, c).map((row) => row.map((n) => Math.min(1, n))),
  },
  {
    name: "shares",
    message: /divided each row by its sum/,
    case: "a class that never occurs has a row of zeros",
    solution: (l, p, c) =>
      count(l, p, c).map((row) =>
        row.map(
          (n) =>
            n /
            Math.max(
              1,
              row.reduce((a, b) => a + b, 0),
            ),
        ),
      ),
  },
  { name: "only an empty table", message: /every entry is 0/, solution: (_l, _p, c) => table(c) },
  {
    name: "one row shared by all classes",
    message: /one and the same array/,
    solution: (l, p, c) => {
      const counts = new Array<number[]>(c).fill(new Array<number>(c).fill(0));
      for (let k = 0; k < l.length; k++) counts[l[k]][p[k]]++;
      return counts;
    },
  },
  // Two mistakes together.
  {
    name: "transposed mistakes",
    message: [/rows and columns are exchanged/, /diagonal is missing/],
    solution: (l, p, c) => count(p, l, c).map((row, i) => row.map((n, j) => (i === j ? 0 : n))),
  },
  {
    name: "transposed marks",
    message: [/rows and columns are exchanged/, /instead of counting how often/],
    solution: (l, p, c) => count(p, l, c).map((row) => row.map((n) => Math.min(1, n))),
  },
  {
    name: "mistakes as percentages",
    message: [/diagonal is missing/, /these are percentages/],
    solution: (l, p, c) => {
      const mistakes = count(l, p, c).map((row, i) => row.map((n, j) => (i === j ? 0 : n)));
      const total = mistakes.flat().reduce((a, b) => a + b, 0);
      return mistakes.map((row) => row.map((n) => (100 * n) / Math.max(1, total)));
    },
  },
  {
    name: "the first left out, transposed",
    message: [/first example is left out/, /rows and columns are exchanged/],
    solution: (l, p, c) => count(p.slice(1), l.slice(1), c),
  },
];
