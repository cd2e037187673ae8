export const answers = [
  {
    name: "share-of-zeros",
    right: false,
    mistakes: ["the share of zeros among all values"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  return h.data.filter((v) => v === 0).length / h.size;
}`,
  },
  {
    name: "any-zero",
    right: false,
    mistakes: ["a unit counts as dead when it is 0 for some sample"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const [n, units] = h.shape;
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    for (let i = 0; i < n; i++) {
      if (h.at(i, unit) === 0) {
        dead++;
        break;
      }
    }
  }
  return dead / units;
}`,
  },
  {
    name: "rows",
    right: false,
    mistakes: ["looks at rows: the share of samples with nothing but zeros"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const sums = h.sum([1]);
  return sums.data.filter((s) => s === 0).length / sums.size;
}`,
  },
  {
    name: "count",
    right: false,
    mistakes: ["the number is not divided by the number of units"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const sums = h.sum([0]);
  return sums.data.filter((s) => s === 0).length;
}`,
  },
  {
    name: "any-zero-by-samples",
    right: false,
    mistakes: [
      "a unit counts as dead when it is 0 for some sample",
      "divides by the number of samples instead of units",
    ],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const [n, units] = h.shape;
  const smallest = Array.from({ length: units }, (_, unit) =>
    Math.min(...Array.from({ length: n }, (_, i) => h.at(i, unit))),
  );
  return smallest.filter((value) => value === 0).length / n;
}`,
  },
  {
    name: "alive-by-size",
    right: false,
    mistakes: ["counts the living units instead of the dead", "divides by all values"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const sums = h.sum([0]).data;
  let alive = 0;
  for (const s of sums) if (s > 0) alive++;
  return alive / h.size;
}`,
  },
  {
    name: "threshold-last-sample-missed",
    right: false,
    mistakes: ["a mean below 0.1 counts as dead, not only 0", "the last sample is not looked at"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const [n, units] = h.shape;
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let sum = 0;
    for (let i = 0; i < n - 1; i++) sum += h.at(i, unit);
    if (sum / n < 0.1) dead++;
  }
  return dead / units;
}`,
  },
  {
    name: "first-sample-count",
    right: false,
    mistakes: ["looks at the first sample only", "the number is not divided by the number of units"],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const units = h.shape[1];
  return h.data.subarray(0, units).filter((v) => v === 0).length;
}`,
  },
  {
    name: "every-column",
    right: true,
    mistakes: [],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const [n, units] = h.shape;
  const samples = [...Array(n).keys()];
  const dead = [...Array(units).keys()].filter((unit) => samples.every((i) => h.at(i, unit) === 0));
  return dead.length / units;
}`,
  },
  {
    name: "alive-flags",
    right: true,
    mistakes: [],
    code: `/** The share (0 to 1) of the units that are 0 for every sample; h has shape (N, units). */
function shareOfDead(h: Tensor): number {
  const units = h.shape[h.rank - 1];
  const alive = new Uint8Array(units);
  h.data.forEach((v, k) => {
    if (v !== 0) alive[k % units] = 1;
  });
  return 1 - alive.reduce((a, b) => a + b, 0) / units;
}`,
  },
];
