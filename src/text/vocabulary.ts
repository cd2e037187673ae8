/** What all vocabularies have in common: text to numbers of tokens and back. */
import { checkText, isList, isObject, refuse } from "../tensor/validate";

/**
 * Text as numbers of tokens 0 … size − 1, and back. `characterVocabulary`, `wordVocabulary` and `bytePairVocabulary` make
 * one from a text; `vocabularyFromJSON` from what `JSON.stringify` made of one.
 */
export interface Vocabulary {
  /** How many tokens there are. */
  readonly size: number;
  /** The text of each token, for looking at; a token of bytes that are no whole character shows �. */
  readonly tokens: readonly string[];
  /** The number of the token that stands for what is not in the vocabulary, where there is one. */
  readonly unknown?: number;
  /** The number of the token that fills up short sequences, where it was asked for; `encode` never gives it. */
  readonly padding?: number;
  /** The tokens of a text. */
  encode(text: string): Int32Array;
  /** The text of tokens. */
  decode(tokens: ArrayLike<number>): string;
  /** All that the vocabulary is, as plain JSON. */
  toJSON(): VocabularyJSON;
}

/** A vocabulary as plain JSON. */
export type VocabularyJSON = ListedJSON | BytePairJSON;

/** A vocabulary of characters or of words: its tokens in the order of their numbers. */
export interface ListedJSON {
  format: "normlab-vocabulary/1";
  kind: "characters" | "words";
  tokens: string[];
  unknown?: number;
  padding?: number;
}

/** A vocabulary of byte pairs: its merges in the order in which they were found, its pattern as a RegExp's source. */
export interface BytePairJSON {
  format: "normlab-vocabulary/1";
  kind: "bytePairs";
  pattern: string;
  merges: [left: number, right: number][];
  padding?: string;
}

/** Refuses tokens that `size` tokens don't have; answers them as they are. */
export function checkTokens(tokens: ArrayLike<number>, size: number): ArrayLike<number> {
  if (!isList(tokens)) refuse("tokens", tokens, "a list of tokens, an Int32Array or an array of numbers");
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!(Number.isInteger(token) && token >= 0 && token < size)) {
      refuse(`tokens[${i}]`, token, `a token from 0 to ${size - 1}`);
    }
  }
  return tokens;
}

/** A text or several, not all of them empty, as a list. */
export function checkTexts(argument: string, text: unknown): string[] {
  const texts = Array.isArray(text) ? (text as unknown[]) : [text];
  const checked = texts.map((one, i) => checkText(Array.isArray(text) ? `${argument}[${i}]` : argument, one));
  return checked.some((one) => one !== "") ? checked : refuse(argument, text, "a text that is not empty");
}

/** The name of a token of its own, such as "<pad>". */
export function checkSpecial(argument: string, value: unknown): string {
  return typeof value === "string" && value !== ""
    ? value
    : refuse(argument, value, 'a name such as "<pad>"');
}

/** JSON of a vocabulary, or a refusal. */
export function checkJSON(json: unknown): asserts json is VocabularyJSON {
  if (!isObject(json) || json.format !== "normlab-vocabulary/1") {
    refuse("json", json, 'what a vocabulary\'s toJSON() gave, { format: "normlab-vocabulary/1", … }');
  }
}

/** How often each piece comes in texts. */
export function countPieces(
  texts: readonly string[],
  piecesOf: (text: string) => Iterable<string>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const piece of piecesOf(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  return counts;
}
