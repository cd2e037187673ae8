export const answers = [
  {
    name: "textbook",
    right: false,
    mistakes: ["mean of the squares minus square of the mean, which loses all digits for a large mean"],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    count++;
    sum += value;
    squares += value * value;
  }
  return squares / count - (sum / count) ** 2;
}`,
  },
  {
    name: "sample-variance",
    right: false,
    mistakes: ["divides by n − 1 instead of n"],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    count++;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  return squares / (count - 1);
}`,
  },
  {
    name: "read-twice",
    right: false,
    mistakes: ["reads the values a second time, when a stream has none left"],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let count = 0;
  let mean = 0;
  for (const value of values) {
    count++;
    mean += (value - mean) / count;
  }
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return squares / count;
}`,
  },
  {
    name: "old-distance-squared",
    right: false,
    mistakes: ["the sum grows by the square of the distance from the old mean"],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let [n, mean, squares] = [0, 0, 0];
  for (const value of values) {
    n += 1;
    const distance = value - mean;
    squares += distance ** 2;
    mean += distance / n;
  }
  return squares / n;
}`,
  },
  {
    name: "new-distance-squared-root",
    right: false,
    mistakes: [
      "the sum grows by the square of the distance from the new mean",
      "the root is returned (the standard deviation)",
    ],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    count++;
    mean += (value - mean) / count;
    squares += (value - mean) ** 2;
  }
  return Math.sqrt(squares / count);
}`,
  },
  {
    name: "textbook-sample",
    right: false,
    mistakes: [
      "mean of the squares minus square of the mean, which loses all digits for a large mean",
      "divides by n − 1 instead of n",
    ],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (const v of values) {
    n++;
    sum += v;
    squares += v ** 2;
  }
  return (squares - (sum * sum) / n) / (n - 1);
}`,
  },
  {
    name: "mean-moves-too-far-not-divided",
    right: false,
    mistakes: [
      "the mean moves by half of the distance each time instead of 1/count",
      "the sum is not divided by the count",
    ],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let mean: number | undefined;
  let squares = 0;
  for (const value of values) {
    if (mean === undefined) mean = value;
    const old = mean;
    mean = old + (value - old) / 2;
    squares += (value - old) * (value - mean);
  }
  return squares;
}`,
  },
  {
    name: "count-from-one-absolute",
    right: false,
    mistakes: ["the count starts at 1, one too many", "the distances are absolute, not multiplied"],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let count = 1;
  let mean = 0;
  let total = 0;
  for (const value of values) {
    count++;
    const distance = value - mean;
    mean += distance / count;
    total += Math.abs(value - mean);
  }
  return total / count;
}`,
  },
  {
    name: "weight-form",
    right: true,
    mistakes: [],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let n = 0;
  let mean = 0;
  let variance = 0;
  for (const value of values) {
    n++;
    const distance = value - mean;
    mean += distance / n;
    variance += (((n - 1) / n) * distance * distance - variance) / n;
  }
  return variance;
}`,
  },
  {
    name: "blocks-merged",
    right: true,
    mistakes: [],
    code: `/** The variance (divided by n) of values that can be read only once. */
function streamVariance(values: Iterable<number>): number {
  let total = { n: 0, mean: 0, squares: 0 };
  const merge = (block: number[]) => {
    if (block.length === 0) return;
    const first = block[0];
    const mean = first + block.reduce((sum, v) => sum + (v - first), 0) / block.length;
    const squares = block.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const n = total.n + block.length;
    const gap = mean - total.mean;
    total = {
      n,
      mean: total.mean + (gap * block.length) / n,
      squares: total.squares + squares + (gap * gap * total.n * block.length) / n,
    };
  };
  let block: number[] = [];
  for (const value of values) {
    block.push(value);
    if (block.length === 8) {
      merge(block);
      block = [];
    }
  }
  merge(block);
  return total.squares / total.n;
}`,
  },
];
