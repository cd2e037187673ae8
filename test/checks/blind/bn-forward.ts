export const answers = [
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]);
  const xHat = x.sub(mean).div(variance.sqrt().add(epsilon));
  return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
}`,
  },
  {
    name: "sample-variance",
    right: false,
    mistakes: ["the variance is divided by m − 1 instead of m"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const m = x.shape[0];
  const mean = x.sum([0]).div(m);
  const centered = x.sub(mean);
  const variance = centered.mul(centered).sum([0]).div(m - 1);
  const xHat = centered.div(variance.add(epsilon).sqrt());
  const y = gamma.mul(xHat).add(beta);
  return { y, xHat, mean, variance };
}`,
  },
  {
    name: "variance-with-eps",
    right: false,
    mistakes: ["ε is part of the variance that is returned"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]).add(epsilon);
  const xHat = x.sub(mean).div(variance.sqrt());
  const y = xHat.mul(gamma).add(beta);
  return { y, xHat, mean, variance };
}`,
  },
  {
    name: "gamma-beta-swapped",
    right: false,
    mistakes: ["γ and β are swapped"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([0]);
  const centered = x.sub(mean);
  const variance = centered.square().mean([0]);
  const xHat = centered.div(variance.add(epsilon).sqrt());
  const y = xHat.mul(beta).add(gamma);
  return { y, xHat, mean, variance };
}`,
  },
  {
    name: "rows-no-beta",
    right: false,
    mistakes: ["the statistics are taken along the rows (axis 1)", "β is left out"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([1], true);
  const centered = x.sub(mean);
  const variance = centered.square().mean([1], true);
  const xHat = centered.div(variance.add(epsilon).sqrt());
  return { y: xHat.mul(gamma), xHat, mean: mean.reshape([-1]), variance: variance.reshape([-1]) };
}`,
  },
  {
    name: "beta-before-gamma-no-root",
    right: false,
    mistakes: ["β is added before γ multiplies", "divides by the variance, without the root"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]);
  const xHat = x.sub(mean).div(variance.add(epsilon));
  const y = xHat.add(beta).mul(gamma);
  return { y, xHat, mean, variance };
}`,
  },
  {
    name: "uncentred-variance-no-eps",
    right: false,
    mistakes: ["the variance is the mean of the squares, without subtracting the mean", "ε is left out"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const mean = x.mean([0]);
  const variance = x.square().mean([0]);
  const xHat = x.sub(mean).div(variance.sqrt());
  return { mean, variance, xHat, y: xHat.mul(gamma).add(beta) };
}`,
  },
  {
    name: "deviation-as-variance-sample",
    right: false,
    mistakes: ["returns the standard deviation as the variance", "divides by m − 1"],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const [m, columns] = x.shape;
  const mean = x.mean([0]);
  const spread = tensor(Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += (x.at(i, c) - mean.at(c)) ** 2;
    return Math.sqrt(sum / (m - 1) + epsilon);
  }));
  const xHat = x.sub(mean).div(spread);
  return { y: xHat.mul(gamma).add(beta), xHat, mean, variance: spread };
}`,
  },
  {
    name: "data-loops",
    right: true,
    mistakes: [],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const [m, columns] = x.shape;
  const mean = new Array<number>(columns).fill(0);
  const variance = new Array<number>(columns).fill(0);
  for (let k = 0; k < x.size; k++) mean[k % columns] += x.data[k];
  for (let c = 0; c < columns; c++) mean[c] /= m;
  for (let k = 0; k < x.size; k++) variance[k % columns] += (x.data[k] - mean[k % columns]) ** 2 / m;
  const xHat = x.map((v, k) => (v - mean[k % columns]) / Math.sqrt(variance[k % columns] + epsilon));
  const y = xHat.map((v, k) => gamma.data[k % columns] * v + beta.data[k % columns]);
  return { y, xHat, mean: tensor(mean), variance: tensor(variance) };
}`,
  },
  {
    name: "pairs-of-rows",
    right: true,
    mistakes: [],
    code: `/** x (m, C); gamma and beta (C). Returns y and xHat (m, C), mean and variance (C). */
function batchNormForward(
  x: Tensor,
  { gamma, beta, epsilon }: { gamma: Tensor; beta: Tensor; epsilon: number },
): { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor } {
  const m = x.shape[0];
  const mean = x.sum([0]).mul(1 / m);
  const c = x.shape[1];
  const differences = x.reshape([m, 1, c]).sub(x.reshape([1, m, c]));
  const variance = differences.square().sum([0, 1]).div(2 * m * m);
  const scale = gamma.div(variance.add(epsilon).sqrt());
  const y = x.mul(scale).add(beta.sub(mean.mul(scale)));
  const xHat = x.sub(mean).mul(variance.add(epsilon).map((v) => v ** -0.5));
  return { y, xHat, mean, variance };
}`,
  },
];
