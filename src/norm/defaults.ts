/**
 * The defaults of every method, in one place: the functions read them here,
 * and docs/notation.md is checked against them. They are Keras's.
 */
export const defaults: {
  readonly batchNorm: { readonly momentum: number; readonly epsilon: number; readonly axis: number };
  readonly layerNorm: { readonly axes: readonly number[]; readonly epsilon: number };
  readonly instanceNorm: { readonly axis: number; readonly epsilon: number };
  readonly groupNorm: { readonly axis: number; readonly epsilon: number };
  readonly rmsNorm: { readonly axes: readonly number[]; readonly epsilon: number };
  readonly dyt: { readonly alpha: number };
  readonly adaIN: { readonly axis: number; readonly epsilon: number };
  readonly switchableNorm: { readonly momentum: number; readonly epsilon: number; readonly axis: number };
} = {
  batchNorm: { momentum: 0.99, epsilon: 1e-3, axis: -1 },
  layerNorm: { axes: [-1], epsilon: 1e-3 },
  instanceNorm: { axis: -1, epsilon: 1e-3 },
  groupNorm: { axis: -1, epsilon: 1e-3 },
  rmsNorm: { axes: [-1], epsilon: 1e-6 },
  dyt: { alpha: 0.5 },
  adaIN: { axis: -1, epsilon: 1e-3 },
  switchableNorm: { momentum: 0.99, epsilon: 1e-3, axis: -1 },
};
