import fc from "fast-check";
import { characterVocabulary, vocabularyFromJSON, wordVocabulary } from "normlab";
import { describe, expect, it } from "vitest";
import { scripts } from "./scripts";

describe("characterVocabulary", () => {
  it("has code points, the most frequent first, equally frequent ones in their order", () => {
    const { tokens, size } = characterVocabulary("banana 🐳ﬁ");
    // 🐳 is U+1F433, ﬁ U+FB01; by halves of surrogate pairs 🐳 would come first.
    expect(tokens).toEqual(["a", "n", " ", "b", "ﬁ", "🐳"]);
    expect(size).toBe(6);
  });

  it("gives back any text of its characters, halves of surrogate pairs among them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const vocabulary = characterVocabulary(text);
        const tokens = vocabulary.encode(text);
        expect(vocabulary.decode(tokens)).toBe(text);
        expect([tokens.length, vocabulary.size]).toEqual([[...text].length, new Set(text).size]);
      }),
      { seed: 1 },
    );
    for (const text of [...scripts, "a\ud83d", "\udc33\ud83d\ud83d\udc33"]) {
      const vocabulary = characterVocabulary(text);
      expect(vocabulary.decode(vocabulary.encode(text))).toBe(text);
    }
  });

  it("is made of several texts as of one", () => {
    expect(characterVocabulary(["ba", "", "na"]).tokens).toEqual(characterVocabulary("bana").tokens);
  });

  it("refuses what it doesn't have, or has a token for it", () => {
    const vocabulary = characterVocabulary("whale");
    expect(() => vocabulary.encode("wahl🐳")).toThrow(
      'text[4] is "🐳"; it must be one of the 5 characters of the vocabulary (the option unknown: "<unk>" takes others, too).',
    );
    expect(vocabulary.unknown).toBeUndefined();
    const withBoth = characterVocabulary("whale", { padding: "<pad>", unknown: "<unk>" });
    expect(withBoth.tokens).toEqual(["<pad>", "<unk>", "a", "e", "h", "l", "w"]);
    expect([withBoth.padding, withBoth.unknown]).toEqual([0, 1]);
    expect([...withBoth.encode("a🐳l")]).toEqual([2, 1, 5]);
    expect(withBoth.decode([2, 1, 0])).toBe("a<unk><pad>");
    expect(characterVocabulary("a", { unknown: "?" }).unknown).toBe(0);
  });

  it("refuses texts, options and tokens that are none", () => {
    const wrong = (text: unknown, options?: unknown) => () =>
      characterVocabulary(text as string, options as object);
    expect(wrong(undefined)).toThrow("text is undefined; it must be a text.");
    expect(wrong([])).toThrow("text is []; it must be a text that is not empty.");
    expect(wrong("a", { pad: "x" })).toThrow(
      'characterVocabulary: "pad" is not an option; did you mean "padding"?',
    );
    expect(wrong("a", { unknown: true })).toThrow('unknown is true; it must be a name such as "<pad>".');
    expect(wrong("a", { unknown: "x", padding: "x" })).toThrow(
      'padding is "x"; it must be another name than unknown.',
    );
    expect(() => characterVocabulary("ab").decode([0, 2])).toThrow(
      "tokens[1] is 2; it must be a token from 0 to 1.",
    );
    expect(() => characterVocabulary("ab").decode([0.5])).toThrow("tokens[0] is 0.5");
    expect(() => characterVocabulary("ab").encode(undefined as never)).toThrow(
      "text is undefined; it must be a text.",
    );
  });
});

