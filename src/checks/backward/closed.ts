import { batchNorm, batchNormGrad } from "../../norm";
import { gradientCheck, type Tensor } from "../../tensor";
import { batch, type Batch, optionsOf, upstream } from "../batchNorm/samples";
import { diagnose, type Misconception } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { type GradSlip, standardizeGradBy } from "../mistakes";

/** dy and xHat (N, C); rstd and gamma (C). dx (N, C), dGamma and dBeta (C). */
export type BatchNormBackward = (
  dy: Tensor,
  values: { xHat: Tensor; rstd: Tensor; gamma: Tensor },
) => { dx: Tensor; dGamma: Tensor; dBeta: Tensor };

/** Exercise bn-backward-closed: the whole backward in one formula. */
export const bnBackwardClosed: Check<BatchNormBackward> = exercise("bn-backward-closed", (solution, seed) => {
  const setUp = (shape: number[]) => {
    const sample = batch(seed, shape);
    const dy = upstream(seed, shape);
    const { cache } = batchNorm(sample.x, optionsOf(sample));
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

  return {
    usual: {
      dβ: () =>
        diagnose(
          field(small.run(), "dBeta"),
          right.dBeta,
          [{ message: "take the sum of dy over the batch, not the mean", value: small.dy.mean([0]) }],
          { name: "dBeta" },
        ),
      dγ: () =>
        diagnose(
          field(small.run(), "dGamma"),
          right.dGamma,
          [
            {
              message: "take the sum of dy·x̂ over the batch, not the mean",
              value: small.dy.mul(small.cache.xHat).mean([0]),
            },
            {
              message: "γ is no part of its own gradient: dγ = Σ dy·x̂",
              value: right.dGamma.mul(small.sample.gamma),
            },
          ],
          { name: "dGamma" },
        ),
      dx: () => checkDx([6, 3]),
      "dx agrees with the numerical gradient": () => {
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
    hard: {
      "dx, as many rows as columns": () => checkDx([4, 4]),
      "dx of a batch of two, where hardly anything gets through": () => checkDx([2, 3]),
      "dx of a batch of one is 0": () => checkDx([1, 3]),
      "dx, a batch of 200": () => checkDx([200, 2]),
    },
  };
});

function wrongDxs(
  dy: Tensor,
  { xHat, rstd }: { xHat: Tensor; rstd: Tensor },
  { gamma }: Batch,
): Misconception[] {
  const dXHat = dy.mul(gamma);
  const by = (slip?: GradSlip) => standardizeGradBy(dXHat, { xHat, rstd }, [0], slip);
  return [
    {
      message:
        "your dx ignores the gradient through the mean and through the variance: they depend on x, too",
      value: () => by({ throughMean: false, throughVariance: false }),
    },
    {
      message: "your dx ignores the gradient through the variance",
      value: () => by({ throughVariance: false }),
    },
    {
      message: "your dx ignores the gradient through the mean",
      value: () => by({ throughMean: false }),
    },
    {
      message: "γ is missing: dx̂ = γ·dy",
      value: () => standardizeGradBy(dy, { xHat, rstd }, [0]),
    },
    { message: "rstd is missing: x̂ = (x − μ)·rstd", value: () => by().div(rstd) },
    {
      message: "you multiplied by the standard deviation; multiply by rstd, one over it",
      value: () => by().div(rstd.square()),
    },
    {
      message:
        "you subtracted the sums dβ and dγ·x̂; it is their means over the batch (a factor 1/m is missing)",
      value: () => by({ sums: true }),
    },
    {
      message: "the signs are wrong: both means are subtracted",
      value: () =>
        dXHat
          .add(dXHat.mean([0]))
          .add(xHat.mul(dXHat.mul(xHat).mean([0])))
          .mul(rstd),
    },
    {
      message: "the second mean is that of dx̂·x̂, times x̂; you left out the factor x̂ in front of it",
      value: () => by({ throughVariance: false }).sub(dXHat.mul(xHat).mean([0]).mul(rstd)),
    },
    {
      message: "you averaged over the wrong axis: this is the backward of layer norm",
      value: () => standardizeGradBy(dXHat, { xHat, rstd }, [1]),
    },
  ];
}
