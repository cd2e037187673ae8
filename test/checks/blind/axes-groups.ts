export const answers = [
  {
    name: "interleaved",
    right: false,
    mistakes: ["splits C as (C/G, G), so that a group is made of every G-th channel"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const split = x.reshape([n, h, w, c / groups, groups]);
  return standardize(split, { axes: [1, 2, 3], epsilon }).xHat.reshape(x.shape);
}`,
  },
  {
    name: "over-the-groups",
    right: false,
    mistakes: ["averages over the group axis instead of the channels within a group"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const grouped = x.reshape([n, h, w, groups, c / groups]);
  return standardize(grouped, { axes: [1, 2, 3], epsilon }).xHat.reshape(x.shape);
}`,
  },
  {
    name: "over-the-batch",
    right: false,
    mistakes: ["averages over the images as well"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const grouped = x.reshape([n, h, w, groups, c / groups]);
  const { xHat } = standardize(grouped, { axes: [0, 1, 2, 4], epsilon });
  return xHat.reshape([n, h, w, c]);
}`,
  },
  {
    name: "shape-kept-split",
    right: false,
    mistakes: ["the result is not given its old shape"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  return standardize(x.reshape([n, h, w, groups, c / groups]), { axes: [1, 2, 4], epsilon }).xHat;
}`,
  },
  {
    name: "channels-first",
    right: false,
    mistakes: ["reads the shape as (N, C, H, W)", "ε is hard-coded as 1e-5"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, c, h, w] = x.shape;
  const grouped = x.reshape([n, groups, c / groups, h, w]);
  return standardize(grouped, { axes: [2, 3, 4], epsilon: 1e-5 }).xHat.reshape(x.shape);
}`,
  },
  {
    name: "no-space-group-size",
    right: false,
    mistakes: [
      "averages over the channels of a group only, not over H and W",
      "takes groups for the number of channels in a group",
    ],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const grouped = x.reshape([n, h, w, c / groups, groups]);
  return standardize(grouped, { axes: [4], epsilon }).xHat.reshape(x.shape);
}`,
  },
  {
    name: "interleaved-over-batch",
    right: false,
    mistakes: [
      "splits C as (C/G, G), so that a group is made of every G-th channel",
      "averages over the images as well",
    ],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const c = x.shape[3];
  const grouped = x.reshape([-1, c / groups, groups]);
  return standardize(grouped, { axes: [0, 1], epsilon }).xHat.reshape(x.shape);
}`,
  },
  {
    name: "per-row-eps-squared",
    right: false,
    mistakes: ["averages over W but not over H", "ε is squared"],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const grouped = x.reshape([n, h, w, groups, c / groups]);
  return standardize(grouped, { axes: [2, 4], epsilon: epsilon ** 2 }).xHat.reshape([n, h, w, c]);
}`,
  },
  {
    name: "flat-space",
    right: true,
    mistakes: [],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const size = c / groups;
  const flat = x.reshape([n, h * w, groups, size]);
  const centered = flat.sub(flat.mean([1, 3], true));
  const rstd = centered.square().mean([1, 3], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  return centered.mul(rstd).reshape(x.shape);
}`,
  },
  {
    name: "group-loops",
    right: true,
    mistakes: [],
    code: `/**
 * x (N,H,W,C), standardized over H, W and the C / groups channels of each group; the result has x's
 * shape.
 */
function standardizeGroups(x: Tensor, groups: number, epsilon: number): Tensor {
  const [n, h, w, c] = x.shape;
  const size = c / groups;
  const key = (i: number) => Math.floor(i / (h * w * c)) * groups + Math.floor((i % c) / size);
  const count = h * w * size;
  const mean = new Float64Array(n * groups);
  const variance = new Float64Array(n * groups);
  x.data.forEach((v, i) => (mean[key(i)] += v / count));
  x.data.forEach((v, i) => (variance[key(i)] += (v - mean[key(i)]) ** 2 / count));
  return x.map((v, i) => (v - mean[key(i)]) / Math.sqrt(variance[key(i)] + epsilon));
}`,
  },
];
