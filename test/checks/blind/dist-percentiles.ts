export const answers = [
  {
    name: "sorted-as-text",
    right: false,
    mistakes: ["an array is sorted as text"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const sorted = Array.from({ length: n }, (_, i) => u.at(i, unit)).sort();
  return ps.map((p) => {
    const place = (p / 100) * (n - 1);
    const below = Math.floor(place);
    const above = Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}`,
  },
  {
    name: "no-interpolation",
    right: false,
    mistakes: ["takes the value at the place below instead of interpolating"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const sorted = Float64Array.from({ length: n }, (_, i) => u.at(i, unit)).sort();
  return ps.map((p) => sorted[Math.floor((p / 100) * (n - 1))]);
}`,
  },
  {
    name: "hundred-is-nan",
    right: false,
    mistakes: ["at p = 100 the neighbour above does not exist: NaN"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const sorted = Float64Array.from({ length: n }, (_, i) => u.at(i, unit)).sort();
  return ps.map((p) => {
    const place = (p / 100) * (n - 1);
    const below = Math.floor(place);
    const share = place - below;
    return sorted[below] * (1 - share) + sorted[below + 1] * share;
  });
}`,
  },
  {
    name: "place-by-n",
    right: false,
    mistakes: ["the place is p/100 · n instead of n − 1"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const sorted = Array.from({ length: n }, (_, i) => u.at(i, unit)).sort((a, b) => a - b);
  return ps.map((p) => {
    const place = Math.min((p / 100) * n, n - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, n - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}`,
  },
  {
    name: "row-and-no-interpolation",
    right: false,
    mistakes: ["takes the row instead of the column", "rounds to the nearest place instead of interpolating"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const [, units] = u.shape;
  const sorted = u.data.slice(unit * units, (unit + 1) * units).sort();
  return ps.map((p) => sorted[Math.round((p / 100) * (sorted.length - 1))]);
}`,
  },
  {
    name: "not-sorted-place-by-n",
    right: false,
    mistakes: ["the values are not sorted", "the place is p/100 · n instead of n − 1"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const values = Array.from({ length: n }, (_, i) => u.at(i, unit));
  return ps.map((p) => {
    const place = Math.min((p / 100) * n, n - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, n - 1);
    return values[below] + (place - below) * (values[above] - values[below]);
  });
}`,
  },
  {
    name: "all-units-shares-swapped",
    right: false,
    mistakes: [
      "takes the values of all units instead of one",
      "the shares of the two neighbours are swapped",
    ],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const sorted = Float64Array.from(u.data).sort();
  const last = sorted.length - 1;
  return ps.map((p) => {
    const place = (p / 100) * last;
    const below = Math.floor(place);
    const above = Math.min(below + 1, last);
    const share = place - below;
    return share * sorted[below] + (1 - share) * sorted[above];
  });
}`,
  },
  {
    name: "unit-from-one-descending",
    right: false,
    mistakes: ["units are counted from 1, so the one before is taken", "sorted from large to small"],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const n = u.shape[0];
  const sorted: number[] = [];
  for (let i = 0; i < n; i++) sorted.push(u.at(i, unit - 1));
  sorted.sort((a, b) => b - a);
  return ps.map((p) => {
    const place = (p / 100) * (n - 1);
    const below = Math.floor(place);
    const above = Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}`,
  },
  {
    name: "floor-and-ceil",
    right: true,
    mistakes: [],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const [n, units] = u.shape;
  const column = u.data.filter((_, k) => k % units === unit);
  column.sort();
  const result: number[] = [];
  for (const p of ps) {
    const place = (p * (n - 1)) / 100;
    const [low, high] = [Math.floor(place), Math.ceil(place)];
    result.push(low === high ? column[low] : column[low] * (high - place) + column[high] * (place - low));
  }
  return result;
}`,
  },
  {
    name: "insertion-sort",
    right: true,
    mistakes: [],
    code: `/**
 * The percentiles ps (each 0 to 100) of the values of unit number \`unit\` over the batch; u has
 * shape (N, units).
 */
function unitPercentiles(u: Tensor, unit: number, ps: number[]): number[] {
  const sorted: number[] = [];
  for (let i = 0; i < u.shape[0]; i++) {
    const value = u.at(i, unit);
    const where = sorted.findIndex((other) => other > value);
    sorted.splice(where < 0 ? sorted.length : where, 0, value);
  }
  return ps.map((p) => {
    const place = (p / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(place)];
    const high = sorted[Math.ceil(place)];
    return low + (high - low) * (place % 1);
  });
}`,
  },
];
