import { batchNorm, batchNormGrad } from "../../norm";
import { gradientCheck, type Tensor } from "../../tensor";
import { batch, type Batch, upstream } from "../batchNorm/samples";
import { diagnose } from "../diagnose";
import { field, invoke } from "../invoke";
import { type CheckOptions, type Report, report } from "../report";

/** dy and xHat (N, C); rstd and gamma (C). dx (N, C), dGamma and dBeta (C). */
export type BatchNormBackward = (
  dy: Tensor,
  values: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
) => { dx: Tensor; dGamma: Tensor; dBeta: Tensor };

/** Exercise bn-backward-closed: the whole backward in one formula. */
export function bnBackwardClosed(
  solution: BatchNormBackward,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const setUp = (shape: number[]) => {
    const sample = batch(seed, shape);
    const dy = upstream(seed, shape);
    const { cache } = batchNorm(sample.x, sample);
    const { xHat, rstd } = cache;
    return { sample, dy, cache, run: () => invoke(solution, dy, { xHat, rstd, gamma: sample.gamma }) };
  };
  const checkDx = (shape: number[]) => {
    const { sample, dy, cache, run } = setUp(shape);
    return diagnose(field(run(), "dx"), batchNormGrad(dy, cache).dx, wrongDxs(dy, cache, sample), {
      name: "dx",
    });
  };
  const small = setUp([6, 3]);
  const right = batchNormGrad(small.dy, small.cache);

  const usual = [
    {
      name: "dβ",
      run: () =>
        diagnose(
          field(small.run(), "dBeta"),
          right.dBeta,
          [{ message: "take the sum of dy over the batch, not the mean", value: small.dy.mean([0]) }],
          { name: "dBeta" },
        ),
    },
    {
      name: "dγ",
      run: () =>
        diagnose(
          field(small.run(), "dGamma"),
          right.dGamma,
          [
            {
              message: "take the sum of dy·x̂ over the batch, not the mean",
              value: small.dy.mul(small.cache.xHat).mean([0]),
            },
            { message: "γ multiplies x̂: sum dy·x̂, not dy·x", value: small.dy.mul(small.sample.x).sum([0]) },
            {
              message: "γ is no part of its own gradient: dγ = Σ dy·x̂",
              value: right.dGamma.mul(small.sample.gamma),
            },
          ],
          { name: "dGamma" },
        ),
    },
    { name: "dx", run: () => checkDx([6, 3]) },
    {
      name: "dx agrees with the numerical gradient",
      run: () => {
        const { x, gamma, beta, epsilon } = small.sample;
        const loss = (at: Tensor) => batchNorm(at, { gamma, beta, epsilon }).y.mul(small.dy).sum().at();
        const dx = field(small.run(), "dx");
        // The shape is looked at before; a gradient of another shape can't be compared.
        const wrong = diagnose(dx, right.dx, wrongDxs(small.dy, small.cache, small.sample), {
          name: "dx",
          tolerance: 1e-4,
        });
        if (wrong) return wrong;
        const { error } = gradientCheck(loss, x, dx as Tensor, { tolerance: 1e-6 });
        return error <= 1e-6
          ? undefined
          : `dx is off by ${error.toExponential(1)} of the largest numerical gradient`;
      },
    },
  ];
  const hard = [
    { name: "dx, as many rows as columns", run: () => checkDx([4, 4]) },
    { name: "dx of a batch of two, where hardly anything gets through", run: () => checkDx([2, 3]) },
    { name: "dx of a batch of one is 0", run: () => checkDx([1, 3]) },
    { name: "dx, a batch of 200", run: () => checkDx([200, 2]) },
  ];
  return report("bn-backward-closed", cases === "hard" ? [...usual, ...hard] : usual);
}

function wrongDxs(dy: Tensor, { xHat, rstd }: { xHat: Tensor; rstd: Tensor }, { gamma, x }: Batch) {
  const dXHat = dy.mul(gamma);
  const throughVariance = (d: Tensor) => xHat.mul(d.mul(xHat).mean([0]));
  const full = (d: Tensor) =>
    d
      .sub(d.mean([0]))
      .sub(throughVariance(d))
      .mul(rstd);
  return [
    {
      message:
        "your dx ignores the gradient through the mean and through the variance: they depend on x, too",
      value: dXHat.mul(rstd),
    },
    {
      message: "your dx ignores the gradient through the variance",
      value: dXHat.sub(dXHat.mean([0])).mul(rstd),
    },
    {
      message: "your dx ignores the gradient through the mean",
      value: dXHat.sub(throughVariance(dXHat)).mul(rstd),
    },
    { message: "γ is missing: dx̂ = γ·dy", value: full(dy) },
    { message: "rstd is missing: x̂ = (x − μ)·rstd", value: () => full(dXHat).div(rstd) },
    {
      message: "you multiplied by the standard deviation; multiply by rstd, one over it",
      value: () => full(dXHat).div(rstd.square()),
    },
    {
      message:
        "you subtracted the sums dβ and dγ·x̂; it is their means over the batch (a factor 1/m is missing)",
      value: () =>
        dXHat
          .sub(dXHat.sum([0]))
          .sub(xHat.mul(dXHat.mul(xHat).sum([0])))
          .mul(rstd),
    },
    {
      message: "the signs are wrong: both means are subtracted",
      value: () =>
        dXHat
          .add(dXHat.mean([0]))
          .add(throughVariance(dXHat))
          .mul(rstd),
    },
    {
      message: "the second mean is that of dx̂·x̂, times x̂; you left out the factor x̂ in front of it",
      value: () =>
        dXHat
          .sub(dXHat.mean([0]))
          .sub(dXHat.mul(xHat).mean([0]))
          .mul(rstd),
    },
    {
      message: "the last term takes x̂; you took x",
      value: () =>
        dXHat
          .sub(dXHat.mean([0]))
          .sub(x.mul(dXHat.mul(x).mean([0])))
          .mul(rstd),
    },
    {
      message: "you averaged over the wrong axis: this is the backward of layer norm",
      value: () =>
        dXHat
          .sub(dXHat.mean([1], true))
          .sub(xHat.mul(dXHat.mul(xHat).mean([1], true)))
          .mul(rstd),
    },
  ];
}
