export const answers = [
  {
    name: "scaled-kernel-in-bias",
    right: false,
    mistakes: ["the shift goes through the scaled kernel instead of the old one"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const newKernel = kernel.mul(scale.reshape([-1, 1]));
  return { kernel: newKernel, bias: bias.add(newKernel.mul(shift.reshape([-1, 1])).sum([0])) };
}`,
  },
  {
    name: "scaled-columns",
    right: false,
    mistakes: [
      "scales the columns of the kernel instead of its rows, which does not even fit unless it is square",
    ],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  return { kernel: kernel.mul(scale), bias: bias.add(kernel.mul(shift.reshape([-1, 1])).sum([0])) };
}`,
  },
  {
    name: "bias-left-alone",
    right: false,
    mistakes: ["the shift is forgotten: the bias stays as it is"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const { gamma, movingVariance, epsilon } = norm;
  const scale = gamma.div(movingVariance.add(epsilon).sqrt());
  return { kernel: kernel.mul(scale.reshape([kernel.shape[0], 1])), bias };
}`,
  },
  {
    name: "shift-sign",
    right: false,
    mistakes: ["the mean is added in the shift instead of subtracted"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.add(norm.epsilon).sqrt()).reshape([-1, 1]);
  const shift = norm.beta.reshape([-1, 1]).add(norm.movingMean.reshape([-1, 1]).mul(scale));
  return { kernel: kernel.mul(scale), bias: kernel.mul(shift).sum([0]).add(bias) };
}`,
  },
  {
    name: "eps-outside-old-bias-lost",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root", "the old bias is lost"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
  { kernel, bias }: { kernel: Tensor; bias: Tensor },
  norm: {
    gamma: Tensor;
    beta: Tensor;
    movingMean: Tensor;
    movingVariance: Tensor;
    epsilon: number;
  },
): { kernel: Tensor; bias: Tensor } {
  const scale = norm.gamma.div(norm.movingVariance.sqrt().add(norm.epsilon));
  const shift = norm.beta.sub(norm.movingMean.mul(scale));
  const perInput = [kernel.shape[0], 1];
  return {
    kernel: kernel.mul(scale.reshape(perInput)),
    bias: kernel.mul(shift.reshape(perInput)).sum([0]),
  };
}`,
  },
  {
    name: "mean-unscaled-scaled-kernel",
    right: false,
    mistakes: ["the mean is not scaled in the shift", "the shift goes through the scaled kernel"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const shift = norm.beta.sub(norm.movingMean);
  const k = kernel.mul(scale.reshape([-1, 1]));
  return { kernel: k, bias: k.mul(shift.reshape([-1, 1])).sum([0]).add(bias) };
}`,
  },
  {
    name: "mean-for-sum-no-eps",
    right: false,
    mistakes: ["the shift's products are averaged over the inputs instead of summed", "ε is left out"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const shift = norm.beta.sub(norm.movingMean.mul(scale));
  return {
    kernel: kernel.mul(scale.reshape([-1, 1])),
    bias: bias.add(kernel.mul(shift.reshape([-1, 1])).mean([0])),
  };
}`,
  },
  {
    name: "beta-missing-no-root",
    right: false,
    mistakes: ["β is left out of the shift", "divides by the variance, without the root"],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const s = Array.from({ length: inputs }, (_, i) => norm.gamma.at(i) / (norm.movingVariance.at(i) + norm.epsilon));
  const newKernel = kernel.map((w, k) => w * s[Math.floor(k / units)]);
  const newBias = bias.map((b, j) => {
    let sum = b;
    for (let i = 0; i < inputs; i++) sum -= s[i] * norm.movingMean.at(i) * kernel.at(i, j);
    return sum;
  });
  return { kernel: newKernel, bias: newBias };
}`,
  },
  {
    name: "loops",
    right: true,
    mistakes: [],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const scale = Array.from(norm.gamma.data, (g, i) => g / Math.sqrt(norm.movingVariance.data[i] + norm.epsilon));
  const newKernel = kernel.map((w, k) => w * scale[Math.floor(k / units)]);
  const newBias = bias.map((b, j) => {
    let sum = b;
    for (let i = 0; i < inputs; i++) {
      sum += kernel.data[i * units + j] * (norm.beta.data[i] - scale[i] * norm.movingMean.data[i]);
    }
    return sum;
  });
  return { kernel: newKernel, bias: newBias };
}`,
  },
  {
    name: "transposed",
    right: true,
    mistakes: [],
    code: `/**
 * A trained batch norm, all (inputs), followed by a dense layer, kernel (inputs, units) and bias
 * (units).
 */
function foldIntoNext(
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
  const s = gamma.mul(movingVariance.map((v) => (v + epsilon) ** -0.5));
  const byUnit = kernel.transpose();
  const scaled = byUnit.mul(s);
  const newBias = bias.add(byUnit.mul(beta).sum([1])).sub(scaled.mul(movingMean).sum([1]));
  return { kernel: scaled.transpose(), bias: newBias };
}`,
  },
];
