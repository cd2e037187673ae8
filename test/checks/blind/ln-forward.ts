export const answers = [
  {
    name: "axis-one",
    right: false,
    mistakes: ["averages over axis 1, which is the last one only for matrices"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const centered = x.sub(x.mean([1], true));
  const variance = centered.square().mean([1], true);
  return centered.div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}`,
  },
  {
    name: "batch-axis",
    right: false,
    mistakes: ["averages over axis 0, as batch norm does"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const mean = x.mean([0]);
  const centered = x.sub(mean);
  const variance = centered.square().mean([0]);
  const xHat = centered.div(variance.add(epsilon).sqrt());
  return xHat.mul(gamma).add(beta);
}`,
  },
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const mu = x.mean([-1], true);
  const sigma = x.sub(mu).square().mean([-1], true).sqrt();
  return gamma.mul(x.sub(mu).div(sigma.add(epsilon))).add(beta);
}`,
  },
  {
    name: "sample-variance",
    right: false,
    mistakes: ["the variance is divided by C − 1 instead of C"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const c = x.shape[x.rank - 1];
  const centered = x.sub(x.mean([-1], true));
  const variance = centered.square().sum([-1], true).div(c - 1);
  return centered.div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}`,
  },
  {
    name: "all-but-first-swapped",
    right: false,
    mistakes: ["averages over all axes but the first", "γ and β are swapped"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(1);
  const centered = x.sub(x.mean(axes, true));
  const variance = centered.square().mean(axes, true);
  const xHat = centered.div(variance.add(epsilon).sqrt());
  return xHat.mul(beta).add(gamma);
}`,
  },
  {
    name: "not-centred-no-beta",
    right: false,
    mistakes: ["the mean is not subtracted from the values, only within the variance", "β is left out"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const variance = x.sub(x.mean([-1], true)).square().mean([-1], true);
  return x.div(variance.add(epsilon).sqrt()).mul(gamma);
}`,
  },
  {
    name: "no-root-beta-inside",
    right: false,
    mistakes: ["divides by the variance, without the root", "β is added before γ multiplies"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const centered = x.sub(x.mean([-1], true));
  const variance = centered.square().mean([-1], true).add(epsilon);
  return centered.div(variance).add(beta).mul(gamma);
}`,
  },
  {
    name: "in-place-own-eps",
    right: false,
    mistakes: ["x.data is overwritten", "ε is hard-coded as 1e-5"],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const c = gamma.size;
  for (let start = 0; start < x.size; start += c) {
    const row = x.data.subarray(start, start + c);
    const mean = row.reduce((a, b) => a + b, 0) / c;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / c;
    for (let k = 0; k < c; k++) {
      row[k] = (gamma.data[k] * (row[k] - mean)) / Math.sqrt(variance + 1e-5) + beta.data[k];
    }
  }
  return x;
}`,
  },
  {
    name: "copy-and-rows",
    right: true,
    mistakes: [],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const c = x.shape[x.rank - 1];
  const out = Float64Array.from(x.data);
  for (let start = 0; start < out.length; start += c) {
    let mean = 0;
    for (let k = 0; k < c; k++) mean += x.data[start + k];
    mean /= c;
    let variance = 0;
    for (let k = 0; k < c; k++) variance += (x.data[start + k] - mean) ** 2;
    const rstd = 1 / Math.sqrt(variance / c + epsilon);
    for (let k = 0; k < c; k++) out[start + k] = gamma.data[k] * (x.data[start + k] - mean) * rstd + beta.data[k];
  }
  return x.map((_, i) => out[i]);
}`,
  },
  {
    name: "as-columns",
    right: true,
    mistakes: [],
    code: `/**
 * x (…, C), gamma (C), beta (C): y = γ · (x − μ) / √(σ² + ε) + β with the statistics over the last
 * axis.
 */
function layerNormForward(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const c = x.shape[x.shape.length - 1];
  const columns = x.reshape([-1, c]).transpose();
  const centered = columns.sub(columns.mean([0]));
  const rstd = centered.square().mean([0]).map((v) => (v + epsilon) ** -0.5);
  const xHat = centered.mul(rstd).transpose();
  return xHat.mul(gamma).add(beta).reshape(x.shape);
}`,
  },
];
