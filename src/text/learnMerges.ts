import { comparePairs, mergePair, type PairCount, pairKey } from "./pairs";

/** A piece of text, as tokens, and how often it comes. */
export interface Piece {
  tokens: number[];
  count: number;
}

/** A pair, how often it stands in all pieces, and in which of them it has been seen. */
interface CountedPair extends PairCount {
  pieces: Set<Piece>;
}

/**
 * The most frequent pair of all pieces becomes token 256, then 257, …, `merges` times or until there is no pair any more.
 * A merge changes the pieces that hold its pair and no others; so only their pairs are counted anew.
 */
export function learnMerges(pieces: readonly Piece[], merges: number): [left: number, right: number][] {
  const pairs = new Map<number, CountedPair>();
  const add = (piece: Piece, sign: 1 | -1): void => {
    const { tokens, count } = piece;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const [left, right] = [tokens[i], tokens[i + 1]];
      const key = pairKey(left, right);
      let pair = pairs.get(key);
      if (pair === undefined) pairs.set(key, (pair = { left, right, count: 0, pieces: new Set() }));
      pair.count += sign * count;
      if (sign > 0) pair.pieces.add(piece);
      else if (pair.count === 0) pairs.delete(key);
    }
  };

  const changing = pieces.map(({ tokens, count }) => ({ tokens, count }));
  for (const piece of changing) add(piece, 1);
  const learned: [number, number][] = [];
  while (learned.length < merges && pairs.size > 0) {
    let best: CountedPair | undefined;
    for (const pair of pairs.values()) if (best === undefined || comparePairs(pair, best) < 0) best = pair;
    const { left, right, pieces: holding } = best!;
    for (const piece of holding) {
      const tokens = mergePair(piece.tokens, [left, right], 256 + learned.length);
      if (tokens.length === piece.tokens.length) continue; // it had the pair once
      add(piece, -1);
      piece.tokens = tokens;
      add(piece, 1);
    }
    learned.push([left, right]);
  }
  return learned;
}
