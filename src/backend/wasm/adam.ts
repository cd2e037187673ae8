/** One Adam step as one kernel. */
import * as tf from "@tensorflow/tfjs";
import { watch } from "../recording/watch";
import type { Heap } from "./heap";
import { registerKernel } from "./registry";

/**
 * (weight, gradient, firstMoment, secondMoment, corrections [1 − β₁ᵗ, 1 − β₂ᵗ]) → the next weight and moments, or
 * nothing in a step that is watched: they then take the place of the old ones.
 */
export const adamStep = "NormlabAdam";

export interface AdamAttributes {
  beta1: number;
  beta2: number;
  learningRate: number;
  epsilon: number;
}

export function registerAdam(heap: Heap): void {
  const adam = heap.kernel("adam");

  registerKernel<AdamAttributes>(adamStep, ({ inputs, attrs }) => {
    const { weight, gradient, firstMoment, secondMoment, corrections } = inputs;
    const state = [weight, firstMoment, secondMoment];
    // tfjs's own kernels keep packed copies of weights by tensor id and would not notice a change in place;
    // a recorded step sees to that itself.
    const isWatched = watch() !== undefined;
    const results = isWatched ? state : state.map((tensor) => heap.output(tensor.shape));
    const { beta1, beta2, learningRate, epsilon } = attrs;
    adam(
      ...[weight, gradient, firstMoment, secondMoment, ...results].map((tensor) => heap.at(tensor)),
      tf.util.sizeFromShape(weight.shape),
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      learningRate,
      heap.at(corrections),
      epsilon,
    );
    return isWatched ? [] : results;
  });
}
