import type { Tensor, TensorLike } from "../tensor";
import { finiteTensor } from "../tensor/finite";
import { keepDims } from "../tensor/shape";
import { checkAxes, checkOptions, checkSameShape, refuse, resolveAxes } from "../tensor/validate";
import { checkCache, parameter } from "./affine";

/** What weightNormGrad needs. */
export interface WeightNormCache {
  method: "weightNorm";
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
 * Refuses empty axes, a v that is 0 along them, since it has no direction, and numbers whose squares overflow.
 *
 * Salimans and Kingma 2016, "Weight Normalization", equation 2.
 */
export function weightNorm(
  v: TensorLike,
  g: TensorLike,
  options: { axes: readonly number[] },
): { w: Tensor; norm: Tensor; cache: WeightNormCache } {
  checkOptions<typeof options>("weightNorm", options, { axes: { required: checkAxes } });
  const direction = finiteTensor("weightNorm: v", v);
  const reduced = resolveAxes("axes", options.axes, direction.rank);
  if (reduced.length === 0) refuse("axes", options.axes, "a list of at least one axis to reduce");
  const norm = direction.square().sum(reduced).sqrt();
  const wrong = norm.data.find((length) => !(length > 0 && length < Infinity));
  if (wrong !== undefined) {
    refuse("a norm of v", wrong, wrong === 0 ? "greater than 0: v needs a direction" : "finite");
  }
  const length = parameter("g", finiteTensor("weightNorm: g", g), norm.shape);
  const kept = keepDims(direction.shape, reduced);
  const w = direction.mul(length.div(norm).reshape(kept));
  return { w, norm, cache: { method: "weightNorm", v: direction, g: length, norm, axes: reduced } };
}

/**
 * dg = Σ dw · v / ‖v‖ over `axes`,  dv = g / ‖v‖ · (dw − dg · v / ‖v‖): dv is orthogonal to v.
 * Equation 3 of the paper.
 */
export function weightNormGrad(dw: TensorLike, cache: WeightNormCache): { dv: Tensor; dg: Tensor } {
  checkCache("weightNormGrad", "weightNorm", cache);
  const { v, g, norm, axes } = cache;
  const upstream = finiteTensor("weightNormGrad: dw", dw);
  checkSameShape("dw", upstream, v.shape, "the shape of w");
  const kept = keepDims(v.shape, axes);
  const unit = v.div(norm.reshape(kept));
  const dg = upstream.mul(unit).sum(axes);
  const dv = upstream.sub(unit.mul(dg.reshape(kept))).mul(g.div(norm).reshape(kept));
  return { dv, dg };
}
