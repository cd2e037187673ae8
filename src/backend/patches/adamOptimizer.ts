/** tfjs's Adam, with each variable's step as one kernel instead of a dozen operations. */
import * as tf from "@tensorflow/tfjs";
import { adamStep } from "../wasm/adam";
import type { AdamAttributes } from "../wasm/adam";
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
    // tfjs keeps βᵗ in tensors, multiplied up from step to step; from the step's number it comes out exact.
    const t = this.iterations + 1;
    const attributes: AdamAttributes = {
      beta1: this.beta1,
      beta2: this.beta2,
      learningRate: this.learningRate,
      correction1: 1 - this.beta1 ** t,
      correction2: 1 - this.beta2 ** t,
      epsilon: this.epsilon,
    };
    tf.tidy(() => {
      named.forEach(([name, gradient], i) => {
        const weight = tf.engine().registeredVariables[name];
        const first = (this.accumulatedFirstMoment[i] ??= moment(`${name}/m`, weight)).variable;
        const second = (this.accumulatedSecondMoment[i] ??= moment(`${name}/v`, weight)).variable;
        if (gradient == null) return;
        const inputs = { weight, gradient, firstMoment: first, secondMoment: second };
        const results = tf.engine().runKernel(adamStep, inputs, { ...attributes }) as tf.Tensor[];
        [weight, first, second].forEach((variable, j) => variable.assign(results[j]));
      });
      // Whoever switches the backend in mid-training goes on with tfjs's own.
      this.accBeta1.assign(tf.scalar(this.beta1 ** (t + 1)));
      this.accBeta2.assign(tf.scalar(this.beta2 ** (t + 1)));
    });
    this.incrementIterations();
  };
}

function moment(originalName: string, weight: tf.Tensor): Moment {
  return { originalName, variable: tf.zerosLike(weight).variable(false) };
}
