/** Our byte pairs beside Hugging Face's tokenizers: the same merges in its format (that of GPT-2) give the same tokens. */
import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { type BytePairJSON, bytePairVocabulary, loadText, type Vocabulary } from "normlab";
import { describe, expect, it } from "vitest";
import { scripts } from "./scripts";

/** GPT-2's letter for each byte: itself where it can be seen, else one from 256 on. */
const letters = Array.from({ length: 256 }, (_, byte) => byte).reduce<{ letters: string[]; hidden: number }>(
  ({ letters, hidden }, byte) => {
    const seen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    letters.push(String.fromCodePoint(seen ? byte : 256 + hidden));
    return { letters, hidden: seen ? hidden : hidden + 1 };
  },
  { letters: [], hidden: 0 },
).letters;

function inTheirFormat(vocabulary: Vocabulary): Tokenizer {
  const { merges } = vocabulary.toJSON() as BytePairJSON;
  const tokens = [...letters];
  for (const [left, right] of merges) tokens.push(tokens[left] + tokens[right]);
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const model = {
    type: "BPE",
    vocab: Object.fromEntries(tokens.map((token, i) => [token, i])),
    merges: merges.map(([left, right]) => `${tokens[left]} ${tokens[right]}`),
  };
  const json = { version: "1.0", added_tokens: [], normalizer: null, post_processor: null };
  return new Tokenizer({ ...json, pre_tokenizer: byteLevel, decoder: byteLevel, model }, {});
}

const { text, chapters } = loadText();
const vocabulary = bytePairVocabulary([text.slice(0, 200_000), ...scripts, ...scripts], { merges: 1500 });
const theirs = inTheirFormat(vocabulary);
function same(given: string): void {
  const { ids } = theirs.encode(given, { add_special_tokens: false });
  expect([...vocabulary.encode(given)], JSON.stringify(given)).toEqual(ids);
}

describe("the tokens of Hugging Face's tokenizer with our merges are ours", () => {
  it("for prose", () => {
    for (const chapter of chapters.filter((_, i) => i % 9 === 0)) same(chapter.text);
  });

  it("for many scripts, contractions, numbers and white space", () => {
    for (const one of scripts) same(one);
    for (const one of [
      "I'll, we've; 'tis SHE'S 3rd 1,000.50",
      "  a\n\n  b \t\n",
      " ",
      "\n",
      "a  ",
      "''s",
      "_x_",
    ])
      same(one);
  });

  it("for any string of whole characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (given) => same(given)),
      { seed: 1, numRuns: 300 },
    );
    const mixed = fc.array(fc.constantFrom(...scripts.flatMap((one) => [...one]), " ", "\n", "'", "s"), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(mixed, (parts) => same(parts.join(""))),
      { seed: 2, numRuns: 500 },
    );
  });
});
