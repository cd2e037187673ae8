/** Where the channels lie: behind, as everywhere here, or in front, as in PyTorch. */
import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { refuse } from "../tensor/validate";

/** (N,C,H,W) → (N,H,W,C), (N,C,T) → (N,T,C), in general axis 1 to the end. */
export function toChannelsLast(x: TensorLike): Tensor {
  const input = checkBatch(asTensor("x", x));
  const axes = input.shape.map((_, axis) => axis);
  return input.transpose([0, ...axes.slice(2), 1]);
}

/** (N,H,W,C) → (N,C,H,W), (N,T,C) → (N,C,T), in general the last axis to 1. */
export function toChannelsFirst(x: TensorLike): Tensor {
  const input = checkBatch(asTensor("x", x));
  const axes = input.shape.map((_, axis) => axis);
  return input.transpose([0, input.rank - 1, ...axes.slice(1, -1)]);
}

function checkBatch(x: Tensor): Tensor {
  if (x.rank < 2) refuse("x", x, "of rank 2 or more: a batch, and channels");
  return x;
}

/** A weight of rank 3 or more is an image's, (C,H,W), and goes with it to (H,W,C). */
export function imageToLast(value: TensorLike): Tensor {
  const weight = asTensor("weight", value);
  const axes = weight.shape.map((_, axis) => axis);
  return weight.rank < 3 ? weight : weight.transpose([...axes.slice(1), 0]);
}

/** The way back: (H,W,C) to (C,H,W). */
export function imageToFirst(value: TensorLike): Tensor {
  const weight = asTensor("gamma", value);
  const axes = weight.shape.map((_, axis) => axis);
  return weight.rank < 3 ? weight : weight.transpose([weight.rank - 1, ...axes.slice(0, -1)]);
}
