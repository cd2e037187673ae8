export const answers = [
  {
    name: "gamma-after",
    right: false,
    mistakes: ["γ multiplies after the means are taken instead of before"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = centered.mul(rstd);
  const throughMean = dy.mean([1], true);
  const throughVariance = xHat.mul(dy.mul(xHat).mean([1], true));
  const dx = dy.sub(throughMean).sub(throughVariance).mul(rstd).mul(gamma);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "means-over-batch",
    right: false,
    mistakes: ["the means in dx run over axis 0, as in batch norm"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = centered.mul(rstd);
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(dXHat.mean([0])).sub(xHat.mul(dXHat.mul(xHat).mean([0]))).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "mean-term-missing",
    right: false,
    mistakes: ["the mean of dx̂ is not subtracted (RMSNorm's formula)"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const std = centered.square().mean([1], true).add(epsilon).sqrt();
  const xHat = centered.div(std);
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(xHat.mul(dXHat.mul(xHat).mean([1], true))).div(std);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "dgamma-without-xhat",
    right: false,
    mistakes: ["dγ is the sum of dy · x instead of dy · x̂"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => v ** -0.5);
  const xHat = centered.mul(rstd);
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(dXHat.mean([1], true)).sub(xHat.mul(dXHat.mul(xHat).mean([1], true))).mul(rstd);
  return { dx, dGamma: dy.mul(x).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "no-eps-parameter-means",
    right: false,
    mistakes: ["ε is left out", "dγ and dβ are means over the samples instead of sums"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).map((v) => 1 / Math.sqrt(v));
  const xHat = centered.mul(rstd);
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(dXHat.mean([1], true)).sub(xHat.mul(dXHat.mul(xHat).mean([1], true))).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).mean([0]), dBeta: dy.mean([0]) };
}`,
  },
  {
    name: "sign-dbeta-gamma",
    right: false,
    mistakes: ["the part along x̂ is added instead of subtracted", "dβ is multiplied by γ"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = centered.mul(rstd);
  const dXHat = dy.mul(gamma);
  const along = xHat.mul(dXHat.mul(xHat).mean([1], true));
  const dx = dXHat.sub(dXHat.mean([1], true)).add(along).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dXHat.sum([0]) };
}`,
  },
  {
    name: "eps-outside-sums",
    right: false,
    mistakes: ["ε is added outside the root", "the means in dx are sums, not divided by C"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const centered = x.sub(x.mean([1], true));
  const std = centered.square().mean([1], true).sqrt().add(epsilon);
  const xHat = centered.div(std);
  const dXHat = dy.mul(gamma);
  const a = dXHat.sum([1], true);
  const b = dXHat.mul(xHat).sum([1], true);
  return { dx: dXHat.sub(a).sub(xHat.mul(b)).div(std), dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "rstd-missing-gamma-in-dgamma",
    right: false,
    mistakes: ["dx is not multiplied by r", "dγ contains γ"],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const [n, c] = x.shape;
  const dx = new Float64Array(n * c);
  const dGamma = new Float64Array(c);
  const dBeta = new Float64Array(c);
  for (let i = 0; i < n; i++) {
    let mean = 0;
    for (let j = 0; j < c; j++) mean += x.at(i, j) / c;
    let variance = 0;
    for (let j = 0; j < c; j++) variance += (x.at(i, j) - mean) ** 2 / c;
    const hat = (j: number) => (x.at(i, j) - mean) / Math.sqrt(variance + epsilon);
    let a = 0;
    let b = 0;
    for (let j = 0; j < c; j++) {
      const d = dy.at(i, j) * gamma.at(j);
      a += d / c;
      b += (d * hat(j)) / c;
      dGamma[j] += d * hat(j);
      dBeta[j] += dy.at(i, j);
    }
    for (let j = 0; j < c; j++) dx[i * c + j] = dy.at(i, j) * gamma.at(j) - a - b * hat(j);
  }
  return { dx: x.map((_, k) => dx[k]), dGamma: gamma.map((_, j) => dGamma[j]), dBeta: gamma.map((_, j) => dBeta[j]) };
}`,
  },
  {
    name: "node-by-node",
    right: true,
    mistakes: [],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const c = x.shape[1];
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const dXHat = gamma.mul(dy);
  const dRstd = dXHat.mul(centered).sum([1], true);
  const dVariance = dRstd.mul(rstd.map((r) => -0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / c));
  const dx = dCentered.sub(dCentered.mean([1], true));
  return { dx, dGamma: dy.mul(centered.mul(rstd)).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "row-loops",
    right: true,
    mistakes: [],
    code: `/** dy, x (N, C), gamma (C) → the gradients of y = γ · x̂ + β: dx (N, C), dGamma (C), dBeta (C). */
function layerNormBackward(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const [n, c] = x.shape;
  const dx = new Float64Array(n * c);
  const dGamma = new Float64Array(c);
  const dBeta = new Float64Array(c);
  for (let i = 0; i < n; i++) {
    const row = x.data.subarray(i * c, (i + 1) * c);
    const up = dy.data.subarray(i * c, (i + 1) * c);
    const mean = row.reduce((a, b) => a + b, 0) / c;
    const r = 1 / Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / c + epsilon);
    const hat = row.map((v) => (v - mean) * r);
    const d = up.map((v, j) => v * gamma.data[j]);
    const sumD = d.reduce((a, b) => a + b, 0);
    const sumDHat = d.reduce((a, b, j) => a + b * hat[j], 0);
    for (let j = 0; j < c; j++) {
      dx[i * c + j] = (r / c) * (c * d[j] - sumD - hat[j] * sumDHat);
      dGamma[j] += up[j] * hat[j];
      dBeta[j] += up[j];
    }
  }
  return { dx: x.map((_, k) => dx[k]), dGamma: gamma.map((_, j) => dGamma[j]), dBeta: gamma.map((_, j) => dBeta[j]) };
}`,
  },
];
