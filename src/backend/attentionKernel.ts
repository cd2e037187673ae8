/** What `attention` and the kernels under it agree on: their names, and what they are told. */

/** `causal`: a position sees none that comes after it. `scale` multiplies the products of queries and keys. */
export interface AttentionAttributes {
  heads: number;
  causal: boolean;
  scale: number;
}

/** (query, key, value, mask?) → [y, probabilities]; the names under which each backend registers its kernels. */
export const attentionKernel = "NormlabAttention";
/** (query, key, value, mask?, probabilities, dy) → [dQuery, dKey, dValue] */
export const attentionGradientKernel = "NormlabAttentionGradient";
