/**
 * Fingerprints of a row of tokens: hashes of all its k-grams, and of them those that winnowing keeps.
 *
 * Schleimer, Wilkerson and Aiken (2003), Winnowing: local algorithms for document fingerprinting.
 */
import type { Token } from "./tokens";

const prime = 0x01000193;

/** FNV-1a of a text. */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  return hash;
}

/** The hash of each k-gram, by where it begins; 53 bits, so that no two of a class are the same by chance. */
export function hashesOf(tokens: readonly Token[], k: number): number[] {
  const numbers = tokens.map(({ kind }) => numberOf(kind));
  return Array.from({ length: Math.max(0, tokens.length - k + 1) }, (_, begin) => {
    let [high, low] = [0x811c9dc5, 0x2545f491];
    for (let i = begin; i < begin + k; i++) {
      high = Math.imul(high ^ numbers[i], prime);
      low = Math.imul(low ^ numbers[i], prime);
    }
    return (high >>> 0) * 2 ** 21 + (low >>> 11);
  });
}

/**
 * Of each `window` hashes in a row the smallest, the last one of several: a match of window + k − 1 tokens or more has at
 * least one of them in common, wherever it stands.
 */
export function winnowed(hashes: readonly number[], window: number): Set<number> {
  const kept = new Set<number>();
  for (let begin = 0; begin < Math.max(1, hashes.length - window + 1); begin++) {
    let least = Infinity;
    for (let i = begin; i < begin + window; i++) least = Math.min(least, hashes[i] ?? Infinity);
    if (least < Infinity) kept.add(least);
  }
  return kept;
}
