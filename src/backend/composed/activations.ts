/** The slopes of activations from tfjs's operations, which can be differentiated again. */
import * as tf from "@tensorflow/tfjs";

type Slope = (saved: tf.Tensor, alpha: number) => tf.Tensor;

/** x · σ(u(x)) */
function gated(x: tf.Tensor, u: tf.Tensor, du: tf.Tensor | number): tf.Tensor {
  const s = tf.sigmoid(u);
  return tf.add(s, tf.mul(tf.mul(x, du), tf.mul(s, tf.sub(1, s))));
}

/** f′ by the activation's name: of y = f(x) for exp, sigmoid and tanh, of x for the others. */
export const slopes: Record<"exp" | "sigmoid" | "tanh" | "swish" | "gelu" | "gelu_new", Slope> = {
  exp: (y) => tf.clone(y),
  sigmoid: (y) => tf.mul(y, tf.sub(1, y)),
  tanh: (y) => tf.sub(1, tf.square(y)),
  swish: (x, alpha) => gated(x, tf.mul(x, alpha), alpha),
  gelu: (x) => {
    const share = tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.add(share, tf.mul(x, density));
  },
  gelu_new: (x) => {
    const c = 2 * Math.sqrt(2 / Math.PI);
    const u = tf.mul(c, tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
    return gated(x, u, tf.mul(c, tf.add(1, tf.mul(3 * 0.044715, tf.square(x)))));
  },
};
