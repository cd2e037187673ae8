export const answers = [
  {
    name: "centred",
    right: false,
    mistakes: ["the mean is subtracted (this is layer norm)"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const centered = x.sub(x.mean([-1], true));
  const root = centered.square().mean([-1], true).add(epsilon).sqrt();
  return centered.div(root).mul(gamma);
}`,
  },
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the root, outside of it"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rms = x.square().mean([-1], true).sqrt().add(epsilon);
  return x.div(rms).mul(gamma);
}`,
  },
  {
    name: "sum-for-mean",
    right: false,
    mistakes: ["the squares are summed, not averaged (the row gets length 1)"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const length = x.square().sum([-1], true).add(epsilon).sqrt();
  return gamma.mul(x.div(length));
}`,
  },
  {
    name: "axis-one",
    right: false,
    mistakes: ["averages over axis 1, which is the last one only for matrices"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const root = x.square().mean([1], true).add(epsilon).sqrt();
  return x.div(root).mul(gamma);
}`,
  },
  {
    name: "standard-deviation-no-eps",
    right: false,
    mistakes: [
      "divides by the standard deviation (centred squares) instead of the root mean square",
      "ε is left out",
    ],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const variance = x.sub(x.mean([-1], true)).square().mean([-1], true);
  return x.div(variance.sqrt()).mul(gamma);
}`,
  },
  {
    name: "absolute-mean-gamma-divides",
    right: false,
    mistakes: [
      "divides by the mean absolute value instead of the root mean square",
      "divides by γ instead of multiplying",
    ],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const size = x.abs().mean([-1], true).add(epsilon);
  return x.div(size).div(gamma);
}`,
  },
  {
    name: "axis-zero-no-root",
    right: false,
    mistakes: ["averages over axis 0", "divides by the mean square, without the root"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const meanSquare = x.square().mean([0]);
  return x.div(meanSquare.add(epsilon)).mul(gamma);
}`,
  },
  {
    name: "gamma-first-own-eps",
    right: false,
    mistakes: ["γ multiplies x before the mean square is taken", "ε is hard-coded as 1e-5"],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const scaled = x.mul(gamma);
  const rms = scaled.square().mean([-1], true).add(1e-5).sqrt();
  return scaled.div(rms);
}`,
  },
  {
    name: "index-loops",
    right: true,
    mistakes: [],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const c = x.shape[x.rank - 1];
  const squares = new Float64Array(x.size / c);
  for (let i = 0; i < x.size; i++) squares[Math.floor(i / c)] += x.data[i] ** 2;
  return x.map((v, i) => (gamma.data[i % c] * v) / Math.sqrt(squares[Math.floor(i / c)] / c + epsilon));
}`,
  },
  {
    name: "hypot",
    right: true,
    mistakes: [],
    code: `/** x (…, C), gamma (C): y = γ · x / √(mean(x²) + ε), the mean over the last axis. */
function rmsNormForward(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const c = gamma.size;
  const rows = x.reshape([x.size / c, c]);
  const factors = Array.from({ length: x.size / c }, (_, n) => {
    const norm = Math.hypot(...rows.data.subarray(n * c, (n + 1) * c));
    return Math.sqrt(c) / Math.hypot(norm, Math.sqrt(c * epsilon));
  });
  return rows.map((v, i) => v * gamma.data[i % c] * factors[Math.floor(i / c)]).reshape(x.shape);
}`,
  },
];
