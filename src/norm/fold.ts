/** What a trained batch norm can be folded into: the layer before it, or the layer after it. */
import { ones, type Tensor, type TensorLike, zeros } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { checkOptions, checkPositive, type OptionChecks, refuse } from "../tensor/validate";
import { affineOptions, parameter } from "./affine";
import { defaults } from "./defaults";
import { varianceParameter } from "./moving";
import { reciprocalRoot } from "./standardize";

/** A dense layer's kernel (inputs, units) or a convolution's (…, inputs, filters), and its bias. */
export interface Linear {
  kernel: TensorLike;
  /** (units); 0 if left out. */
  bias?: TensorLike;
}

const linearOptions: OptionChecks<Linear> = { kernel: { required: finiteTensor }, bias: finiteTensor };

/** A batch norm as inference sees it. All (C). */
export interface InferenceNorm {
  gamma?: TensorLike;
  beta?: TensorLike;
  movingMean: TensorLike;
  movingVariance: TensorLike;
  epsilon?: number;
}

const normOptions: OptionChecks<InferenceNorm> = {
  movingMean: { required: finiteTensor },
  movingVariance: { required: finiteTensor },
  epsilon: checkPositive,
  ...affineOptions,
};

/** What stands between the norm and the layer after it. */
export interface NextLayer extends Linear {
  /** A convolution's padding. "same" pads with zeros, which the norm would have made β − μγ/√(σ² + ε). */
  padding?: "valid" | "same";
  /** A pooling between the norm and this layer. */
  pooling?: "none" | "average" | "max";
}

/**
 * Batch norm → folded into the linear layer or convolution *before* it:
 * norm(x·W + b) = x·W' + b'  with  W' = W · s,  b' = (b − μ) · s + β,  s = γ / √(σ² + ε).
 *
 * kernel (inputs, units) or (…, inputs, filters), with C units or filters; all else (C).
 * Only right when nothing stands between: with an activation in between, see foldBatchNormIntoNext.
 */
export function foldBatchNorm(layer: Linear, norm: InferenceNorm): { kernel: Tensor; bias: Tensor } {
  checkOptions("foldBatchNorm (layer)", layer, linearOptions);
  checkOptions("foldBatchNorm (norm)", norm, normOptions);
  const { kernel, bias } = layer;
  const weights = checkKernel(kernel);
  const units = weights.shape.slice(-1);
  const { scale, shift } = scaleAndShift(norm, units);
  const offset = parameter("bias", bias ?? zeros(units), units);
  return { kernel: weights.mul(scale), bias: offset.mul(scale).add(shift) };
}

/**
 * Batch norm → folded into the linear layer or convolution *after* it:
 * norm(x)·W + b = x·W' + b'  with  W' = s · W,  b' = b + Σ t · W,  s = γ / √(σ² + ε), t = β − μ · s,
 * the sum over all axes of the kernel but the last, s and t along its inputs.
 *
 * This is the case of a norm after the activation. Exact for dense layers and convolutions with "valid" padding,
 * also across average pooling, and across max pooling where every s > 0. Refuses what would not be exact:
 * "same" padding of a kernel larger than one pixel when t is not 0, and max pooling with an s ≤ 0.
 * For a dense layer after a flattened image pass the norm's statistics repeated for every pixel.
 */
export function foldBatchNormIntoNext(
  layer: NextLayer,
  norm: InferenceNorm,
): { kernel: Tensor; bias: Tensor } {
  checkOptions("foldBatchNormIntoNext (layer)", layer, { ...linearOptions, padding: true, pooling: true });
  checkOptions("foldBatchNormIntoNext (norm)", norm, normOptions);
  const { kernel, bias, padding = "valid", pooling = "none" } = layer;
  const weights = checkKernel(kernel);
  const inputs = weights.shape.slice(-2, -1);
  const units = weights.shape.slice(-1);
  const { scale, shift } = scaleAndShift(norm, inputs);
  if (!["valid", "same"].includes(padding)) refuse("padding", padding, '"valid" or "same"');
  if (!["none", "average", "max"].includes(pooling)) refuse("pooling", pooling, '"none", "average" or "max"');
  const onePixel = weights.shape.slice(0, -2).every((length) => length === 1);
  if (padding === "same" && !onePixel && shift.data.some((t) => t !== 0)) {
    refuse("padding", padding, '"valid": zeros padded after the norm are not what the norm makes of zeros');
  }
  if (pooling === "max" && scale.data.some((s) => s <= 0)) {
    refuse("gamma", norm.gamma, "positive everywhere: max pooling picks the minimum where γ < 0");
  }
  const alongInputs = [...inputs, 1];
  const before = weights.shape.slice(0, -1).map((_, axis) => axis);
  return {
    kernel: weights.mul(scale.reshape(alongInputs)),
    bias: parameter("bias", bias ?? zeros(units), units).add(
      weights.mul(shift.reshape(alongInputs)).sum(before),
    ),
  };
}

/** norm(x) = s · x + t */
function scaleAndShift(
  { gamma, beta, movingMean, movingVariance, epsilon = defaults.batchNorm.epsilon }: InferenceNorm,
  shape: readonly number[],
): { scale: Tensor; shift: Tensor } {
  const variance = varianceParameter("movingVariance", movingVariance, shape);
  const scale = parameter("gamma", gamma ?? ones(shape), shape).mul(reciprocalRoot(variance, epsilon));
  const mean = parameter("movingMean", movingMean, shape);
  return { scale, shift: parameter("beta", beta ?? zeros(shape), shape).sub(mean.mul(scale)) };
}

function checkKernel(kernel: TensorLike): Tensor {
  const weights = finiteTensor("kernel", kernel);
  if (weights.rank < 2)
    refuse("kernel", weights, "of rank 2 or more: (inputs, units) or (…, inputs, filters)");
  return weights;
}
