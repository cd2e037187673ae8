import { type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Backward = checks.BatchNormBackward;

/** dγ and dβ are right; dx is what the function makes of dx̂, x̂ and rstd. */
const withDx =
  (dx: (dXHat: Tensor, xHat: Tensor, rstd: Tensor, dy: Tensor) => Tensor): Backward =>
  (dy, { xHat, rstd, gamma }) => ({
    dx: dx(dy.mul(gamma), xHat, rstd, dy),
    dGamma: dy.mul(xHat).sum([0]),
    dBeta: dy.sum([0]),
  });
const meanOf = (t: Tensor) => t.mean([0]);
const along = (dXHat: Tensor, xHat: Tensor) => xHat.mul(meanOf(dXHat.mul(xHat)));

export const right: Bank<Backward>["right"] = [
  // From dβ and dγ: γ·rstd/m · (m·dy − dβ − x̂·dγ).
  (dy, { xHat, rstd, gamma }) => {
    const [dBeta, dGamma, m] = [dy.sum([0]), dy.mul(xHat).sum([0]), dy.shape[0]];
    const dx = dy.mul(m).sub(dBeta).sub(xHat.mul(dGamma)).mul(gamma.mul(rstd).div(m));
    return { dx, dGamma, dBeta };
  },
  // By loops.
  (dy, { xHat, rstd, gamma }) => {
    const [m, channels] = dy.shape;
    const [dx, dGamma, dBeta] = [dy.mul(0), rstd.mul(0), rstd.mul(0)];
    dy.data.forEach((d, k) => {
      dGamma.data[k % channels] += d * xHat.data[k];
      dBeta.data[k % channels] += d;
    });
    dy.data.forEach((d, k) => {
      const c = k % channels;
      dx.data[k] =
        gamma.data[c] * rstd.data[c] * (d - dBeta.data[c] / m - (xHat.data[k] * dGamma.data[c]) / m);
    });
    return { dx, dGamma, dBeta };
  },
];

export const wrong: Bank<Backward>["wrong"] = [
  {
    name: "statistics as constants",
    message: [/ignores the gradient through the mean/, /ignores the gradient through the variance/],
    solution: withDx((d, _, rstd) => d.mul(rstd)),
  },
  {
    name: "no gradient through the variance",
    message: /your dx ignores the gradient through the variance/,
    solution: withDx((d, _, rstd) => d.sub(meanOf(d)).mul(rstd)),
  },
  {
    name: "no gradient through the mean",
    message: /your dx ignores the gradient through the mean/,
    solution: withDx((d, xHat, rstd) => d.sub(along(d, xHat)).mul(rstd)),
  },
  {
    name: "no γ",
    message: /γ is missing/,
    solution: withDx((_, xHat, rstd, dy) => dy.sub(meanOf(dy)).sub(along(dy, xHat)).mul(rstd)),
  },
  {
    name: "no rstd",
    message: /lacks the factor rstd/,
    solution: withDx((d, xHat) => d.sub(meanOf(d)).sub(along(d, xHat))),
  },
  {
    name: "divides by rstd",
    message: /multiplied by the standard deviation; multiply by rstd/,
    solution: withDx((d, xHat, rstd) => d.sub(meanOf(d)).sub(along(d, xHat)).div(rstd)),
  },
  {
    name: "sums instead of means",
    message: /a factor 1\/m is missing/,
    solution: withDx((d, xHat, rstd) =>
      d
        .sub(d.sum([0]))
        .sub(xHat.mul(d.mul(xHat).sum([0])))
        .mul(rstd),
    ),
  },
  {
    name: "plus instead of minus",
    message: [/the sign of mean\(dx̂\) is wrong/, /the sign of x̂·mean\(dx̂·x̂\) is wrong/],
    solution: withDx((d, xHat, rstd) => d.add(meanOf(d)).add(along(d, xHat)).mul(rstd)),
  },
  {
    name: "no x̂ in front of the second mean",
    message: /left out the factor x̂/,
    solution: withDx((d, xHat, rstd) =>
      d
        .sub(meanOf(d))
        .sub(meanOf(d.mul(xHat)))
        .mul(rstd),
    ),
  },
  {
    name: "over the rows",
    message: /this is the backward of layer norm/,
    solution: withDx((d, xHat, rstd) =>
      d
        .sub(d.mean([1], true))
        .sub(xHat.mul(d.mul(xHat).mean([1], true)))
        .mul(rstd),
    ),
  },
  {
    name: "dβ and dγ are means",
    message: [/dγ is the sum of dy·x̂, not the mean/, /dβ is the sum of dy, not the mean/],
    solution: (dy, values) => ({
      ...right[0](dy, values),
      dGamma: meanOf(dy.mul(values.xHat)),
      dBeta: meanOf(dy),
    }),
  },
  {
    name: "γ in its own gradient",
    message: /γ is no part of its own gradient/,
    solution: (dy, values) => ({
      ...right[0](dy, values),
      dGamma: dy.mul(values.xHat).mul(values.gamma).sum([0]),
    }),
  },
  {
    name: "all zeros",
    message: /`dx\[0, 0\]` is 0; it must be/,
    solution: withDx((d) => d.mul(0)),
  },
  // Two mistakes together.
  {
    name: "no γ, no rstd",
    message: [/γ is missing from dx/, /lacks the factor rstd/],
    solution: withDx((_, xHat, __, dy) => dy.sub(meanOf(dy)).sub(along(dy, xHat))),
  },
  {
    name: "rows, sums",
    message: [/this is the backward of layer norm/, /you subtracted sums/],
    solution: withDx((d, xHat, rstd) =>
      d
        .sub(d.sum([1], true))
        .sub(xHat.mul(d.mul(xHat).sum([1], true)))
        .mul(rstd),
    ),
  },
  {
    name: "sign of the second term, dβ is a mean",
    message: [/the sign of x̂·mean\(dx̂·x̂\)/, /dβ is the sum of dy/],
    solution: (dy, values) => ({
      ...withDx((d, xHat, rstd) => d.sub(meanOf(d)).add(along(d, xHat)).mul(rstd))(dy, values),
      dBeta: meanOf(dy),
    }),
  },
  {
    name: "no mean, rstd squared",
    message: [/ignores the gradient through the mean/, /rstd is in your dx twice/],
    solution: withDx((d, xHat, rstd) => d.sub(along(d, xHat)).mul(rstd).mul(rstd)),
  },
];
