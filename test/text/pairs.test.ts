import fc from "fast-check";
import { countPairs, mergePair } from "normlab";
import { describe, expect, it } from "vitest";
import { learnMerges, type Piece } from "../../dist/text/learnMerges";

describe("countPairs", () => {
  it("counts neighbours, the most frequent first, then by the left and by the right token", () => {
    expect(countPairs([1, 2, 1, 2, 3])).toEqual([
      { left: 1, right: 2, count: 2 },
      { left: 2, right: 1, count: 1 },
      { left: 2, right: 3, count: 1 },
    ]);
    expect(countPairs(Int32Array.of(7, 7, 7))).toEqual([{ left: 7, right: 7, count: 2 }]);
    expect([countPairs([]), countPairs([5])]).toEqual([[], []]);
  });

  it("keeps large tokens apart", () => {
    expect(countPairs([1, 0, 0, 2 ** 26 - 1])).toHaveLength(3);
  });

  it("refuses what is no list of tokens", () => {
    expect(() => countPairs("abc" as never)).toThrow('tokens is "abc"; it must be a list of tokens.');
    expect(() => countPairs([1, -1])).toThrow(
      "tokens[1] is -1; it must be a token, a whole number from 0 to 2²⁶ − 1.",
    );
    expect(() => countPairs([1, 2 ** 26])).toThrow("tokens[1] is 67108864; it must be a token");
    expect(() => countPairs([0.5])).toThrow("tokens[0] is 0.5");
  });
});

describe("mergePair", () => {
  it("replaces each pair from the beginning on, and leaves its input alone", () => {
    const tokens = [1, 2, 3, 1, 2, 1];
    expect(mergePair(tokens, [1, 2], 256)).toEqual([256, 3, 256, 1]);
    expect(tokens).toEqual([1, 2, 3, 1, 2, 1]);
    expect(mergePair([7, 7, 7], [7, 7], 9)).toEqual([9, 7]);
    expect(mergePair([7, 7, 7, 7], [7, 7], 9)).toEqual([9, 9]);
    expect(mergePair(Int32Array.of(2, 1), [1, 2], 9)).toEqual([2, 1]);
    expect(mergePair([], [1, 2], 9)).toEqual([]);
  });

  it("refuses what is no list or no pair", () => {
    expect(() => mergePair(5 as never, [1, 2], 9)).toThrow("tokens is 5; it must be a list of tokens.");
    expect(() => mergePair([1], [1, "x"] as never, 9)).toThrow('pair[1] is "x"; it must be a token');
    expect(() => mergePair([1], [1, 2], undefined as never)).toThrow(
      "merged is undefined; it must be a token",
    );
    expect(() => mergePair([1], 12 as never, 9)).toThrow("pair is 12; it must be two tokens, [left, right].");
    expect(() => mergePair([1], [1, 2, 3] as never, 9)).toThrow("pair is [1, 2, 3]");
  });
});

describe("learnMerges", () => {
  /** As it is written in the paper: all pairs of all pieces counted anew for each merge. */
  function recounting(pieces: readonly Piece[], merges: number): [number, number][] {
    let current = pieces.map(({ tokens, count }) => ({ tokens, count }));
    const learned: [number, number][] = [];
    while (learned.length < merges) {
      const all = current.flatMap(({ tokens, count }) =>
        countPairs(tokens).map((pair) => ({ ...pair, count: pair.count * count })),
      );
      const totals = all.map(({ left, right }) => ({
        left,
        right,
        count: all.reduce((sum, p) => sum + (p.left === left && p.right === right ? p.count : 0), 0),
      }));
      const [best] = totals.sort((a, b) => b.count - a.count || a.left - b.left || a.right - b.right);
      if (best === undefined) break;
      const pair: [number, number] = [best.left, best.right];
      const token = 256 + learned.length;
      current = current.map(({ tokens, count }) => ({ tokens: mergePair(tokens, pair, token), count }));
      learned.push(pair);
    }
    return learned;
  }

  it("finds what counting everything anew finds", () => {
    const piece = fc.record({
      tokens: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
      count: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.nat(12), (pieces, merges) => {
        expect(learnMerges(pieces, merges)).toEqual(recounting(pieces, merges));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("ends when each piece is one token, and leaves the pieces as they were", () => {
    const pieces = [{ tokens: [1, 2, 3], count: 5 }];
    expect(learnMerges(pieces, 10)).toEqual([
      [1, 2],
      [256, 3],
    ]);
    expect(pieces[0].tokens).toEqual([1, 2, 3]);
  });
});
