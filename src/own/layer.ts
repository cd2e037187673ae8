/** A normalization made of a learner's functions: what trainBeside wants of it. */
import type { Layer, LayerNormalization } from "../probe";
import { randomNormal, type Tensor } from "../tensor";
import { type Check, refuse } from "../tensor/validate";
import type { PartReport } from "./part";

/** What `ownBatchNorm` and `ownLayerNorm` make. */
export interface OwnLayer {
  readonly method: "batchNorm" | "layerNorm";
  /** Tries each function on one batch of this shape, (N, width), and puts the usable ones together. */
  build(shape: readonly [number, number]): BuiltLayer;
}

/** Reports that training goes on writing in, and the normalization that a step is made with. */
export interface BuiltLayer {
  readonly parts: readonly PartReport[];
  at(step: number): LayerNormalization;
}

export const checkFunction: Check = (argument, value) => {
  if (typeof value !== "function") refuse(argument, value, "your function");
};

/** A layer with all that its normalization needs. */
export type NormalizedLayer = Required<Layer>;

/** Values to try functions on, as in the midst of a training: γ, β and the statistics away from where they start. */
export function trialLayer(
  shape: readonly [number, number],
): Omit<NormalizedLayer, "weights" | "bias"> & { z: Tensor; dy: Tensor } {
  const draw = (lengths: readonly number[], seed: number, mean: number) =>
    randomNormal(lengths, { seed, mean, standardDeviation: 0.5 });
  const units = [shape[1]];
  return {
    z: draw(shape, 1, 1),
    dy: draw(shape, 2, 0),
    gamma: draw(units, 3, 1),
    beta: draw(units, 4, 0),
    movingMean: draw(units, 5, 0),
    movingVariance: draw(units, 6, 0).square().add(0.5),
  };
}
