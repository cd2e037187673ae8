/** What `normalize` and the kernels under it agree on: their names, and what they are told. */

/** What the kernels get beside the tensors. `affine` is false when gamma and beta are only stand-ins. */
export interface NormalizeAttributes {
  axes: number[];
  center: boolean;
  epsilon: number;
  affine: boolean;
}

/** The names under which each backend registers its kernels. */
export const normalizeKernel = "NormlabNormalize";
export const normalizeGradientKernel = "NormlabNormalizeGradient";
