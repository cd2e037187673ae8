/** `attention` and its gradient as one kernel each, which find the heads by their strides. */
import { attentionGradientKernel, attentionKernel, type AttentionAttributes } from "../attentionKernel";
import type { Heap } from "./heap";
import { isEmpty, registerKernel } from "./registry";

export function registerAttention(heap: Heap): void {
  const attention = heap.kernel("attention");
  const attentionGradient = heap.kernel("attentionGradient");
  const attentionRoom = heap.size("attentionRoom");

  registerKernel<AttentionAttributes>(attentionKernel, ({ inputs, attrs: { heads, causal, scale } }) => {
    const { query, key, value, mask } = inputs;
    const [examples, queries, width] = query.shape;
    const [, keys, valueWidth] = value.shape;
    const y = heap.output([examples, queries, valueWidth]);
    const probabilities = heap.output([examples, heads, queries, keys]);
    if (isEmpty(y)) return [y, probabilities];
    const widths = [width / heads, valueWidth / heads];
    const room = heap.scratch(attentionRoom(queries, keys, ...widths));
    const [q, k, v, o, p] = [query, key, value, y, probabilities].map((tensor) => heap.at(tensor));
    const sizes = [examples, queries, keys, heads, ...widths];
    attention(q, k, v, mask ? heap.at(mask) : 0, o, p, ...sizes, causal ? 1 : 0, scale, room);
    return [y, probabilities];
  });

  registerKernel<AttentionAttributes>(
    attentionGradientKernel,
    ({ inputs, attrs: { heads, causal, scale } }) => {
      const { query, key, value, probabilities, dy } = inputs;
      const [examples, queries, width] = query.shape;
      const [, keys, valueWidth] = value.shape;
      const gradients = [query, key, value].map(({ shape }) => heap.output(shape));
      const widths = [width / heads, valueWidth / heads];
      const room = heap.scratch(attentionRoom(queries, keys, ...widths));
      const tensors = [query, key, value, probabilities, dy, ...gradients];
      const addresses = tensors.map((tensor) => heap.at(tensor));
      const sizes = [examples, queries, keys, heads, ...widths];
      attentionGradient(...addresses, ...sizes, causal ? 1 : 0, scale, room);
      return gradients;
    },
  );
}
