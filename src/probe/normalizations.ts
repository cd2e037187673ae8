/** What a hidden layer of a probe network does between its summed inputs and its nonlinearity. */
import { defaults } from "../norm";
import { affine, affineGrad } from "../norm/affine";
import { standardizeBy } from "../norm/batchNorm";
import { movingAverage } from "../norm/moving";
import { standardizeGradOver, standardizeOver } from "../norm/standardize";
import type { Tensor } from "../tensor";
import type { Layer, ProbeNormalization } from "./network";

/** u = norm(z) in training mode, how to go back, and batch norm's new moving statistics. */
export interface NormalizedBatch {
  /** (N, width) */
  y: Tensor;
  moving?: Pick<Layer, "movingMean" | "movingVariance">;
  backward: (dy: Tensor) => { dx: Tensor; dGamma?: Tensor; dBeta?: Tensor };
}

/** A normalization in both modes, with γ, β and the moving statistics of its layer; z has shape (N, width). */
export interface LayerNormalization {
  training(z: Tensor, layer: Layer): NormalizedBatch;
  inference(z: Tensor, layer: Layer): Tensor;
}

/** The moving statistics of a probe must follow quickly: short trainings, a weight of 0.9 on the old. */
export const probeMomentum = 0.9;

/**
 * By the core of the norms, which does not refuse NaN and infinity: a network that diverges must be seen to.
 */
function standardized(axis: number, epsilon: number): LayerNormalization {
  const axes = [axis];
  const training = (z: Tensor, layer: Layer): NormalizedBatch => {
    const { mean, variance, rstd, xHat } = standardizeOver(z, { axes, epsilon });
    const { y, cache } = affine(xHat, layer, [1]);
    const { movingMean, movingVariance } = layer;
    return {
      y,
      ...(movingMean &&
        movingVariance && {
          moving: {
            movingMean: movingAverage(movingMean, mean, probeMomentum),
            movingVariance: movingAverage(movingVariance, variance, probeMomentum),
          },
        }),
      backward(dy) {
        const { dXHat, dGamma, dBeta } = affineGrad(dy, cache);
        return { dx: standardizeGradOver(dXHat, { xHat, rstd, axes }), dGamma, dBeta };
      },
    };
  };
  return {
    training,
    inference(z, layer) {
      const { movingMean, movingVariance } = layer;
      if (!movingMean || !movingVariance) return training(z, layer).y;
      return affine(standardizeBy(movingMean, movingVariance, z, axes, epsilon).xHat, layer, [1]).y;
    },
  };
}

const unchanged = (z: Tensor): NormalizedBatch => ({ y: z, backward: (dy) => ({ dx: dy }) });

/** The package's: batch norm over the batch, layer norm over the units. */
export const normalizations: Readonly<Record<ProbeNormalization, LayerNormalization>> = {
  none: { training: unchanged, inference: (z) => z },
  batchNorm: standardized(0, defaults.batchNorm.epsilon),
  layerNorm: standardized(1, defaults.layerNorm.epsilon),
};
