/** What `recurrent` and the kernels under it agree on: their names, and what they are told. */

export type CellName = "lstm" | "gru" | "simpleRnn";

/** The activations that the kernels compute themselves. */
export type KernelActivation = "linear" | "tanh" | "sigmoid" | "hardSigmoid" | "relu";

export type KernelNormalization = "none" | "layerNorm" | "batchNorm";

/** What the kernels get beside the tensors. */
export interface RecurrentAttributes {
  units: number;
  activation: KernelActivation;
  /** The gates'. */
  recurrentActivation: KernelActivation;
  goBackwards: boolean;
  returnSequences: boolean;
  /** Of a GRU: whether the reset gate acts on the product with the recurrent kernel, or on the state before it. */
  resetAfter: boolean;
  /** Whether there are states before the first step; else they are 0, and their gradients are not wanted. */
  hasInitialState: boolean;
  /** What the sums go through. Batch norm takes no mask. */
  normalization: KernelNormalization;
  epsilon: number;
}

/**
 * The names under which the wasm backend registers its kernels.
 *
 * (x [N, T, C], kernel [C, G], recurrentKernel [U, G], bias?, h0? [N, U], c0? [N, U], mask? [N, T], gammaX?, gammaH?,
 * gammaC?, betaC?) → [what the gradient needs, h [N, U], c [N, U] of an LSTM, all steps' h [N, T, U] if `returnSequences`,
 * and of batch norm the statistics of each sum, one after the other, [2, T, columns]: means and variances]
 */
export const recurrentKernels: Record<CellName, string> = {
  lstm: "NormlabLstm",
  gru: "NormlabGru",
  simpleRnn: "NormlabSimpleRnn",
};

/** The sums of each cell, in the order of their statistics: which product, its first column and columns, a unit. */
export const kernelSums: Record<CellName, [name: "x" | "h" | "c", from: number, columns: number][]> = {
  lstm: [
    ["x", 0, 4],
    ["h", 0, 4],
    ["c", 0, 1],
  ],
  gru: [
    ["x", 0, 2],
    ["x", 2, 1],
    ["h", 0, 2],
    ["h", 2, 1],
  ],
  simpleRnn: [["h", 0, 1]],
};
