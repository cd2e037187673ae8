import { type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.NormalizeColumns>;
type Matrix = number[][];

const transpose = (x: Matrix): Matrix => x[0].map((_, c) => x.map((row) => row[c]));
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: number[]) => sum(values) / values.length;
const variance = (values: number[], divisor = values.length) =>
  sum(values.map((v) => (v - mean(values)) ** 2)) / divisor;

/** The whole exercise for a rule for one column. */
const byColumn =
  (rule: (column: number[], epsilon: number) => number[]): checks.NormalizeColumns =>
  (x, epsilon) =>
    transpose(transpose(x).map((column) => rule(column, epsilon)));

export const right: Solution["right"] = [
  byColumn((v, eps) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v) + eps))),
  (x, epsilon) => {
    const result = x.map((row) => [...row]);
    for (let c = 0; c < x[0].length; c++) {
      let total = 0;
      for (const row of x) total += row[c];
      const mu = total / x.length;
      let squares = 0;
      for (const row of x) squares += (row[c] - mu) * (row[c] - mu);
      for (const row of result) row[c] = (row[c] - mu) * Math.pow(squares / x.length + epsilon, -0.5);
    }
    return result;
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "along the rows",
    message: /wrong axis: this is layer norm/,
    solution: (x, eps) => x.map((v) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v) + eps))),
  },
  {
    name: "divided by m − 1",
    message: /divided by m − 1/,
    solution: byColumn((v, eps) =>
      v.map((value) => (value - mean(v)) / Math.sqrt(variance(v, v.length - 1) + eps)),
    ),
  },
  {
    name: "ε outside the root",
    message: /ε stands outside the root/,
    solution: byColumn((v, eps) => v.map((value) => (value - mean(v)) / (Math.sqrt(variance(v)) + eps))),
  },
  {
    name: "without ε",
    message: /ε is missing/,
    solution: byColumn((v) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v)))),
  },
  {
    name: "divided by the variance",
    message: /divided by the variance.*divide by its root/,
    solution: byColumn((v, eps) => v.map((value) => (value - mean(v)) / (variance(v) + eps))),
  },
  {
    name: "mean not subtracted",
    message: /did not subtract the mean/,
    solution: byColumn((v, eps) => v.map((value) => value / Math.sqrt(variance(v) + eps))),
  },
  {
    name: "only centred",
    message: /only subtracted the mean/,
    solution: byColumn((v) => v.map((value) => value - mean(v))),
  },
  {
    name: "one mean for the whole matrix",
    message: /one mean over the whole matrix/,
    solution: (x, eps) => {
      const all = x.flat();
      return x.map((row) => row.map((value) => (value - mean(all)) / Math.sqrt(variance(all) + eps)));
    },
  },
  {
    name: "sum of squares not divided",
    message: /must be divided by m/,
    solution: byColumn((v, eps) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v, 1) + eps))),
  },
  {
    name: "transposed result",
    message: /rows and columns are exchanged/,
    solution: (x, eps) =>
      transpose(x).map((v) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v) + eps))),
  },
  {
    name: "changes its input",
    message: /changed its input/,
    solution: (x, eps) => {
      const columns = transpose(x);
      x.forEach((row) =>
        row.forEach((value, c) => {
          row[c] = (value - mean(columns[c])) / Math.sqrt(variance(columns[c]) + eps);
        }),
      );
      return x;
    },
  },
  { name: "nothing returned", message: /undefined.*`return`/, solution: (() => undefined) as never },
  // Two mistakes together.
  {
    name: "along the rows, m − 1",
    message: [/this is layer norm/, /you divided by m − 1/],
    solution: (x, eps) =>
      x.map((v) => v.map((value) => (value - mean(v)) / Math.sqrt(variance(v, v.length - 1) + eps))),
  },
  {
    name: "ε outside the root, mean not subtracted",
    message: [/ε stands outside the root/, /did not subtract the mean/],
    solution: byColumn((v, eps) => v.map((value) => value / (Math.sqrt(variance(v)) + eps))),
  },
  {
    name: "no root, no ε",
    message: [/divided by the variance.*divide by its root/, /ε is missing/],
    solution: byColumn((v) => v.map((value) => (value - mean(v)) / variance(v))),
  },
  {
    name: "a multiplication, m − 1",
    message: [/multiplied by the standard deviation/, /you divided by m − 1/],
    solution: byColumn((v, eps) =>
      v.map((value) => (value - mean(v)) * Math.sqrt(variance(v, v.length - 1) + eps)),
    ),
  },
];
