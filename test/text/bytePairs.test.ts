import fc from "fast-check";
import {
  type BytePairJSON,
  bytePairVocabulary,
  countPairs,
  loadText,
  mergePair,
  vocabularyFromJSON,
} from "normlab";
import { describe, expect, it } from "vitest";
import { scripts } from "./scripts";

const sample = loadText().text.slice(0, 60_000);
const vocabulary = bytePairVocabulary([sample, ...scripts], { merges: 300 });
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

describe("bytePairVocabulary", () => {
  it("has the bytes first, then each merge in the order it was found", () => {
    const { size, tokens } = bytePairVocabulary("low low low lower lowest newest", { merges: 3 });
    expect(size).toBe(259);
    expect(tokens.slice(97, 100)).toEqual(["a", "b", "c"]);
    // "lo" and "ow" stand five times each; "l" has the smaller number.
    expect(tokens.slice(256)).toEqual(["lo", "low", " low"]);
  });

  it("learns what the two steps of a textbook give, one after the other", () => {
    const text = "the whale the whale the ship";
    let tokens = bytesOf(text);
    for (let merge = 0; merge < 8; merge++) {
      const [{ left, right }] = countPairs(tokens);
      tokens = mergePair(tokens, [left, right], 256 + merge);
    }
    // One piece: a pattern that never cuts.
    const learned = bytePairVocabulary(text, { merges: 8, pattern: /[^]+/gu });
    expect([...learned.encode(text)]).toEqual(tokens);
  });

  it("cuts as GPT-2 does, so that no token reaches from a word into the next or into its sign", () => {
    const text = "dog. dog! dog? we'll go 12 times\n\n".repeat(50);
    const learned = bytePairVocabulary(text, { merges: 1000 });
    expect(learned.tokens).toEqual(expect.arrayContaining([" dog", "'ll", " 12", " times"]));
    expect(learned.tokens.slice(256).filter((token) => /\S\s|\p{L}[^\p{L}]|\d\p{L}/u.test(token))).toEqual(
      [],
    );
    // No piece has two tokens any more, so there are fewer merges than were asked for.
    expect(learned.size).toBeLessThan(256 + 100);
    expect([...learned.encode(" dog!")].map((token) => learned.tokens[token])).toEqual([" dog", "!"]);
  });

  it("gives back any text of whole characters", () => {
    for (const text of scripts) expect(vocabulary.decode(vocabulary.encode(text))).toBe(text);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(vocabulary.decode(vocabulary.encode(text))).toBe(text);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(vocabulary.decode(vocabulary.encode("\uFEFFmark"))).toBe("\uFEFFmark");
    expect([...vocabulary.encode("")]).toEqual([]);
    expect(vocabulary.decode([])).toBe("");
  });

  it("gives back � for half of a surrogate pair, which is no character", () => {
    expect(vocabulary.decode(vocabulary.encode("a\ud83dz\udc33"))).toBe("a\ufffdz\ufffd");
    const units = fc.array(fc.constantFrom("\ud83d", "\udc33", "a", " ", "鯨"), { maxLength: 12 });
    fc.assert(
      fc.property(units, (parts) => {
        const text = parts.join("");
        expect(vocabulary.decode(vocabulary.encode(text))).toBe(
          new TextDecoder("utf-8").decode(new TextEncoder().encode(text)),
        );
      }),
      { seed: 1 },
    );
  });

  it("gives back what a pattern leaves out, and what matches nothing", () => {
    const letters = bytePairVocabulary("aa bb aa", { merges: 5, pattern: /\p{L}*/gu });
    const text = "aa, aa! 1bb";
    expect(letters.decode(letters.encode(text))).toBe(text);
    expect([...letters.encode("aa")]).toEqual([256]);
  });

  it("cuts with an expression of its own, wherever another search has left the one that was given", () => {
    const pattern = /\p{L}+/gu;
    const expected = bytePairVocabulary("low low low", { merges: 2, pattern });
    pattern.lastIndex = 5;
    const vocabulary = bytePairVocabulary("low low low", { merges: 2, pattern });
    expect(vocabulary.toJSON()).toEqual(expected.toJSON());
    pattern.lastIndex = 5;
    expect(vocabulary.encode("lowx low")).toEqual(expected.encode("lowx low"));
    expect([...vocabulary.encode("lowx low")]).toEqual([257, 120, 32, 257]);
  });

  it("takes long tokens", () => {
    const merges = Array.from({ length: 18 }, (_, i) => (i === 0 ? [97, 97] : [255 + i, 255 + i]));
    const json = { format: "normlab-vocabulary/1", kind: "bytePairs", pattern: "a+", merges };
    const vocabulary = vocabularyFromJSON(json);
    expect([...vocabulary.encode("a".repeat(2 ** 18 + 1))]).toEqual([256 + 17, 97]);
    expect(vocabulary.decode([256 + 17])).toHaveLength(2 ** 18);
    const doubled = Array.from({ length: 40 }, (_, i) => (i === 0 ? [97, 97] : [255 + i, 255 + i]));
    expect(() => vocabularyFromJSON({ ...json, merges: doubled })).toThrow(
      "json.merges[20] is [275, 275]; it must be a pair of at most 1048576 bytes, not of 2097152.",
    );
  });

  it("keeps what it was made of when its JSON changes", () => {
    const merges = [[97, 98]];
    const json = { format: "normlab-vocabulary/1", kind: "bytePairs", pattern: "\\w+", merges };
    const vocabulary = vocabularyFromJSON(json);
    merges[0][0] = 99;
    expect(vocabulary.toJSON()).toMatchObject({ merges: [[97, 98]] });
    expect(() => vocabularyFromJSON({ ...json, pattern: "[" })).toThrow(
      /^json\.pattern is "\["; it must be the text of/,
    );
  });

  it("encodes the same the second time, and after many others", () => {
    const first = [...vocabulary.encode("the whale")];
    expect([...vocabulary.encode("the whale")]).toEqual(first);
    // More different pieces than an encoder remembers.
    vocabulary.encode(Array.from({ length: 70_000 }, (_, i) => i).join(" "));
    expect([...vocabulary.encode("the whale")]).toEqual(first);
    expect(first.length).toBeLessThan(9);
  });

  it("applies the merges in the order they were found, each from the beginning, also to a long piece", () => {
    const { merges } = vocabulary.toJSON() as BytePairJSON;
    /** As in training: each merge goes through all tokens. */
    const oneByOne = (text: string) =>
      merges.reduce((tokens, pair, i) => mergePair(tokens, pair, 256 + i), bytesOf(text));
    const letters = sample.replace(/[^a-z]/g, "");
    for (const text of ["a", "aaaaaaa", "eeeeee".repeat(9), letters.slice(0, 5000)]) {
      expect([...vocabulary.encode(text)]).toEqual(oneByOne(text));
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[aehtnsio]{0,30}$/), (text) => {
        expect([...vocabulary.encode(text)]).toEqual(oneByOne(text));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("makes the book shorter, all of it in tokens that it has", () => {
    const tokens = vocabulary.encode(sample);
    expect(tokens).toBeInstanceOf(Int32Array);
    expect(tokens.length).toBeLessThan(sample.length / 1.7);
    expect(tokens.every((token) => token >= 0 && token < vocabulary.size)).toBe(true);
    expect(vocabulary.decode(tokens)).toBe(sample);
  });

  it("shows � for tokens that are no whole character, and joins them again", () => {
    const tokens = vocabulary.encode("鲸");
    expect(bytePairVocabulary("a", { merges: 0 }).tokens[0xe9]).toBe("�");
    expect(vocabulary.decode(tokens.slice(0, 1))).toContain("�");
    expect(vocabulary.decode(tokens)).toBe("鲸");
  });

  it("has a token for padding at the end, where it is asked for", () => {
    const padded = bytePairVocabulary("low low", { merges: 1, padding: "<pad>" });
    expect([padded.padding, padded.size, padded.tokens[257]]).toEqual([257, 258, "<pad>"]);
    expect(padded.decode([...padded.encode("lo"), 257])).toBe("lo<pad>");
    expect([...padded.encode("<pad>")]).toEqual(bytesOf("<pad>"));
    expect(bytePairVocabulary("low", { merges: 1 }).padding).toBeUndefined();
  });

  it("is the same from its JSON", () => {
    const own = bytePairVocabulary(sample, { merges: 50, padding: "<pad>", pattern: /\p{L}+/gu });
    const again = vocabularyFromJSON(JSON.parse(JSON.stringify(own)));
    expect(again.toJSON()).toEqual(own.toJSON());
    expect([again.size, again.padding, again.tokens]).toEqual([own.size, own.padding, own.tokens]);
    expect(again.encode(sample)).toEqual(own.encode(sample));
  });

  it("refuses texts, options and tokens that are none", () => {
    const wrong = (text: unknown, options: unknown) => () =>
      bytePairVocabulary(text as string, options as { merges: number });
    expect(wrong(5, { merges: 1 })).toThrow("text is 5; it must be a text.");
    expect(wrong("", { merges: 1 })).toThrow('text is ""; it must be a text that is not empty.');
    expect(wrong(["a", 5], { merges: 1 })).toThrow("text[1] is 5; it must be a text.");
    expect(wrong("a", {})).toThrow(
      "bytePairVocabulary: merges is undefined; it must be a whole number, 0 or more.",
    );
    expect(wrong("a", { merges: 1, size: 5 })).toThrow('bytePairVocabulary: "size" is not an option');
    expect(wrong("a", { merges: 1, pattern: "x" })).toThrow(
      'pattern is "x"; it must be a regular expression with',
    );
    expect(wrong("a", { merges: 1, pattern: /x/g })).toThrow(
      'pattern is "/x/g"; it must be a regular expression',
    );
    expect(wrong("a", { merges: 1, padding: "" })).toThrow(
      'padding is ""; it must be a name such as "<pad>".',
    );
    expect(() => vocabulary.encode(5 as never)).toThrow("text is 5; it must be a text.");
    const { size } = vocabulary;
    expect(() => vocabulary.decode([1, size])).toThrow(
      `tokens[1] is ${size}; it must be a token from 0 to ${size - 1}.`,
    );
    expect(() => vocabulary.decode("ab" as never)).toThrow('tokens is "ab"; it must be a list of tokens');
  });

  it("refuses JSON whose merges are none", () => {
    const json = bytePairVocabulary("low low", { merges: 1 }).toJSON() as BytePairJSON;
    const read = (change: object) => () => vocabularyFromJSON({ ...json, ...change });
    expect(read({ merges: 5 })).toThrow("json.merges is 5; it must be a list of pairs of tokens.");
    expect(read({ merges: [[1, 256]] })).toThrow(
      "json.merges[0] is [1, 256]; it must be two tokens from 0 to 255.",
    );
    expect(read({ merges: [[1, 2], [256, 3], [1]] })).toThrow(
      "json.merges[2] is [1]; it must be two tokens from 0 to 257.",
    );
    expect(
      read({
        merges: [
          [1, 2],
          [256, 3],
          [1, 2],
        ],
      }),
    ).toThrow("json.merges[2] is [1, 2]; it must be a pair that no earlier merge has.");
    expect(read({ pattern: 5 })).toThrow("json.pattern is 5; it must be a text.");
    expect(read({ padding: 5 })).toThrow("json.padding is 5");
    expect(read({ kind: "pairs" })).toThrow(
      'json.kind is "pairs"; it must be one of characters, words, bytePairs.',
    );
    expect(read({ format: "x" })).toThrow("json is an object; it must be what a vocabulary's toJSON() gave");
    expect(() => vocabularyFromJSON(null)).toThrow("json is null");
  });
});
