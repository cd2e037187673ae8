/** exp, σ, tanh, swish and GELU as one kernel each, and their gradients. */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap";
import { allFloat32, registerGradient, registerKernel } from "./registry";

/** In the order of the numbers in assembly/activations.ts. */
const activations = ["exp", "sigmoid", "tanh", "swish", "gelu", "gelu_new"] as const;
type Activation = (typeof activations)[number];

/** x → f(x), for the activations of tfjs's layers that are no operation of tfjs's. */
export const activationKernel = "NormlabActivation";
const gradientKernel = "NormlabActivationGradient";

/** `alpha` is swish's, x · σ(α x). */
export interface ActivationAttributes {
  f: Activation;
  alpha: number;
}

export function registerActivations(heap: Heap): void {
  const activate = heap.kernel("activate");
  const activationGradient = heap.kernel("activationGradient");

  registerKernel<ActivationAttributes>(activationKernel, ({ inputs: { x }, attrs: { f, alpha } }) => {
    const y = heap.output(x.shape);
    activate(activations.indexOf(f), heap.at(x), heap.at(y), tf.util.sizeFromShape(x.shape), alpha);
    return y;
  });

  registerKernel<ActivationAttributes>(gradientKernel, ({ inputs: { saved, dy }, attrs: { f, alpha } }) => {
    const dx = heap.output(dy.shape);
    const size = tf.util.sizeFromShape(dy.shape);
    activationGradient(activations.indexOf(f), heap.at(saved), heap.at(dy), heap.at(dx), size, alpha);
    return dx;
  });

  const gradient = (f: Activation, saved: tf.Tensor, dy: tf.Tensor, alpha = 1): tf.Tensor =>
    tf.engine().runKernel(gradientKernel, { saved, dy }, { f, alpha }) as tf.Tensor;

  registerGradient({
    kernelName: activationKernel,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => {
      const { f, alpha } = attrs as unknown as ActivationAttributes;
      return { x: () => gradient(f, x, dy as tf.Tensor, alpha) };
    },
  });

  // Of the gradient itself: tfjs can differentiate twice what saves its input, which of these is GELU alone.
  registerGradient({
    kernelName: gradientKernel,
    inputsToSave: ["saved", "dy"],
    gradFunc: (ddx, [x, dy], attrs) => {
      const { f } = attrs as unknown as ActivationAttributes;
      if (f !== "gelu") throw new Error(`tfjs has no second derivative of ${f}.`);
      return {
        dy: () => gradient(f, x, ddx as tf.Tensor),
        // (x Φ)″ = φ · (2 − x²)
        saved: () => {
          const squared = tf.square(x);
          const density = tf.mul(tf.exp(tf.mul(squared, -0.5)), 1 / Math.sqrt(2 * Math.PI));
          return tf.mul(tf.mul(ddx as tf.Tensor, dy), tf.mul(density, tf.sub(2, squared)));
        },
      };
    },
  });

  for (const [kernelName, f, values] of [
    ["Exp", "exp", heap.kernel("expValues")],
    ["Sigmoid", "sigmoid", heap.kernel("sigmoidValues")],
    ["Tanh", "tanh", heap.kernel("tanhValues")],
  ] as const) {
    registerKernel(kernelName, ({ inputs: { x } }) => {
      if (!allFloat32(x)) return undefined;
      const y = heap.output(x.shape);
      values(heap.at(x), heap.at(y), tf.util.sizeFromShape(x.shape));
      return y;
    });
    registerGradient({
      kernelName,
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => gradient(f, y, dy as tf.Tensor) }),
    });
  }
}
