/** tfjs's Adam, with each variable's step as one kernel instead of a dozen operations. */
import * as tf from "@tensorflow/tfjs";
import { adamStep } from "../wasm/adam";
import type { AdamAttributes } from "../wasm/adam";
import { perStep } from "../recording/watch";
import { replaceMethod } from "./patch";

/** What tfjs's Adam keeps to itself. */
interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  iterations: number;
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
  accumulatedFirstMoment: Moment[];
  accumulatedSecondMoment: Moment[];
  incrementIterations(): void;
  applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void;
}
interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}
interface Moment {
  originalName: string;
  variable: tf.Variable;
}

export function patchAdamOptimizer(): void {
  replaceMethod(tf.AdamOptimizer.prototype as unknown as Adam, "applyGradients", inOneKernel);
}

function inOneKernel(stock: Adam["applyGradients"]): Adam["applyGradients"] {
  return function (this: Adam, gradients) {
    if (!tf.getKernel(adamStep, tf.getBackend())) return stock.call(this, gradients);
    const named: [string, tf.Tensor | null][] = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients);
    const attributes: AdamAttributes = {
      beta1: this.beta1,
      beta2: this.beta2,
      learningRate: this.learningRate,
      epsilon: this.epsilon,
    };
    // tfjs keeps βᵗ in tensors, multiplied up from step to step; from the step's number, t, it comes out exact.
    const power = (beta: number, ahead: number) => beta ** (this.iterations + ahead);
    tf.tidy(() => {
      const corrections = perStep([2], () => [1 - power(this.beta1, 1), 1 - power(this.beta2, 1)]);
      named.forEach(([name, gradient], i) => {
        const weight = tf.engine().registeredVariables[name];
        const first = (this.accumulatedFirstMoment[i] ??= moment(`${name}/m`, weight)).variable;
        const second = (this.accumulatedSecondMoment[i] ??= moment(`${name}/v`, weight)).variable;
        if (gradient == null) return;
        const inputs = { weight, gradient, firstMoment: first, secondMoment: second, corrections };
        const results = tf.engine().runKernel(adamStep, inputs, { ...attributes }) as tf.Tensor[];
        results.forEach((result, j) => [weight, first, second][j].assign(result));
      });
      // Whoever switches the backend in mid-training goes on with tfjs's own.
      this.accBeta1.assign(perStep([], () => [power(this.beta1, 2)]));
      this.accBeta2.assign(perStep([], () => [power(this.beta2, 2)]));
    });
    this.incrementIterations();
  };
}

function moment(originalName: string, weight: tf.Tensor): Moment {
  return { originalName, variable: tf.zerosLike(weight).variable(false) };
}
