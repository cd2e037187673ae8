/** How training moves the statistics that inference uses, in tfjs's layers and in ours. */
import * as tf from "@tensorflow/tfjs";
import { movingAverageKernel } from "./wasm/movingAverage";

/** moving ← moving − (moving − value) · (1 − momentum), which is momentum · moving + (1 − momentum) · value. */
export function moveTowards(moving: tf.LayerVariable, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => {
    const old = moving.read();
    const next = tf.getKernel(movingAverageKernel, tf.getBackend())
      ? (tf.engine().runKernel(movingAverageKernel, { moving: old, value }, { momentum }) as tf.Tensor)
      : tf.sub(old, tf.mul(tf.sub(old, value), 1 - momentum));
    moving.write(next);
  });
}
