import { layerNorm, layerNormGrad } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { field, invoke } from "../invoke";
import { type CheckOptions, report, type Report } from "../report";

/** (dy (N,C), x (N,C), γ (C), ε) → the gradients of layer norm over the last axis. */
export type LayerNormBackward = (
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
) => { dx: Tensor; dGamma: Tensor; dBeta: Tensor };

/** Exercise ln-backward: the closed form. dy is not all ones and γ not 1, or much would cancel unseen. */
export function lnBackward(
  solution: LayerNormBackward,
  { seed = 1, cases = "usual" }: CheckOptions = {},
): Report {
  const inputs = (shape: [number, number], s: number) => ({
    x: randomNormal(shape, { seed: seed + s, mean: 2, standardDeviation: 3 }),
    dy: randomNormal(shape, { seed: seed + s + 100 }),
    gamma: randomNormal([shape[1]], { seed: seed + s + 200, mean: 1, standardDeviation: 0.5 }),
  });
  const epsilon = 0.1;

  const checkDx = (shape: [number, number], s: number) => {
    const { x, dy, gamma } = inputs(shape, s);
    const dx = field(invoke(solution, dy, x, gamma, epsilon), "dx");
    const { cache } = layerNorm(x, { gamma, epsilon });
    const { xHat } = cache;
    const rstd = cache.rstd.reshape([shape[0], 1]);
    const dXHat = dy.mul(gamma);
    /** rstd · (d − [mean(d)] − [x̂ · mean(d · x̂)]), the means over `axes`. */
    const closedForm = (d: Tensor, { axes = [1], mean = true, variance = true } = {}) =>
      d
        .sub(mean ? d.mean(axes, true) : 0)
        .sub(variance ? xHat.mul(d.mul(xHat).mean(axes, true)) : 0)
        .mul(rstd);
    return diagnose(
      dx,
      layerNormGrad(dy, cache).dx,
      [
        {
          message:
            "your dx treats the mean and the variance as constants: both depend on x, and gradient flows through them",
          value: () => closedForm(dXHat, { mean: false, variance: false }),
        },
        {
          message: "your dx ignores the gradient through the variance: − x̂ · mean(dx̂ · x̂) is missing",
          value: () => closedForm(dXHat, { variance: false }),
        },
        {
          message: "your dx ignores the gradient through the mean: − mean(dx̂) is missing",
          value: () => closedForm(dXHat, { mean: false }),
        },
        { message: "γ is missing from dx: start from dx̂ = γ · dy", value: () => closedForm(dy) },
        {
          message: "γ belongs inside the means: dx̂ = γ · dy first, then the means of dx̂, not of dy",
          value: () => closedForm(dy).mul(gamma),
        },
        {
          message:
            "the means in your dx are over the batch: that is batch norm's backward; layer norm's are over the features",
          value: () => closedForm(dXHat, { axes: [0] }),
        },
        {
          message: "dx lacks the factor rstd = 1/√(σ² + ε)",
          value: () => closedForm(dXHat).div(rstd),
        },
        {
          message: "you used sums where the closed form has means: divide by C",
          value: () =>
            dXHat
              .sub(dXHat.sum([1], true))
              .sub(xHat.mul(dXHat.mul(xHat).sum([1], true)))
              .mul(rstd),
        },
      ],
      { name: "dx" },
    );
  };
  const checkParameters = (shape: [number, number], s: number) => {
    const { x, dy, gamma } = inputs(shape, s);
    const result = invoke(solution, dy, x, gamma, epsilon);
    const { cache } = layerNorm(x, { gamma, epsilon });
    const { dGamma, dBeta } = layerNormGrad(dy, cache);
    const product = dy.mul(cache.xHat);
    const overFeatures =
      "is summed over the features: γ and β are shared by all samples, so sum over the samples, axis 0";
    return (
      diagnose(
        field(result, "dGamma"),
        dGamma,
        [
          { message: `dGamma ${overFeatures}`, value: () => product.sum([1]) },
          { message: "dGamma is the mean over the samples: it is their sum", value: () => product.mean([0]) },
          { message: "dGamma needs x̂, not x: dγ = Σ dy · x̂", value: () => dy.mul(x).sum([0]) },
          { message: "dGamma needs dy, not γ · dy", value: () => product.mul(gamma).sum([0]) },
          { message: "dGamma is not summed over the samples yet", value: () => product },
        ],
        { name: "dGamma" },
      ) ??
      diagnose(
        field(result, "dBeta"),
        dBeta,
        [
          { message: `dBeta ${overFeatures}`, value: () => dy.sum([1]) },
          { message: "dBeta is the mean over the samples: it is their sum", value: () => dy.mean([0]) },
          { message: "dBeta needs dy, not γ · dy", value: () => dy.mul(gamma).sum([0]) },
          { message: "dBeta is not summed over the samples yet", value: () => dy },
        ],
        { name: "dBeta" },
      )
    );
  };
  return report("ln-backward", [
    { name: "dx of a random matrix (4, 5)", run: () => checkDx([4, 5], 0) },
    { name: "dx of a square matrix (4, 4)", run: () => checkDx([4, 4], 1) },
    { name: "dγ and dβ", run: () => checkParameters([4, 5], 2) },
    ...(cases === "hard"
      ? [
          { name: "dx of one sample", run: () => checkDx([1, 7], 3) },
          { name: "dγ and dβ of a square matrix", run: () => checkParameters([5, 5], 4) },
        ]
      : []),
  ]);
}
