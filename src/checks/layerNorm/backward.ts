import { layerNorm, layerNormGrad } from "../../norm";
import type { Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { type GradSlip, standardizeGradBy } from "../mistakes";
import { backwardSample } from "./samples";

/** (dy (N,C), x (N,C), γ (C), ε) → the gradients of layer norm over the last axis. */
export type LayerNormBackward = (
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  epsilon: number,
) => { dx: Tensor; dGamma: Tensor; dBeta: Tensor };

/** Exercise ln-backward: the closed form. */
export const lnBackward: Check<LayerNormBackward> = exercise("ln-backward", (solution, seed) => {
  const sampleOf = (shape: [number, number], s: number) =>
    backwardSample(seed + s, shape, { standardDeviation: 3 });
  const checkDx = (shape: [number, number], s: number) => {
    const { x, dy, gamma, epsilon } = sampleOf(shape, s);
    const dx = field(invoke(solution, dy, x, gamma, epsilon), "dx");
    const { cache } = layerNorm(x, { gamma, epsilon });
    const { xHat } = cache;
    const rstd = cache.rstd.reshape([shape[0], 1]);
    const dXHat = dy.mul(gamma);
    const by = (slip?: GradSlip, axes = [1]) => standardizeGradBy(dXHat, { xHat, rstd }, axes, slip);
    const withoutGamma = () => standardizeGradBy(dy, { xHat, rstd }, [1]);
    return diagnose(
      dx,
      layerNormGrad(dy, cache).dx,
      [
        {
          message:
            "your dx treats the mean and the variance as constants: both depend on x, and gradient flows through them",
          value: () => by({ throughMean: false, throughVariance: false }),
        },
        {
          message: "your dx ignores the gradient through the variance: − x̂ · mean(dx̂ · x̂) is missing",
          value: () => by({ throughVariance: false }),
        },
        {
          message: "your dx ignores the gradient through the mean: − mean(dx̂) is missing",
          value: () => by({ throughMean: false }),
        },
        { message: "γ is missing from dx: start from dx̂ = γ · dy", value: withoutGamma },
        {
          message: "γ belongs inside the means: dx̂ = γ · dy first, then the means of dx̂, not of dy",
          value: () => withoutGamma().mul(gamma),
        },
        {
          message:
            "the means in your dx are over the batch: that is batch norm's backward; layer norm's are over the features",
          value: () => by({}, [0]),
        },
        {
          message: "dx lacks the factor rstd = 1/√(σ² + ε)",
          value: () => by().div(rstd),
        },
        {
          message: "you used sums where the closed form has means: divide by C",
          value: () => by({ sums: true }),
        },
      ],
      { name: "dx" },
    );
  };
  const checkParameters = (shape: [number, number], s: number) => {
    const { x, dy, gamma, epsilon } = sampleOf(shape, s);
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
  return {
    usual: {
      "dx of a random matrix (4, 5)": () => checkDx([4, 5], 0),
      "dx of a square matrix (4, 4)": () => checkDx([4, 4], 1),
      "dγ and dβ": () => checkParameters([4, 5], 2),
    },
    hard: {
      "dx of one sample": () => checkDx([1, 7], 3),
      "dγ and dβ of a square matrix": () => checkParameters([5, 5], 4),
    },
  };
});
