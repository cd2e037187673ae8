/** Mistakes in the source of tensor and norm: mutants.test.ts makes each, and a claim must notice it. */
export interface Mutant {
  mistake: string;
  file: string;
  /** What stands in the file, exactly once, and what replaces it. */
  find: string;
  replace: string;
}

export const mutants: readonly Mutant[] = [
  ...[
    ["the gradient through the mean is dropped", "center ? upstream.mean(axes, true) : 0", "0"],
    ["the gradient through the variance is dropped", ".sub(throughVariance)", ""],
    [
      "the gradient through the variance has the wrong sign",
      ".sub(throughVariance)",
      ".add(throughVariance)",
    ],
    [
      "the mean's gradient is a sum",
      "center ? upstream.mean(axes, true)",
      "center ? upstream.sum(axes, true)",
    ],
    [
      "the variance is divided by n − 1",
      "centered.square().mean(reduced)",
      "centered.square().sum(reduced).div(Math.max(1, x.size / x.sum(reduced).size - 1))",
    ],
    [
      "the variance is E[x²] − E[x]²",
      "const variance = centered.square().mean(reduced)",
      "const variance = x.square().mean(reduced).sub(first.square().reshape(x.sum(reduced).shape))",
    ],
    ["the rounded mean is not corrected", "center ? rough.mean(reduced, true) : first", "first.mul(0)"],
    ["ε stands outside the root", "1 / Math.sqrt(value + epsilon)", "1 / (Math.sqrt(value) + epsilon)"],
    ["ε is left out", "1 / Math.sqrt(value + epsilon)", "1 / Math.sqrt(value)"],
    ["ε is squared", "1 / Math.sqrt(value + epsilon)", "1 / Math.sqrt(value + epsilon * epsilon)"],
    [
      "without centring the mean is subtracted all the same",
      "const first = center ? x.mean(reduced, true) : x.mean(reduced, true).mul(0)",
      "const first = x.mean(reduced, true)",
    ],
    ["empty axes are allowed", "if (reduced.length === 0)", "if (false)"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/standardize.ts", find, replace })),
  ...[
    ["γ is missing in dx̂", "dXHat: upstream.mul(spread(gamma, xHat, parameterAxes))", "dXHat: upstream"],
    ["dγ is Σ dy", "dGamma: upstream.mul(xHat).sum(summed)", "dGamma: upstream.sum(summed)"],
    ["dβ is a mean", "dBeta: upstream.sum(summed)", "dBeta: upstream.mean(summed)"],
    [
      "β is subtracted",
      ".add(spread(shift, xHat, parameterAxes))",
      ".sub(spread(shift, xHat, parameterAxes))",
    ],
    [
      "γ of any shape that fits is taken",
      'parameter("gamma", gamma ?? ones(shape), shape)',
      'asTensor("gamma", gamma ?? ones(shape))',
    ],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/affine.ts", find, replace })),
  ...[
    [
      "the batch's axis is kept instead of the channels'",
      "otherAxes(input.rank, [channel])",
      "otherAxes(input.rank, [0])",
    ],
    ["only the batch's axis is reduced", "otherAxes(input.rank, [channel])", "[channel === 0 ? 1 : 0]"],
    [
      "inference uses the batch's statistics",
      "const { xHat, mean, variance, rstd } = training",
      "const { xHat, mean, variance, rstd } = true",
    ],
    ["inference updates the moving statistics", "if (!training) return { ...result, ...start };", ""],
    [
      "inference's dx goes through the statistics",
      "cache.training\n    ? standardizeGrad",
      "true\n    ? standardizeGrad",
    ],
    [
      "training's dx does not go through the statistics",
      "cache.training\n    ? standardizeGrad",
      "false\n    ? standardizeGrad",
    ],
    ["the moving variance is always unbiased", "const entering = unbiasedMoving", "const entering = true"],
    ["the moving variance is never unbiased", "const entering = unbiasedMoving", "const entering = false"],
    [
      "the moving mean never moves",
      "movingMean: movingAverage(start.movingMean, mean, momentum)",
      "movingMean: start.movingMean",
    ],
    ["momentum is not checked", "momentum: checkFraction,", "momentum: true,"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/batchNorm.ts", find, replace })),
  ...[
    [
      "momentum is reversed",
      "old.mul(momentum).add(now.mul(1 - momentum))",
      "old.mul(1 - momentum).add(now.mul(momentum))",
    ],
    ["the moving variance starts from 0", "movingVariance ?? ones(shape)", "movingVariance ?? zeros(shape)"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/moving.ts", find, replace })),
  ...[
    ["groups are taken across the channels", "[groups, length / groups]", "[length / groups, groups]"],
    [
      "the groups share their statistics",
      "otherAxes(groupedShape.length, [0, channel])",
      "otherAxes(groupedShape.length, [0])",
    ],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/groupNorm.ts", find, replace })),
  ...[
    ["the signs of dStd are lost", "dRstd.div(std.square()).neg()", "dRstd.div(std.square())"],
    ["the mean's branch is forgotten", "dCentered.add(dxThroughMean)", "dCentered"],
    [
      "the variance's branch is forgotten",
      "dXHat.mul(keep(rstd)).add(dCenteredThroughVariance)",
      "dXHat.mul(keep(rstd))",
    ],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/steps.ts", find, replace })),
  ...[
    ["the derivative of tanh is 1 − t", "1 - t * t", "1 - t"],
    ["dα forgets x", "dt.mul(cache.x).sum()", "dt.sum()"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/dyt.ts", find, replace })),
  ...[
    ["dv keeps its part along v", "upstream.sub(unit.mul(dg.reshape(kept)))", "upstream"],
    ["the norm is not a root", ".sum(reduced).sqrt()", ".sum(reduced)"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/weightNorm.ts", find, replace })),
  ...[
    ["the style's ε is left out", "Math.sqrt(v + epsilon)", "Math.sqrt(v)"],
    ["dσ² forgets the 2", "div(styleDeviation.mul(2))", "div(styleDeviation)"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/adaIN.ts", find, replace })),
  ...[
    [
      "layer and batch norm change places",
      "statisticsOf(input, axes), statisticsOf(input, otherAxes(input.rank, [0])), batch",
      "statisticsOf(input, axes), batch, statisticsOf(input, otherAxes(input.rank, [0]))",
    ],
    ["inference's statistics have a gradient", "if (constant) return x.mul(0);", ""],
    [
      "the softmax's coupling is forgotten",
      "weights.mul(dWeights.sub(weights.mul(dWeights).sum()))",
      "weights.mul(dWeights)",
    ],
    [
      "the variance is mixed by the mean's weights",
      "varianceWeights,\n    statistics.map((s) => s.variance)",
      "meanWeights,\n    statistics.map((s) => s.variance)",
    ],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/switchableNorm.ts", find, replace })),
  ...[
    ["the moving mean is not folded", ".sub(mean.mul(scale))", ""],
    ["the bias is not scaled", "offset.mul(scale).add(shift)", "offset.add(shift)"],
    ["padding with zeros is not refused", 'padding === "same" && !onePixel', "false"],
    ["max pooling with a negative γ is not refused", 'pooling === "max" && scale', "false && scale"],
  ].map(([mistake, find, replace]) => ({ mistake, file: "norm/fold.ts", find, replace })),
  {
    mistake: "re-estimation is biased",
    file: "norm/reestimate.ts",
    find: "sums.squares.div(values - count)",
    replace: "sums.squares.div(values)",
  },
  {
    mistake: "RMSNorm centres",
    file: "norm/rmsNorm.ts",
    find: "axes: reduced, center: false, epsilon",
    replace: "axes: reduced, center: true, epsilon",
  },
  {
    mistake: "instance norm reduces the batch too",
    file: "norm/instanceNorm.ts",
    find: "otherAxes(x.rank, [0, channel])",
    replace: "otherAxes(x.rank, [channel])",
  },
  {
    mistake: "layer norm always reduces the last axis",
    file: "norm/layerNorm.ts",
    find: "input, { axes: reduced, epsilon }",
    replace: "input, { axes: [-1], epsilon }",
  },
  {
    mistake: "PyTorch's momentum is taken for ours",
    file: "norm/conventions.ts",
    find: "ours.momentum = 1 - momentum",
    replace: "ours.momentum = momentum",
  },
  {
    mistake: "a sum over axes adds along the wrong ones",
    file: "tensor/tensor.ts",
    find: "const kept = keepDims(this.shape, reduced);",
    replace: "const kept = keepDims(this.shape, reduced.map((axis) => this.rank - 1 - axis));",
  },
  {
    mistake: "negative axes count from the wrong end",
    file: "tensor/validate.ts",
    find: "axis < 0 ? axis + rank : axis",
    replace: "axis < 0 ? -axis - 1 : axis",
  },
  {
    mistake: "the numerical gradient is 20 % too large",
    file: "tensor/gradient.ts",
    find: "/ (12 * h)",
    replace: "/ (10 * h)",
  },
];
