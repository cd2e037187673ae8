/**
 * Which solutions of an exercise share a long part that is rare in the class: evidence to be read by a person.
 *
 * What all have for a reason is taken away first: what was handed out, the sample solution (a short exercise has one
 * natural answer), and what many students wrote.
 */
import { hashesOf, winnowed } from "./fingerprints";
import { type Token, tokensOf } from "./tokens";

/**
 * Tokens of a fingerprint; hashes in a row of which one is kept; what a pair must share to be shown. Chosen on the banks
 * (test/grade/similarity/banks.test.ts): honest solutions share 40 tokens or half of what is theirs, never both.
 */
export const settings = { k: 8, window: 4, leastTokens: 40, leastShare: 0.5 } as const;

export interface SimilarPair {
  exercise: string;
  students: [string, string];
  /** Of the rarer fingerprints of the shorter solution, how many the other one has, too: 0 to 1. */
  share: number;
  /** Tokens that stand in shared fingerprints; the smaller number of the two. */
  tokens: number;
  /** The lines of each, from 0, that the shared part stands in. */
  lines: [number[], number[]];
}

interface Solution {
  student: string;
  tokens: Token[];
  hashes: number[];
  /** Fingerprints that few others have. */
  rare: Set<number>;
}

/** More students than this have written it: then it is what one writes. */
export const commonAt = (students: number): number => Math.max(4, Math.floor(students / 20));

/** @param solutions the cells of an exercise by student; it may be a hundred thousand characters of anything */
export function similarPairs(
  { id, stub, sample }: { id: string; stub: string; sample: string },
  solutions: ReadonlyMap<string, string>,
): SimilarPair[] {
  const { k, window } = settings;
  const expected = new Set([stub, sample].flatMap((text) => hashesOf(tokensOf(text), k)));
  const all = [...solutions].map(([student, source]): Solution => {
    const tokens = tokensOf(source);
    return { student, tokens, hashes: hashesOf(tokens, k), rare: new Set() };
  });
  const holders = new Map<number, number>();
  for (const { hashes } of all) {
    for (const hash of new Set(hashes)) holders.set(hash, (holders.get(hash) ?? 0) + 1);
  }
  const limit = commonAt(all.length);
  for (const { hashes, rare } of all) {
    for (const hash of hashes) if (!expected.has(hash) && holders.get(hash)! <= limit) rare.add(hash);
  }
  return candidates(all, window)
    .map(([a, b]) => compared(id, a, b))
    .filter(({ share, tokens }) => share >= settings.leastShare && tokens >= settings.leastTokens);
}

/** The pairs that share kept fingerprints, found by fingerprint: not all pairs of a class are looked at. */
function candidates(all: readonly Solution[], window: number): [Solution, Solution][] {
  const index = new Map<number, number[]>();
  for (const [i, { hashes, rare }] of all.entries()) {
    for (const hash of winnowed(hashes, window)) {
      if (rare.has(hash)) index.set(hash, [...(index.get(hash) ?? []), i]);
    }
  }
  const pairs = new Set<number>();
  for (const having of index.values()) {
    for (const [n, i] of having.entries()) for (const j of having.slice(n + 1)) pairs.add(i * all.length + j);
  }
  return [...pairs].map((pair) => [all[Math.floor(pair / all.length)], all[pair % all.length]]);
}

function compared(exercise: string, a: Solution, b: Solution): SimilarPair {
  const shared = new Set([...a.rare].filter((hash) => b.rare.has(hash)));
  const covered = [a, b].map(({ hashes, tokens }) => {
    const places = new Set<number>();
    for (const [i, hash] of hashes.entries()) {
      if (shared.has(hash)) for (let j = i; j < i + settings.k; j++) places.add(j);
    }
    return { count: places.size, lines: [...new Set([...places].map((place) => tokens[place].line))] };
  });
  return {
    exercise,
    students: [a.student, b.student],
    share: shared.size / Math.max(1, Math.min(a.rare.size, b.rare.size)),
    tokens: Math.min(...covered.map(({ count }) => count)),
    lines: [covered[0].lines, covered[1].lines],
  };
}
