import type { BatchNormForward, BatchNormInference, UpdateMoving } from "../checks";
import { defaults } from "../norm";
import { standardizeBy } from "../norm/batchNorm";
import { movingAverage } from "../norm/moving";
import { reciprocalRoot, standardizeGradOver, standardizeOver } from "../norm/standardize";
import { probeMomentum } from "../probe/normalizations";
import type { Tensor } from "../tensor";
import { checkOptions } from "../tensor/validate";
import { checkFunction, type NormalizedLayer, type OwnLayer, trialLayer } from "./layer";
import { Part } from "./part";

/** What batch norm's backward gets of the forward pass: x − μ and x̂ (N, C), 1/√(σ² + ε) and γ (C). */
export interface ForwardValues {
  centered: Tensor;
  xHat: Tensor;
  rstd: Tensor;
  gamma: Tensor;
}

/** Your functions, as the exercises of lessons 02 and 03 ask for them. */
export interface OwnBatchNormFunctions {
  forward?: BatchNormForward;
  /** of either form: the closed one, or through the graph */
  backward?: (dy: Tensor, values: ForwardValues) => { dx: Tensor; dGamma: Tensor; dBeta: Tensor };
  moving?: UpdateMoving;
  inference?: BatchNormInference;
}

const axes = [0];
const { epsilon } = defaults.batchNorm;
const update = { momentum: probeMomentum, unbiased: false };

/** The package's, in the form in which the exercises ask for them. */
const packages: Required<OwnBatchNormFunctions> = {
  forward(x, { gamma, beta }) {
    const { xHat, mean, variance } = standardizeOver(x, { axes, epsilon });
    return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
  },
  backward: (dy, { xHat, rstd, gamma }) => ({
    dx: standardizeGradOver(dy.mul(gamma), { xHat, rstd, axes }),
    dGamma: dy.mul(xHat).sum(axes),
    dBeta: dy.sum(axes),
  }),
  moving({ movingMean, movingVariance }, x) {
    const { mean, variance } = standardizeOver(x, { axes, epsilon });
    return {
      movingMean: movingAverage(movingMean, mean, probeMomentum),
      movingVariance: movingAverage(movingVariance, variance, probeMomentum),
    };
  },
  inference(x, { gamma, beta, movingMean, movingVariance }) {
    return standardizeBy(movingMean, movingVariance, x, axes, epsilon).xHat.mul(gamma).add(beta);
  },
};

/**
 * A batch norm made of your own functions, for `trainBeside`: in training y and the batch's statistics by `forward`,
 * gradients by `backward`, moving statistics (C) by `moving`; y of new examples by `inference`. The package's takes
 * the place of one that is left out, isn't done yet, stops with an error or returns what a network can't go on with
 * (nothing, a wrong shape, NaN), and the report says so.
 *
 * @throws RangeError for what is no function, and for another name.
 */
export function ownBatchNorm(functions: OwnBatchNormFunctions): OwnLayer {
  checkOptions("ownBatchNorm", functions, {
    forward: checkFunction,
    backward: checkFunction,
    moving: checkFunction,
    inference: checkFunction,
  });
  return { method: "batchNorm", build: (shape) => build(functions, shape) };
}

function build(functions: OwnBatchNormFunctions, shape: readonly [number, number]) {
  const part = <Name extends keyof typeof packages>(
    name: Name,
    results: readonly string[],
    ...trial: Parameters<(typeof packages)[Name]>
  ) =>
    new Part<Parameters<(typeof packages)[Name]>, ReturnType<(typeof packages)[Name]>>(
      name,
      functions[name] as never,
      packages[name] as never,
      results,
      trial,
    );
  const { z, dy, ...layer } = trialLayer(shape);
  const { gamma, beta } = layer;
  const { xHat, mean, rstd } = standardizeOver(z, { axes, epsilon });

  const forward = part("forward", ["y", "xHat", "mean", "variance"], z, { gamma, beta, epsilon });
  const values = { centered: z.sub(mean), xHat, rstd, gamma };
  const backward = part("backward", ["dx", "dGamma", "dBeta"], dy, values);
  const moving = part("moving", ["movingMean", "movingVariance"], layer, z, update);
  const inference = part("inference", [], z, { ...layer, epsilon });
  return {
    parts: [forward, backward, moving, inference].map(({ report }) => report),
    at: (step: number) => ({
      training(x: Tensor, { gamma, beta, movingMean, movingVariance }: NormalizedLayer) {
        const { y, xHat, mean, variance } = forward.call(step, x, { gamma, beta, epsilon });
        const kept = { centered: x.sub(mean), xHat, rstd: reciprocalRoot(variance, epsilon), gamma };
        return {
          y,
          moving: moving.call(step, { movingMean, movingVariance }, x, update),
          backward: (upstream: Tensor) => backward.call(step, upstream, kept),
        };
      },
      inference: (x: Tensor, { gamma, beta, movingMean, movingVariance }: NormalizedLayer) =>
        inference.call(step, x, { gamma, beta, movingMean, movingVariance, epsilon }),
    }),
  };
}