describe("wordVocabulary", () => {
  const text = "The ship, the ship! Don't sail the Pe\u0301quod’s boats: 2 ships.";

  it("has words with their apostrophes and marks, and signs of their own", () => {
    const { tokens, unknown } = wordVocabulary(text);
    expect(unknown).toBe(0);
    const rest = ["!", ",", ".", "2", ":", "Don't", "Pe\u0301quod’s", "The", "boats", "sail", "ships"];
    expect(tokens).toEqual(["<unk>", "ship", "the", ...rest]);
  });

  it("keeps the most frequent ones; all others are unknown", () => {
    const vocabulary = wordVocabulary(text, { size: 4, padding: "<pad>", unknown: "?" });
    expect(vocabulary.tokens).toEqual(["<pad>", "?", "ship", "the"]);
    expect([...vocabulary.encode("the  white ship\n")]).toEqual([3, 1, 2]);
    expect(vocabulary.decode([3, 1, 2, 0])).toBe("the ? ship <pad>");
    expect(wordVocabulary(text, { size: 1000 }).size).toBe(wordVocabulary(text).size);
  });

  it("doesn't take the name of a special token in a text for the token", () => {
    const vocabulary = characterVocabulary("<pad>", { padding: "p" });
    expect(vocabulary.decode(vocabulary.encode("pad"))).toBe("pad");
    expect(vocabulary.encode("p")[0]).not.toBe(0);
  });

  it("refuses a size without room for a word, and a text without words", () => {
    expect(() => wordVocabulary(text, { size: 1 })).toThrow("size is 1; it must be 2 or more");
    expect(() => wordVocabulary(text, { size: 2, padding: "<pad>" })).toThrow(
      "size is 2; it must be 3 or more",
    );
    expect(() => wordVocabulary(text, { size: 2.5 })).toThrow(
      "size is 2.5; it must be a positive whole number.",
    );
    expect(() => wordVocabulary(" \n")).toThrow("it must be a text with words.");
    expect(() => wordVocabulary(text, { sizes: 3 } as object)).toThrow('did you mean "size"?');
  });
});

describe("vocabularyFromJSON", () => {
  it("gives the same vocabulary again", () => {
    for (const vocabulary of [
      characterVocabulary("whale 🐳"),
      characterVocabulary("whale", { unknown: "<unk>" }),
      characterVocabulary("whale", { padding: "<pad>" }),
      wordVocabulary("a white whale, a whale", { size: 4, padding: "<pad>" }),
    ]) {
      const again = vocabularyFromJSON(JSON.parse(JSON.stringify(vocabulary)));
      expect(again.toJSON()).toEqual(vocabulary.toJSON());
      const { tokens, unknown, padding, size } = vocabulary;
      expect(again).toMatchObject({ tokens, unknown, padding, size });
      expect(again.encode("whale")).toEqual(vocabulary.encode("whale"));
    }
  });

  it("refuses tokens that come twice, are empty or are all special", () => {
    const from = (tokens: string[], more = {}) =>
      vocabularyFromJSON({ format: "normlab-vocabulary/1", kind: "characters", tokens, ...more });
    expect(() => from(["a", "b", "a"])).toThrow('json.tokens[2] is "a"; it must be a text that is not empty');
    expect(() => from(["a", ""])).toThrow('json.tokens[1] is ""; it must be a text');
    expect(() => from(["<pad>"], { padding: 0, unknown: 1 })).toThrow(
      "json.tokens.length is 1; it must be 3 or more",
    );
    // The name of a special token may be a text, too.
    expect(from(["a", "a"], { padding: 0 }).encode("a")).toEqual(Int32Array.of(1));
  });

  it("refuses JSON that is none, by the name of its part", () => {
    const json = characterVocabulary("whale", { unknown: "<unk>" }).toJSON();
    const read = (change: object) => () => vocabularyFromJSON({ ...json, ...change });
    expect(read({ tokens: "abc" })).toThrow('json.tokens is "abc"; it must be a list of texts.');
    expect(read({ tokens: [] })).toThrow("json.tokens is []; it must be a list of texts.");
    expect(read({ unknown: 2 })).toThrow("json.unknown is 2; it must be 0 or left out.");
    expect(read({ padding: 1 })).toThrow("json.padding is 1; it must be 0 or left out.");
    expect(read({ padding: 0 })).toThrow("json.unknown is 0; it must be 1 or left out.");
  });
});
