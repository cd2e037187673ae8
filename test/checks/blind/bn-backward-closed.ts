export const answers = [
  {
    name: "mean-term-missing",
    right: false,
    mistakes: ["the mean of dx̂ is not subtracted"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(xHat.mul(dXHat.mul(xHat).mean([0]))).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "statistics-as-constants",
    right: false,
    mistakes: ["mean and variance are treated as constants (dx = dx̂ · r)"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  return { dx: dy.mul(gamma).mul(rstd), dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "along-sign",
    right: false,
    mistakes: ["the part along x̂ is added instead of subtracted"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dXHat = dy.mul(gamma);
  const along = xHat.mul(dXHat.mul(xHat).mean([0]));
  const dx = dXHat.sub(dXHat.mean([0])).add(along).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "sums-in-dx",
    right: false,
    mistakes: ["the bars are taken for sums: no division by m"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(dXHat.sum([0])).sub(xHat.mul(dXHat.mul(xHat).sum([0]))).mul(rstd);
  const dGamma = dy.mul(xHat).sum([0]);
  const dBeta = dy.sum([0]);
  return { dx, dGamma, dBeta };
}`,
  },
  {
    name: "means-for-parameters",
    right: false,
    mistakes: ["dγ is a mean instead of a sum", "dβ is a mean instead of a sum"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dXHat = dy.mul(gamma);
  const alongXHat = xHat.mul(dXHat.mul(xHat).mean([0]));
  const dx = dXHat.sub(dXHat.mean([0])).sub(alongXHat).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).mean([0]), dBeta: dy.mean([0]) };
}`,
  },
  {
    name: "gamma-missing-divided",
    right: false,
    mistakes: ["γ is left out of dx", "divides by r instead of multiplying"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dx = dy.sub(dy.mean([0])).sub(xHat.mul(dy.mul(xHat).mean([0]))).div(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "xhat-lost-dbeta-gamma",
    right: false,
    mistakes: ["the part along x̂ is not multiplied by x̂ again", "dβ is multiplied by γ"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const dXHat = dy.mul(gamma);
  const dx = dXHat.sub(dXHat.mean([0])).sub(dXHat.mul(xHat).mean([0])).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]), dBeta: dXHat.sum([0]) };
}`,
  },
  {
    name: "sample-count-rstd-in-gamma",
    right: false,
    mistakes: ["the means divide by m − 1 instead of m", "dγ is multiplied by r"],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const m = dy.shape[0];
  const dXHat = dy.mul(gamma);
  const first = dXHat.sum([0]).div(m - 1);
  const second = xHat.mul(dXHat.mul(xHat).sum([0]).div(m - 1));
  const dx = dXHat.sub(first).sub(second).mul(rstd);
  return { dx, dGamma: dy.mul(xHat).sum([0]).mul(rstd), dBeta: dy.sum([0]) };
}`,
  },
  {
    name: "gamma-last",
    right: true,
    mistakes: [],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const inner = dy.mul(m).sub(dBeta).sub(xHat.mul(dGamma));
  return { dx: inner.mul(gamma.mul(rstd).div(m)), dGamma, dBeta };
}`,
  },
  {
    name: "loops",
    right: true,
    mistakes: [],
    code: `/** dy, xHat (m, C); rstd, gamma (C). Returns dx (m, C), dGamma and dBeta (C). */
function batchNormBackward(
  dy: Tensor,
  { xHat, rstd, gamma }: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const [m, c] = dy.shape;
  const dBeta = new Float64Array(c);
  const dGamma = new Float64Array(c);
  for (let k = 0; k < m * c; k++) {
    dBeta[k % c] += dy.data[k];
    dGamma[k % c] += dy.data[k] * xHat.data[k];
  }
  const dx = dy.map((d, k) => {
    const j = k % c;
    return gamma.data[j] * rstd.data[j] * (d - (dBeta[j] + xHat.data[k] * dGamma[j]) / m);
  });
  return { dx, dGamma: gamma.map((_, j) => dGamma[j]), dBeta: gamma.map((_, j) => dBeta[j]) };
}`,
  },
];
