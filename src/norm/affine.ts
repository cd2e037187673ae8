/** The learned scale and shift, y = γ · x̂ + β, that all methods share. */
import { asTensor, ones, type Tensor, type TensorLike, zeros } from "../tensor";
import { otherAxes } from "../tensor/shape";
import { checkSameShape } from "../tensor/validate";

export interface AffineOptions {
  /** Scale, 1 if left out. */
  gamma?: TensorLike;
  /** Shift, 0 if left out. */
  beta?: TensorLike;
}

/** What the backward of y = γ · x̂ + β needs. */
export interface AffineCache {
  xHat: Tensor;
  /** γ, of the shape of `parameterAxes` */
  gamma: Tensor;
  /** The axes of x along which γ and β have values of their own, ascending. */
  parameterAxes: readonly number[];
}

/**
 * y = γ · x̂ + β. γ and β have the lengths of x̂ along `parameterAxes`, in ascending order:
 * [C] for a channel axis, [H, W, C] for layer norm over an image.
 */
export function affine(
  xHat: Tensor,
  { gamma, beta }: AffineOptions,
  parameterAxes: readonly number[],
): { y: Tensor; cache: AffineCache } {
  const shape = parameterAxes.map((axis) => xHat.shape[axis]);
  const scale = parameter("gamma", gamma ?? ones(shape), shape);
  const shift = parameter("beta", beta ?? zeros(shape), shape);
  const y = xHat.mul(spread(scale, xHat, parameterAxes)).add(spread(shift, xHat, parameterAxes));
  return { y, cache: { xHat, gamma: scale, parameterAxes } };
}

/** dx̂ = γ · dy,  dγ = Σ dy · x̂,  dβ = Σ dy, the sums over all axes without parameters. */
export function affineGrad(
  dy: TensorLike,
  { xHat, gamma, parameterAxes }: AffineCache,
): { dy: Tensor; dXHat: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const upstream = asTensor("dy", dy);
  checkSameShape("dy", upstream, xHat.shape, "the shape of y");
  const summed = otherAxes(xHat.rank, parameterAxes);
  return {
    dy: upstream,
    dXHat: upstream.mul(spread(gamma, xHat, parameterAxes)),
    dGamma: upstream.mul(xHat).sum(summed),
    dBeta: upstream.sum(summed),
  };
}

/** A parameter with axes of length 1 where it has no values of its own: it broadcasts against x. */
export function spread(values: Tensor, x: Tensor, parameterAxes: readonly number[]): Tensor {
  return values.reshape(x.shape.map((length, axis) => (parameterAxes.includes(axis) ? length : 1)));
}

/** A parameter or statistic as a tensor of exactly the shape it must have. */
export function parameter(argument: string, value: TensorLike, shape: readonly number[]): Tensor {
  const result = asTensor(argument, value);
  checkSameShape(argument, result, shape, "the shape of what is normalized together with it");
  return result;
}
