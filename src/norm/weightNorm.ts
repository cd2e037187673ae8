import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { keepDims } from "../tensor/shape";
import { checkSameShape, refuse, resolveAxes } from "../tensor/validate";
import { parameter } from "./affine";

/** What weightNormGrad needs. */
export interface WeightNormCache {
  v: Tensor;
  g: Tensor;
  norm: Tensor;
  axes: readonly number[];
}

/**
 * w = g · v / ‖v‖, with the Euclidean norm of v over `axes`: length and direction apart.
 *
 * v is a weight, for example a dense kernel (inputs, units) with axes [0], or a convolution's
 * (H, W, inputs, filters) with axes [0,1,2]; g and norm have v's shape without `axes`: one length a unit.
 * Refuses empty axes and a v that is 0 along them, since it has no direction.
 *
 * Salimans and Kingma 2016, "Weight Normalization", equation 2.
 */
export function weightNorm(
  v: TensorLike,
  g: TensorLike,
  { axes }: { axes: readonly number[] },
): { w: Tensor; norm: Tensor; cache: WeightNormCache } {
  const direction = asTensor("v", v);
  const reduced = resolveAxes("axes", axes, direction.rank);
  if (reduced.length === 0) refuse("axes", axes, "a list of at least one axis to reduce");
  const norm = direction.square().sum(reduced).sqrt();
  if (norm.data.some((length) => length === 0))
    refuse("a norm of v", 0, "greater than 0: v needs a direction");
  const length = parameter("g", g, norm.shape);
  const kept = keepDims(direction.shape, reduced);
  const w = direction.mul(length.div(norm).reshape(kept));
  return { w, norm, cache: { v: direction, g: length, norm, axes: reduced } };
}

/**
 * dg = Σ dw · v / ‖v‖ over `axes`,  dv = g / ‖v‖ · (dw − dg · v / ‖v‖): dv is orthogonal to v.
 * Equation 3 of the paper.
 */
export function weightNormGrad(
  dw: TensorLike,
  { v, g, norm, axes }: WeightNormCache,
): { dv: Tensor; dg: Tensor } {
  const upstream = asTensor("dw", dw);
  checkSameShape("dw", upstream, v.shape, "the shape of w");
  const kept = keepDims(v.shape, axes);
  const unit = v.div(norm.reshape(kept));
  const dg = upstream.mul(unit).sum(axes);
  const dv = upstream.sub(unit.mul(dg.reshape(kept))).mul(g.div(norm).reshape(kept));
  return { dv, dg };
}
