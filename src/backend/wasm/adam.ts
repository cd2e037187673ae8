/** One Adam step as one kernel. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { registerKernel } from "./registry";

export const adamStep = "NormlabAdam";

export interface AdamAttributes {
  beta1: number;
  beta2: number;
  learningRate: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ. */
  correction1: number;
  correction2: number;
  epsilon: number;
}

export function registerAdam(heap: Heap): void {
  const adam = heap.kernel("adam");

  registerKernel<AdamAttributes>(adamStep, ({ inputs, attrs }) => {
    const { weight, gradient, firstMoment, secondMoment } = inputs;
    const results = [weight, firstMoment, secondMoment].map((tensor) => heap.output(tensor.shape));
    const { beta1, beta2, learningRate, correction1, correction2, epsilon } = attrs;
    adam(
      ...[weight, gradient, firstMoment, secondMoment, ...results].map((tensor) => heap.at(tensor)),
      tf.util.sizeFromShape(weight.shape),
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      learningRate,
      correction1,
      correction2,
      epsilon,
    );
    return results;
  });
}
