/** Vocabularies whose tokens are pieces of text: characters or words. */
import { checkOptions, checkPositiveInteger, checkText, type OptionChecks, refuse } from "../tensor/validate";
import {
  checkSpecial,
  checkTexts,
  checkTokens,
  countPieces,
  type ListedJSON,
  type Vocabulary,
} from "./vocabulary";

/** Tokens that stand for no piece of the text, by their names. */
interface SpecialTokens {
  /** Names the token for what is not in the vocabulary, such as "<unk>". */
  unknown?: string;
  /** Names the token that fills up short sequences, such as "<pad>"; it is number 0. */
  padding?: string;
}

/** How many words are kept. */
interface WordOptions extends SpecialTokens {
  /** At most so many tokens, those of `padding` and `unknown` among them; default: all words. */
  size?: number;
}

const specialChecks: OptionChecks<SpecialTokens> = { unknown: checkSpecial, padding: checkSpecial };

/**
 * The characters of a text (Unicode's code points: 😀 is one), the most frequent first; equally frequent ones in the
 * order of their code points. Before them come the tokens of `padding` and `unknown`, where they are asked for.
 *
 * decode(encode(text)) = text. What is not in the vocabulary becomes the token `unknown`, or is refused where there is
 * none.
 *
 * Throws a RangeError for an empty text and for options that are none.
 */
export function characterVocabulary(
  text: string | readonly string[],
  options: SpecialTokens = {},
): Vocabulary {
  checkOptions<SpecialTokens>("characterVocabulary", options, specialChecks);
  return new ListedVocabulary("characters", byFrequency(checkTexts("text", text), charactersOf), options);
}

/**
 * The words of a text, the most frequent first; equally frequent ones in the order of their code points. A word is a run
 * of letters, marks and digits, with apostrophes inside (*ship*, *don't*), or any other single character but white space.
 * Before them come the tokens of `padding`, where it is asked for, and `unknown` ("<unk>" unless it is said).
 *
 * With `size` the most frequent ones are kept that give a vocabulary of so many tokens; all others are `unknown`. decode()
 * puts a space between words: what was between them is lost.
 *
 * Throws a RangeError for a text without words and for options that are none.
 */
export function wordVocabulary(text: string | readonly string[], options: WordOptions = {}): Vocabulary {
  checkOptions<WordOptions>("wordVocabulary", options, { ...specialChecks, size: checkPositiveInteger });
  const { size = Infinity, unknown = "<unk>", padding } = options;
  const least = padding === undefined ? 2 : 3;
  if (size < least) refuse("size", size, `${least} or more: a word, and the tokens that are none`);
  const words = byFrequency(checkTexts("text", text), wordsOf);
  if (words.length === 0) refuse("text", text, "a text with words");
  return new ListedVocabulary("words", words.slice(0, size + 1 - least), { unknown, padding });
}

/** Code points; half of a surrogate pair alone counts as one. */
const charactersOf = (text: string): Iterable<string> => text;

const word = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;
const wordsOf = (text: string): Iterable<string> => text.match(word) ?? [];

/** The different pieces of texts, the most frequent first. */
function byFrequency(texts: readonly string[], piecesOf: (text: string) => Iterable<string>): string[] {
  const sorted = [...countPieces(texts, piecesOf)].sort(([a, m], [b, n]) => n - m || compareCodePoints(a, b));
  return sorted.map(([piece]) => piece);
}

/** The order of code points; JavaScript's own, by halves of surrogate pairs, has 😀 before ﬁ. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const i = left.findIndex((character, place) => character !== right[place]);
  return i < 0
    ? left.length - right.length
    : (left[i].codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? -1);
}

class ListedVocabulary implements Vocabulary {
  readonly tokens: readonly string[];
  readonly unknown?: number;
  readonly padding?: number;
  private readonly numbers: Map<string, number>;

  constructor(
    private readonly kind: ListedJSON["kind"],
    pieces: readonly string[],
    { unknown, padding }: SpecialTokens,
  ) {
    const special = [padding, unknown].filter((name) => name !== undefined);
    if (padding !== undefined && padding === unknown) refuse("padding", padding, "another name than unknown");
    this.tokens = Object.freeze([...special, ...pieces]);
    if (padding !== undefined) this.padding = 0;
    if (unknown !== undefined) this.unknown = special.length - 1;
    // The names of special tokens are no text: "<unk>" in a text is no unknown word.
    this.numbers = new Map(pieces.map((piece, i) => [piece, special.length + i]));
  }

  get size(): number {
    return this.tokens.length;
  }

  encode(text: string): Int32Array {
    checkText("text", text);
    const tokens: number[] = [];
    for (const piece of this.kind === "words" ? wordsOf(text) : charactersOf(text)) {
      tokens.push(this.numbers.get(piece) ?? this.unknown ?? this.refusePiece(text, piece));
    }
    return Int32Array.from(tokens);
  }

  decode(tokens: ArrayLike<number>): string {
    const pieces = Array.from(checkTokens(tokens, this.size), (token) => this.tokens[token]);
    return pieces.join(this.kind === "words" ? " " : "");
  }

  toJSON(): ListedJSON {
    const { kind, tokens, unknown, padding } = this;
    return { format: "normlab-vocabulary/1", kind, tokens: [...tokens], unknown, padding };
  }

  private refusePiece(text: string, piece: string): never {
    const all = `one of the ${this.size} ${this.kind} of the vocabulary (the option unknown: "<unk>" takes others, too)`;
    refuse(`text[${text.indexOf(piece)}]`, piece, all);
  }
}

export function listedFromJSON({ kind, tokens, unknown, padding }: ListedJSON): Vocabulary {
  if (!Array.isArray(tokens) || tokens.length === 0 || !tokens.every((token) => typeof token === "string")) {
    refuse("json.tokens", tokens, "a list of texts");
  }
  if (padding !== undefined && padding !== 0) refuse("json.padding", padding, "0 or left out");
  const place = padding === undefined ? 0 : 1;
  if (unknown !== undefined && unknown !== place) refuse("json.unknown", unknown, `${place} or left out`);
  const special = place + (unknown === undefined ? 0 : 1);
  if (tokens.length <= special) refuse("json.tokens.length", tokens.length, `${special + 1} or more`);
  const seen = new Set<string>();
  const wrong = tokens.findIndex((token, i) => {
    if (token === "" || seen.has(token)) return true;
    if (i >= special) seen.add(token);
    return false;
  });
  if (wrong >= 0) refuse(`json.tokens[${wrong}]`, tokens[wrong], "a text that is not empty, and comes once");
  return new ListedVocabulary(kind, tokens.slice(special), {
    unknown: unknown === undefined ? undefined : tokens[unknown],
    padding: padding === undefined ? undefined : tokens[padding],
  });
}
