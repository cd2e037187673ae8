/** The moving statistics of batch norm: a kernel without a gradient, so that nothing of it is recorded. */
import type { Heap } from "./heap";
import { registerKernel } from "./registry";

export const movingAverageKernel = "NormlabMovingAverage";

/** moving − (moving − value) · (1 − momentum), as tfjs computes it. A few values: JavaScript does it at once. */
export function registerMovingAverage(heap: Heap): void {
  registerKernel<{ momentum: number }>(
    movingAverageKernel,
    ({ inputs: { moving, value }, attrs: { momentum } }) => {
      const result = heap.output(moving.shape);
      const [old, now, next] = [moving, value, result].map((tensor) => heap.values(tensor));
      for (let i = 0; i < next.length; i++) next[i] = old[i] - (old[i] - now[i]) * (1 - momentum);
      return result;
    },
  );
}
