export const answers = [
  {
    name: "half-missing",
    right: false,
    mistakes: ["the factor ½ is missing in dσ²"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => -(r ** 3)));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / m));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "second-arrow-missing",
    right: false,
    mistakes: ["dd lacks what comes back through the variance"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.mul(rstd).mul(rstd)).mul(-0.5);
  const dCentered = dXHat.mul(rstd);
  const dMean = dCentered.sum([0]).mul(-1);
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "mean-sign",
    right: false,
    mistakes: ["dμ lacks its minus"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => -0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / m));
  const dMean = dCentered.sum([0]);
  const dx = dCentered.add(dMean.div(m));
  return { dBeta: dy.sum([0]), dGamma: dy.mul(xHat).sum([0]), dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "whole-mean-to-each-row",
    right: false,
    mistakes: ["dx gives every row all of dμ instead of 1/m of it"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => -0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / m));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean);
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "variance-sign-no-m",
    right: false,
    mistakes: ["dσ² lacks its minus", "dσ² comes back to every row without 1/m"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => 0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "centered-for-xhat-means",
    right: false,
    mistakes: ["dγ uses the centred values instead of x̂", "dβ is the mean of dy instead of the sum"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.mean([0]);
  const dGamma = dy.mul(centered).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => -0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2 / m));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "xhat-in-rstd-square-power",
    right: false,
    mistakes: ["dr uses x̂ instead of the centred values", "the power of r in dσ² is 2 instead of 3"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy.mul(gamma);
  const dRstd = dXHat.mul(xHat).sum([0]);
  const dVariance = dRstd.mul(rstd.square()).mul(-0.5);
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).mul(2).div(m));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "gamma-missing-two-missing",
    right: false,
    mistakes: ["dx̂ lacks γ", "the factor 2 of the square's derivative is missing in dd"],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = dy;
  const dRstd = dXHat.mul(centered).sum([0]);
  const dVariance = dRstd.mul(rstd.map((r) => -0.5 * r ** 3));
  const dCentered = dXHat.mul(rstd).add(centered.mul(dVariance).div(m));
  const dMean = dCentered.sum([0]).neg();
  const dx = dCentered.add(dMean.div(m));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "sums-expanded",
    right: true,
    mistakes: [],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const m = dy.shape[0];
  const cube = rstd.mul(rstd).mul(rstd);
  const dBeta = dy.sum([0]);
  const dGamma = dy.mul(xHat).sum([0]);
  const dXHat = gamma.mul(dy);
  const dRstd = gamma.mul(dGamma).div(rstd);
  const dVariance = dRstd.mul(cube).div(-2);
  const dMean = dXHat.sum([0]).mul(rstd).neg();
  const dCentered = dXHat.sub(xHat.mul(gamma.mul(dGamma).div(m))).mul(rstd);
  const dx = dCentered.sub(dCentered.mean([0]));
  return { dBeta, dGamma, dXHat, dRstd, dVariance, dCentered, dMean, dx };
}`,
  },
  {
    name: "loops-over-features",
    right: true,
    mistakes: [],
    code: `/**
 * dy, centered, xHat (m, C); rstd, gamma (C). Returns every gradient, each of the shape of its
 * value.
 */
function batchNormBackwardGraph(
  dy: Tensor,
  { centered, xHat, rstd, gamma }: { centered: Tensor; xHat: Tensor; rstd: Tensor; gamma: Tensor },
): Record<
  "dBeta" | "dGamma" | "dXHat" | "dRstd" | "dVariance" | "dCentered" | "dMean" | "dx",
  Tensor
> {
  const [m, c] = dy.shape;
  const zero = () => new Float64Array(c);
  const out = { dBeta: zero(), dGamma: zero(), dRstd: zero(), dVariance: zero(), dMean: zero() };
  const big = { dXHat: new Float64Array(m * c), dCentered: new Float64Array(m * c), dx: new Float64Array(m * c) };
  for (let j = 0; j < c; j++) {
    const r = rstd.data[j];
    for (let k = j; k < m * c; k += c) {
      out.dBeta[j] += dy.data[k];
      out.dGamma[j] += dy.data[k] * xHat.data[k];
      big.dXHat[k] = dy.data[k] * gamma.data[j];
      out.dRstd[j] += big.dXHat[k] * centered.data[k];
    }
    out.dVariance[j] = -0.5 * out.dRstd[j] * r * r * r;
    for (let k = j; k < m * c; k += c) {
      big.dCentered[k] = big.dXHat[k] * r + (2 * centered.data[k] * out.dVariance[j]) / m;
      out.dMean[j] -= big.dCentered[k];
    }
    for (let k = j; k < m * c; k += c) big.dx[k] = big.dCentered[k] + out.dMean[j] / m;
  }
  const small = (values: Float64Array) => gamma.map((_, j) => values[j]);
  const large = (values: Float64Array) => dy.map((_, k) => values[k]);
  return {
    dBeta: small(out.dBeta),
    dGamma: small(out.dGamma),
    dXHat: large(big.dXHat),
    dRstd: small(out.dRstd),
    dVariance: small(out.dVariance),
    dCentered: large(big.dCentered),
    dMean: small(out.dMean),
    dx: large(big.dx),
  };
}`,
  },
];
