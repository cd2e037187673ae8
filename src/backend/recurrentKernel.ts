/** What `recurrent` and the kernels under it agree on: their names, and what they are told. */

export type CellName = "lstm" | "gru" | "simpleRnn";

/** The activations that the kernels compute themselves. */
export type KernelActivation = "linear" | "tanh" | "sigmoid" | "hardSigmoid" | "relu";

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
  /** Whether the sums go through layer norm. */
  layerNorm: boolean;
  epsilon: number;
}

/**
 * The names under which the wasm backend registers its kernels.
 *
 * (x [N, T, C], kernel [C, G], recurrentKernel [U, G], bias?, h0? [N, U], c0? [N, U], mask? [N, T], gammaX?, gammaH?,
 * gammaC?, betaC?) → [what the gradient needs, h [N, U], c [N, U] of an LSTM, and all steps' h [N, T, U] if
 * `returnSequences`]
 */
export const recurrentKernels: Record<CellName, string> = {
  lstm: "NormlabLstm",
  gru: "NormlabGru",
  simpleRnn: "NormlabSimpleRnn",
};
