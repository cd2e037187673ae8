export const answers = [
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const n = x.length;
  const means = x[0].map((_, c) => x.reduce((sum, row) => sum + row[c], 0) / n);
  const deviations = means.map((mean, c) =>
    Math.sqrt(x.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / n),
  );
  return x.map((row) => row.map((value, c) => (value - means[c]) / (deviations[c] + epsilon)));
}`,
  },
  {
    name: "sample-variance",
    right: false,
    mistakes: ["the variance is divided by N − 1 instead of N"],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const result = x.map((row) => [...row]);
  for (let c = 0; c < x[0].length; c++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i][c];
    const mean = sum / x.length;
    let squares = 0;
    for (let i = 0; i < x.length; i++) squares += (x[i][c] - mean) * (x[i][c] - mean);
    const std = Math.sqrt(squares / (x.length - 1) + epsilon);
    for (let i = 0; i < x.length; i++) result[i][c] = (x[i][c] - mean) / std;
  }
  return result;
}`,
  },
  {
    name: "no-root",
    right: false,
    mistakes: ["divides by the variance + ε, without the root"],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const transposed = x[0].map((_, c) => x.map((row) => row[c]));
  const normalized = transposed.map((column) => {
    const mean = column.reduce((a, b) => a + b) / column.length;
    const variance = column.map((v) => (v - mean) ** 2).reduce((a, b) => a + b) / column.length;
    return column.map((v) => (v - mean) / (variance + epsilon));
  });
  return x.map((_, i) => normalized.map((column) => column[i]));
}`,
  },
  {
    name: "along-rows",
    right: false,
    mistakes: ["standardizes every row instead of every column (layer norm)"],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
    return row.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
  });
}`,
  },
  {
    name: "sample-variance-no-eps",
    right: false,
    mistakes: ["the variance is divided by N − 1 instead of N", "ε is left out"],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const columns = x[0].length;
  const means: number[] = [];
  const stds: number[] = [];
  for (let c = 0; c < columns; c++) {
    const values = x.map((row) => row[c]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    means.push(mean);
    stds.push(Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)));
  }
  return x.map((row) => row.map((value, c) => (value - means[c]) / stds[c]));
}`,
  },
  {
    name: "divided-by-columns",
    right: false,
    mistakes: [
      "the mean is divided by the number of columns instead of rows",
      "the variance is divided by the number of columns instead of rows",
    ],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const n = x[0].length;
  const means = new Array<number>(n).fill(0);
  const variances = new Array<number>(n).fill(0);
  for (const row of x) row.forEach((value, c) => (means[c] += value / n));
  for (const row of x) row.forEach((value, c) => (variances[c] += (value - means[c]) ** 2 / n));
  return x.map((row) => row.map((value, c) => (value - means[c]) / Math.sqrt(variances[c] + epsilon)));
}`,
  },
  {
    name: "in-place-own-eps",
    right: false,
    mistakes: [
      "the input is overwritten (the same array is changed and returned)",
      "ε is hard-coded as 1e-5 instead of the argument",
    ],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const eps = 1e-5;
  for (let c = 0; c < x[0].length; c++) {
    const mean = x.reduce((sum, row) => sum + row[c], 0) / x.length;
    const variance = x.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / x.length;
    for (const row of x) row[c] = (row[c] - mean) / Math.sqrt(variance + eps);
  }
  return x;
}`,
  },
  {
    name: "absolute-deviation-not-centred",
    right: false,
    mistakes: [
      "the spread is the mean absolute distance instead of the root mean square",
      "the mean is not subtracted from the values",
    ],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const n = x.length;
  const means = x[0].map((_, c) => x.reduce((sum, row) => sum + row[c], 0) / n);
  const spread = means.map((mean, c) => x.reduce((sum, row) => sum + Math.abs(row[c] - mean), 0) / n);
  return x.map((row) => row.map((value, c) => value / (spread[c] + epsilon)));
}`,
  },
  {
    name: "loops-typed",
    right: true,
    mistakes: [],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const rows = x.length;
  const columns = x[0].length;
  const out: number[][] = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from(x, (row) => row[c]);
    let mean = 0;
    for (const v of column) mean += v / rows;
    let variance = 0;
    for (const v of column) variance += ((v - mean) * (v - mean)) / rows;
    const scale = (variance + epsilon) ** -0.5;
    for (let i = 0; i < rows; i++) out[i][c] = (column[i] - mean) * scale;
  }
  return out;
}`,
  },
  {
    name: "welford-columns",
    right: true,
    mistakes: [],
    code: `/** Standardizes every column of x (N rows, C columns): (x − mean) / √(variance + ε). */
function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const mean = x[0].map(() => 0);
  const squares = x[0].map(() => 0);
  x.forEach((row, i) => {
    row.forEach((value, c) => {
      const old = value - mean[c];
      mean[c] += old / (i + 1);
      squares[c] += old * (value - mean[c]);
    });
  });
  return x.map((row) =>
    row.map((value, c) => (value - mean[c]) / Math.sqrt(squares[c] / x.length + epsilon)),
  );
}`,
  },
];
