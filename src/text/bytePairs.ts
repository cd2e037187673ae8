/**
 * Byte-pair encoding on bytes (R. Sennrich, B. Haddow, A. Birch, arXiv 1508.07909; on bytes as in A. Radford et al.,
 * "Language models are unsupervised multitask learners", section 2.2).
 *
 * Tokens 0 … 255 are the bytes of UTF-8, token 256 + i is what merge i makes of two earlier ones. The text is first cut
 * into pieces, and no token reaches over a cut: else "dog.", "dog!" and "dog?" would each become a token of its own.
 */
import { checkCount, checkOptions, checkText, type OptionChecks, refuse } from "../tensor/validate";
import { applyMerges } from "./applyMerges";
import { learnMerges } from "./learnMerges";
import { pairKey } from "./pairs";
import {
  type BytePairJSON,
  checkSpecial,
  checkTexts,
  checkTokens,
  countPieces,
  type Vocabulary,
} from "./vocabulary";

/** How bytePairVocabulary() learns. */
interface BytePairOptions {
  merges: number;
  pattern?: RegExp;
  padding?: string;
}

/**
 * GPT-2's cuts: English contractions ('s, 'll); then runs of letters, of digits, and of other signs, each with one space
 * before it; then white space, of which the last one is left to the word behind it.
 */
const gpt2Pattern = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

const optionChecks: OptionChecks<BytePairOptions> = {
  merges: { required: checkCount },
  pattern: checkPattern,
  padding: checkSpecial,
};

function checkPattern(argument: string, value: unknown): void {
  if (!(value instanceof RegExp && value.flags === "gu")) {
    refuse(
      argument,
      value instanceof RegExp ? String(value) : value,
      "a regular expression with the flags gu",
    );
  }
}

/**
 * Learns `merges` merges on a text: again and again the pair of tokens that is most frequent side by side becomes a token;
 * of equally frequent pairs the one with the smaller left, then the smaller right token. It ends earlier when no piece has
 * two tokens any more. size = 256 + merges (and 1 for `padding`, the last).
 *
 * decode(encode(text)) = text for every text of whole characters, in any script. Half of a surrogate pair alone, which is no
 * character and has no bytes in UTF-8, comes back as � (U+FFFD).
 *
 * `pattern` cuts the text into the pieces inside which tokens are merged, by default GPT-2's; what it leaves out between two
 * pieces is a piece, too.
 *
 * Throws a RangeError for an empty text and for options that are none.
 */
export function bytePairVocabulary(text: string | readonly string[], options: BytePairOptions): Vocabulary {
  checkOptions<BytePairOptions>("bytePairVocabulary", options, optionChecks);
  const { merges, pattern = gpt2Pattern, padding } = options;
  const cuts = own(pattern);
  const counts = countPieces(checkTexts("text", text), (one) => cut(one, cuts));
  const pieces = Array.from(counts, ([piece, count]) => ({
    tokens: Array.from(encoder.encode(piece)),
    count,
  }));
  return new BytePairVocabulary(learnMerges(pieces, merges), cuts, padding);
}

/** The same expression, for nobody else to search with: a search begins where the one before it ended. */
const own = (pattern: RegExp): RegExp => new RegExp(pattern.source, "gu");

const encoder = new TextEncoder();
/** A byte-order mark is a character like any other here. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The pieces of a text, what the pattern leaves out among them; together they are the text. */
function* cut(text: string, pattern: RegExp): Generator<string> {
  let end = 0;
  for (const { 0: piece, index } of text.matchAll(pattern)) {
    if (index > end) yield text.slice(end, index);
    if (piece !== "") yield piece;
    end = index + piece.length;
  }
  if (end < text.length) yield text.slice(end);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** How many different pieces an encoder remembers: more than a long novel has. */
const remembered = 2 ** 16;

class BytePairVocabulary implements Vocabulary {
  readonly padding?: number;
  /** The bytes of each token. */
  private readonly bytes: Uint8Array[];
  /** Which token two others become, by their key. */
  private readonly joined = new Map<number, number>();
  private shown?: readonly string[];
  private readonly known = new Map<string, readonly number[]>();

  constructor(
    private readonly merges: readonly (readonly [number, number])[],
    private readonly pattern: RegExp,
    private readonly paddingName?: string,
  ) {
    this.bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    for (const [i, [left, right]] of merges.entries()) {
      this.joined.set(pairKey(left, right), 256 + i);
      this.bytes.push(concatenated([this.bytes[left], this.bytes[right]]));
    }
    if (paddingName !== undefined) {
      this.padding = this.bytes.length;
      this.bytes.push(encoder.encode(paddingName));
    }
  }

  get size(): number {
    return this.bytes.length;
  }

  get tokens(): readonly string[] {
    return (this.shown ??= this.bytes.map((own) => decoder.decode(own)));
  }

  encode(text: string): Int32Array {
    const tokens: number[] = [];
    for (const piece of cut(checkText("text", text), this.pattern)) {
      for (const token of this.encodePiece(piece)) tokens.push(token);
    }
    return Int32Array.from(tokens);
  }

  private readonly join = (left: number, right: number) => this.joined.get(pairKey(left, right));

  private encodePiece(piece: string): readonly number[] {
    const known = this.known.get(piece);
    if (known) return known;
    const tokens = applyMerges(encoder.encode(piece), this.join);
    if (this.known.size >= remembered) this.known.clear();
    this.known.set(piece, tokens);
    return tokens;
  }

  decode(tokens: ArrayLike<number>): string {
    const parts = Array.from(checkTokens(tokens, this.size), (token) => this.bytes[token]);
    return decoder.decode(concatenated(parts));
  }

  toJSON(): BytePairJSON {
    return {
      format: "normlab-vocabulary/1",
      kind: "bytePairs",
      pattern: this.pattern.source,
      merges: this.merges.map(([left, right]) => [left, right]),
      padding: this.paddingName,
    };
  }
}

export function bytePairsFromJSON({ merges, pattern, padding }: BytePairJSON): Vocabulary {
  if (!Array.isArray(merges)) refuse("json.merges", merges, "a list of pairs of tokens");
  const merged = new Set<number>();
  const lengths = Array<number>(256).fill(1);
  for (const [i, pair] of merges.entries()) {
    const isToken = (token: unknown) =>
      Number.isInteger(token) && (token as number) >= 0 && (token as number) < 256 + i;
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(isToken)) {
      refuse(`json.merges[${i}]`, pair, `two tokens from 0 to ${255 + i}`);
    }
    if (merged.has(pairKey(...pair))) refuse(`json.merges[${i}]`, pair, "a pair that no earlier merge has");
    merged.add(pairKey(...pair));
    lengths.push(lengths[pair[0]] + lengths[pair[1]]);
    if (lengths.at(-1)! > longestToken) {
      refuse(`json.merges[${i}]`, pair, `a pair of at most ${longestToken} bytes, not of ${lengths.at(-1)}`);
    }
  }
  if (padding !== undefined) checkSpecial("json.padding", padding);
  const copy = merges.map(([left, right]) => [left, right] as const);
  return new BytePairVocabulary(
    copy,
    expression("json.pattern", checkText("json.pattern", pattern)),
    padding,
  );
}

/** Doubled a few dozen times, a token would fill any memory. */
const longestToken = 2 ** 20;

function expression(argument: string, source: string): RegExp {
  try {
    return new RegExp(source, "gu");
  } catch (error) {
    return refuse(argument, source, `the text of a regular expression (${(error as Error).message})`);
  }
}
