import { asTensor, type TensorLike } from "./tensor";
import { checkFinite, checkOptions } from "./validate";

/** |a − b| ≤ atol + rtol·|b| everywhere, in tensors of the same shape. */
export function allClose(
  a: TensorLike,
  b: TensorLike,
  options: { rtol?: number; atol?: number } = {},
): boolean {
  checkOptions<typeof options>("allClose", options, { rtol: checkFinite, atol: checkFinite });
  const { rtol = 1e-7, atol = 0 } = options;
  const [left, right] = [asTensor("a", a), asTensor("b", b)];
  return (
    left.shape.join() === right.shape.join() &&
    left.data.every((value, i) => Math.abs(value - right.data[i]) <= atol + rtol * Math.abs(right.data[i]))
  );
}
