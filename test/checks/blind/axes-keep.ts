export const answers = [
  {
    name: "dropped-axis",
    right: false,
    mistakes: ["the reduced axis is dropped, so the means are aligned with the columns or don't fit"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  return x.sub(x.mean([-1]));
}`,
  },
  {
    name: "axis-one",
    right: false,
    mistakes: ["the axis is fixed to 1, which is the last one only for matrices"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  return x.sub(x.mean([1], true));
}`,
  },
  {
    name: "axis-zero",
    right: false,
    mistakes: ["centres the columns (axis 0) instead of the rows"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const mean = x.mean([0]);
  return x.sub(mean);
}`,
  },
  {
    name: "overall-mean",
    right: false,
    mistakes: ["subtracts the mean of the whole tensor"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  return x.sub(x.mean());
}`,
  },
  {
    name: "sum-axis-one",
    right: false,
    mistakes: ["subtracts the sum instead of the mean", "the axis is fixed to 1"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const total = x.sum([1], true);
  return x.sub(total);
}`,
  },
  {
    name: "standardized-axis-zero",
    right: false,
    mistakes: ["divides by the standard deviation as well", "works over axis 0"],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const centered = x.sub(x.mean([0], true));
  const variance = centered.square().mean([0], true);
  return centered.div(variance.add(1e-3).sqrt());
}`,
  },
  {
    name: "sign-all-but-first",
    right: false,
    mistakes: [
      "the sign is reversed (mean − x)",
      "averages over all axes but the first instead of the last one",
    ],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(1);
  return x.mean(axes, true).sub(x);
}`,
  },
  {
    name: "in-place-wrong-count",
    right: false,
    mistakes: [
      "x.data is overwritten",
      "the row length is taken from axis 1, which is the last one only for matrices",
    ],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const length = x.shape[1];
  for (let start = 0; start < x.size; start += length) {
    const row = x.data.subarray(start, start + length);
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    for (let i = 0; i < row.length; i++) row[i] -= mean;
  }
  return x;
}`,
  },
  {
    name: "flatten-to-matrix",
    right: true,
    mistakes: [],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const columns = x.shape[x.rank - 1];
  const flat = x.reshape([x.size / columns, columns]);
  const means = flat.sum([1]).div(columns);
  return flat.sub(means.reshape([-1, 1])).reshape(x.shape);
}`,
  },
  {
    name: "map-by-index",
    right: true,
    mistakes: [],
    code: `/** x of shape (…, C), minus its mean over the last axis. */
function centerRows(x: Tensor): Tensor {
  const c = x.shape[x.shape.length - 1];
  const sums = new Float64Array(x.size / c);
  x.data.forEach((value, i) => (sums[Math.floor(i / c)] += value));
  return x.map((value, i) => value - sums[Math.floor(i / c)] / c);
}`,
  },
];
