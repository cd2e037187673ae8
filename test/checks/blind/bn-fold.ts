export const answers = [
  {
    name: "mean-forgotten",
    right: false,
    mistakes: ["the moving mean is not subtracted from the bias"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.add(norm.epsilon).sqrt());
  return { kernel: kernel.mul(scale), bias: bias.mul(scale).add(norm.beta) };
}`,
  },
  {
    name: "bias-not-scaled",
    right: false,
    mistakes: ["the old bias is not multiplied by the scale"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.add(norm.epsilon).sqrt());
  const shift = norm.beta.sub(norm.movingMean.mul(scale));
  return { kernel: kernel.mul(scale), bias: bias.add(shift) };
}`,
  },
  {
    name: "scaled-rows",
    right: false,
    mistakes: ["scales the rows of the kernel (inputs) instead of its columns (units)"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.add(norm.epsilon).sqrt());
  const column = scale.reshape([-1, 1]);
  return { kernel: kernel.mul(column), bias: bias.sub(norm.movingMean).mul(scale).add(norm.beta) };
}`,
  },
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const { gamma, beta, movingMean, movingVariance, epsilon } = norm;
  const s = gamma.div(movingVariance.sqrt().add(epsilon));
  const t = beta.sub(s.mul(movingMean));
  return { kernel: kernel.mul(s), bias: bias.mul(s).add(t) };
}`,
  },
  {
    name: "beta-scaled-no-eps",
    right: false,
    mistakes: ["β is multiplied by the scale as well", "ε is left out"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.sqrt());
  const newBias = bias.sub(norm.movingMean).add(norm.beta).mul(scale);
  return { kernel: kernel.mul(scale), bias: newBias };
}`,
  },
  {
    name: "no-root-mean-added",
    right: false,
    mistakes: ["divides by the variance, without the root", "the mean is added instead of subtracted"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.add(norm.epsilon));
  return { kernel: kernel.mul(scale), bias: bias.add(norm.movingMean).mul(scale).add(norm.beta) };
}`,
  },
  {
    name: "gamma-missing-mean-unscaled",
    right: false,
    mistakes: ["γ is left out of the scale", "the mean is subtracted without being scaled"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const rstd = norm.movingVariance.map((v) => 1 / Math.sqrt(v + norm.epsilon));
  return { kernel: kernel.mul(rstd), bias: bias.mul(rstd).sub(norm.movingMean).add(norm.beta) };
}`,
  },
  {
    name: "kernel-left-beta-missing",
    right: false,
    mistakes: ["the kernel is returned unscaled", "β is left out of the bias"],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const [, units] = kernel.shape;
  const newBias = bias.map((b, j) => {
    const s = norm.gamma.at(j) / Math.sqrt(norm.movingVariance.at(j) + norm.epsilon);
    return s * (b - norm.movingMean.at(j));
  });
  return { kernel: kernel.reshape([-1, units]), bias: newBias };
}`,
  },
  {
    name: "scale-shift",
    right: true,
    mistakes: [],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const { gamma, beta, movingMean, movingVariance, epsilon } = norm;
  const s = movingVariance.map((v, j) => gamma.data[j] / Math.sqrt(v + epsilon));
  const t = beta.sub(s.mul(movingMean));
  return { kernel: kernel.mul(s), bias: s.mul(bias).add(t) };
}`,
  },
  {
    name: "transposed-loops",
    right: true,
    mistakes: [],
    code: `/**
 * A dense layer, kernel (inputs, units) and bias (units), followed by a trained batch norm, all
 * (units).
 */
function foldIntoDense(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const [inputs, units] = kernel.shape;
  const k = new Float64Array(inputs * units);
  const b = new Float64Array(units);
  for (let j = 0; j < units; j++) {
    const s = norm.gamma.data[j] * (norm.movingVariance.data[j] + norm.epsilon) ** -0.5;
    for (let i = 0; i < inputs; i++) k[i * units + j] = s * kernel.data[i * units + j];
    b[j] = norm.beta.data[j] + s * bias.data[j] - s * norm.movingMean.data[j];
  }
  return { kernel: kernel.map((_, i) => k[i]), bias: bias.map((_, j) => b[j]) };
}`,
  },
];
