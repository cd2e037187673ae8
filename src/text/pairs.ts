/** The two steps of byte-pair encoding's training (R. Sennrich, B. Haddow, A. Birch, arXiv 1508.07909, algorithm 1). */
import { isList, refuse } from "../tensor/validate";

/** Two tokens that stand side by side, and how often. */
export interface PairCount {
  left: number;
  right: number;
  count: number;
}

/**
 * count(a, b) = how many i have tokens[i] = a and tokens[i + 1] = b.
 *
 * The most frequent pair comes first; of equally frequent ones the one with the smaller left token, then the smaller
 * right one. Pairs may overlap: [7, 7, 7] has (7, 7) twice.
 *
 * Throws a RangeError for tokens that are no whole numbers from 0 to 2²⁶ − 1.
 */
export function countPairs(tokens: ArrayLike<number>): PairCount[] {
  if (!isList(tokens)) refuse("tokens", tokens, "a list of tokens");
  const counts = new Map<number, PairCount>();
  const list = Array.from(tokens, (token, i) => checkToken(`tokens[${i}]`, token));
  for (let i = 0; i + 1 < list.length; i++) {
    const [left, right] = [list[i], list[i + 1]];
    const key = pairKey(left, right);
    const pair = counts.get(key) ?? { left, right, count: 0 };
    pair.count++;
    counts.set(key, pair);
  }
  return [...counts.values()].sort(comparePairs);
}

/** Which pair comes first. */
export function comparePairs(a: PairCount, b: PairCount): number {
  return b.count - a.count || a.left - b.left || a.right - b.right;
}

/** More tokens than any vocabulary has; pairs of them are told apart. */
const tokenBound = 2 ** 26;

function checkToken(argument: string, token: unknown): number {
  const isToken = Number.isInteger(token) && (token as number) >= 0 && (token as number) < tokenBound;
  return isToken ? (token as number) : refuse(argument, token, "a token, a whole number from 0 to 2²⁶ − 1");
}

/** A pair as one number, exact for tokens below 2²⁶. */
export const pairKey = (left: number, right: number): number => left * tokenBound + right;

/**
 * The tokens with `merged` in the place of each `left` that `right` follows, from the beginning on:
 * mergePair([7, 7, 7], [7, 7], 9) = [9, 7].
 *
 * Throws a RangeError for a pair or a merged token that are none.
 */
export function mergePair(
  tokens: ArrayLike<number>,
  pair: readonly [left: number, right: number],
  merged: number,
): number[] {
  if (!isList(tokens)) refuse("tokens", tokens, "a list of tokens");
  if (!Array.isArray(pair) || pair.length !== 2) refuse("pair", pair, "two tokens, [left, right]");
  const [left, right] = pair.map((token, i) => checkToken(`pair[${i}]`, token));
  checkToken("merged", merged);
  const result: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const found = tokens[i] === left && i + 1 < tokens.length && tokens[i + 1] === right;
    result.push(found ? merged : tokens[i]);
    if (found) i++;
  }
  return result;
}
