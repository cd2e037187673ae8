/** An independent reference: tfjs's `cpu` backend in float64, of which only the way forward is used. */
import * as tf from "@tensorflow/tfjs";

/**
 * Runs `f` on tfjs's `cpu` backend with float64 where it else has float32: its kernels take their arrays from the
 * global of that name. `f` must use no tensor from outside, and give back none.
 */
export async function inFloat64<T>(f: () => T): Promise<T> {
  const backend = tf.getBackend();
  const { Float32Array } = globalThis;
  await tf.setBackend("cpu");
  globalThis.Float32Array = Float64Array as unknown as typeof Float32Array;
  try {
    return tf.tidy(f as () => never);
  } finally {
    globalThis.Float32Array = Float32Array;
    await tf.setBackend(backend);
  }
}

/** A function's values in float64, and the gradient of Σ y · dy, each number of it from a difference to both sides. */
export function differencesInFloat64(
  f: (x: tf.Tensor) => tf.Tensor,
  x: number[],
  shape: number[],
  dyOf: (size: number) => ArrayLike<number>,
): Promise<{ y: number[]; dx: number[] }> {
  const step = 1e-6;
  return inFloat64(() => {
    const run = (values: number[]) => tf.tidy(() => Array.from(f(tf.tensor(values, shape)).dataSync()));
    const y = run(x);
    const dy = dyOf(y.length);
    const loss = (values: number[]) => run(values).reduce((sum, value, k) => sum + value * dy[k], 0);
    const slope = (i: number) => {
      const at = (t: number) => loss(x.map((value, k) => (k === i ? value + t : value)));
      return (at(step) - at(-step)) / (2 * step);
    };
    return { y, dx: x.map((_, i) => slope(i)) };
  });
}
