export const answers = [
  {
    name: "batch-statistics",
    right: false,
    mistakes: ["uses the batch's own mean and variance"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, epsilon } = options;
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]);
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}`,
  },
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, movingVariance, epsilon } = options;
  const std = movingVariance.sqrt().add(epsilon);
  return x.sub(movingMean).div(std).mul(gamma).add(beta);
}`,
  },
  {
    name: "no-root",
    right: false,
    mistakes: ["divides by the variance, without the root"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const o = options;
  return x.sub(o.movingMean).div(o.movingVariance.add(o.epsilon)).mul(o.gamma).add(o.beta);
}`,
  },
  {
    name: "gamma-beta-swapped",
    right: false,
    mistakes: ["γ and β are swapped"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, movingVariance, epsilon } = options;
  const rstd = movingVariance.map((v) => 1 / Math.sqrt(v + epsilon));
  const xHat = x.sub(movingMean).mul(rstd);
  return beta.mul(xHat).add(gamma);
}`,
  },
  {
    name: "batch-mean-no-eps",
    right: false,
    mistakes: ["subtracts the batch's mean instead of the moving mean", "ε is left out"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingVariance } = options;
  const xHat = x.sub(x.mean([0])).div(movingVariance.sqrt());
  return xHat.mul(gamma).add(beta);
}`,
  },
  {
    name: "divided-last-batch-variance",
    right: false,
    mistakes: [
      "β is divided by the deviation as well",
      "uses the batch's variance instead of the moving variance",
    ],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, epsilon } = options;
  const variance = x.sub(x.mean([0])).square().mean([0]);
  return x.sub(movingMean).mul(gamma).add(beta).div(variance.add(epsilon).sqrt());
}`,
  },
  {
    name: "mean-added-beta-missing",
    right: false,
    mistakes: ["the moving mean is added instead of subtracted", "β is left out"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, movingMean, movingVariance, epsilon } = options;
  const c = x.shape[1];
  return x.map((v, i) => {
    const j = i % c;
    return (gamma.data[j] * (v + movingMean.data[j])) / Math.sqrt(movingVariance.data[j] + epsilon);
  });
}`,
  },
  {
    name: "own-eps-order",
    right: false,
    mistakes: ["ε is hard-coded as 1e-5", "β is added before γ multiplies"],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, movingVariance } = options;
  const normalized = x.sub(movingMean).div(movingVariance.add(1e-5).sqrt());
  return normalized.add(beta).mul(gamma);
}`,
  },
  {
    name: "scale-and-shift",
    right: true,
    mistakes: [],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, movingVariance, epsilon } = options;
  const s = gamma.div(movingVariance.add(epsilon).sqrt());
  const t = beta.sub(s.mul(movingMean));
  return x.mul(s).add(t);
}`,
  },
  {
    name: "by-index",
    right: true,
    mistakes: [],
    code: `/** x (m, C), also for m = 1; everything else (C). Returns y (m, C). */
function batchNormInference(
  x: Tensor,
  options: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): Tensor {
  const { gamma, beta, movingMean, movingVariance, epsilon } = options;
  const c = gamma.size;
  return x.map((v, i) => {
    const j = i % c;
    const z = (v - movingMean.data[j]) * (movingVariance.data[j] + epsilon) ** -0.5;
    return beta.data[j] + gamma.data[j] * z;
  });
}`,
  },
];
