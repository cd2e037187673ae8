/** Sequences of tokens as examples: windows of one long text, or many sequences made equally long. */
import {
  checkCount,
  checkOptions,
  checkPositiveInteger,
  isList,
  type OptionChecks,
  oneOf,
  refuse,
} from "../tensor/validate";
import { epochRandom } from "./batches";
import { type Examples, inSharedMemory } from "./dataset";

/** Numbers of tokens, such as a vocabulary's `encode()` gives them. */
export type Tokens = ArrayLike<number>;

/** N sequences of T tokens; `labelShape` is [N, T], or [N] with one label a sequence. */
export interface SequenceExamples extends Examples {
  images: Int32Array;
  labels: Int32Array;
  labelShape: number[];
}

/** How windows() cuts. */
interface WindowOptions {
  length: number;
  stride?: number;
  predict?: "every" | "last";
}

/**
 * Windows of a text with the tokens that follow, for a model that predicts the next token:
 *
 *     images[n, t] = tokens[n·stride + t],   labels[n, t] = tokens[n·stride + t + 1],   t = 0 … length − 1
 *
 * N = ⌊(tokens.length − 1 − length) / stride⌋ + 1 windows, both of shape [N, length]. `stride` is `length` unless it is
 * said: each token is then predicted once, and what is left at the end is dropped. With `predict: "last"` there is one
 * label a window, the token behind it (labelShape [N]).
 *
 * Throws a RangeError for options that are none, for tokens that are no whole numbers ≥ 0, and for a text without a
 * whole window and a token behind it.
 */
export function windows(tokens: Tokens, options: WindowOptions): SequenceExamples {
  checkOptions<WindowOptions>("windows", options, {
    length: { required: checkPositiveInteger },
    stride: checkPositiveInteger,
    predict: oneOf("every", "last"),
  });
  const { length, stride = length, predict = "every" } = options;
  const all = checkTokens("tokens", tokens);
  if (all.length <= length) {
    refuse(
      "tokens.length",
      all.length,
      `${length + 1} or more, a window of length ${length} and a token behind it`,
    );
  }
  const count = Math.floor((all.length - 1 - length) / stride) + 1;
  const images = new Int32Array(count * length);
  const each = predict === "every" ? length : 1;
  const labels = new Int32Array(count * each);
  for (let n = 0; n < count; n++) {
    const start = n * stride;
    const end = start + length;
    images.set(all.subarray(start, end), n * length);
    labels.set(all.subarray(end + 1 - each, end + 1), n * each);
  }
  return {
    images: inSharedMemory(images),
    labels: inSharedMemory(labels),
    shape: [count, length],
    labelShape: predict === "every" ? [count, length] : [count],
  };
}

/** Sequences of one length, and where their tokens are. */
export interface PaddedExamples extends SequenceExamples {
  /** [N, T]: 1 for a token, 0 for padding. */
  mask: Uint8Array;
}

/** How padded() pads. */
interface PaddingOptions {
  padToken: number;
  length?: number;
  padding?: "after" | "before";
  labels?: "next" | Tokens | readonly Tokens[];
}

const paddingChecks: OptionChecks<PaddingOptions> = {
  padToken: { required: checkToken },
  length: checkPositiveInteger,
  padding: oneOf("after", "before"),
  labels: true,
};

/**
 * Sequences of any lengths as examples of one, T: shorter ones get `padToken` behind them (or before them, with
 * `padding: "before"`, so that a recurrent layer's last step is a token), longer ones lose their end. T is `length`, by
 * default that of the longest. `mask` [N, T] is 1 where there is a token.
 *
 * `labels`:
 * - "next", the default: the token that follows each; a sequence of n tokens gives n − 1 inputs and n − 1 labels;
 * - a list of sequences as long as the inputs: a label for each token;
 * - a list of numbers: one class a sequence (labelShape [N]).
 *
 * Where there is padding the label is −1, which loss and accuracy leave out.
 *
 * Throws a RangeError for options that are none, for tokens or labels that are no whole numbers ≥ 0 (labels: ≥ −1), for
 * an empty sequence, and for labels that don't fit the sequences.
 */
export function padded(sequences: readonly Tokens[], options: PaddingOptions): PaddedExamples {
  checkOptions<PaddingOptions>("padded", options, paddingChecks);
  const pairs = inputsAndLabels(sequences, options.labels);
  const examples = pad(pairs, options);
  return {
    ...examples,
    images: inSharedMemory(examples.images),
    labels: inSharedMemory(examples.labels),
  };
}

interface BucketOptions extends PaddingOptions {
  batchSize: number;
  seed?: number;
  epoch?: number;
}

/**
 * The batches of one epoch of sequences of similar length: sorted by length (in random order where lengths are equal),
 * cut into batches, each padded as by padded() to the longest of its own, in random order. Every sequence comes once;
 * the order depends on `seed` and `epoch` alone. For a loop of your own, which has batches of several lengths to deal
 * with: train() takes examples of one.
 *
 * Throws as padded() and batches() do.
 */
export function bucketBatches(
  sequences: readonly Tokens[],
  options: BucketOptions,
): Generator<PaddedExamples> {
  checkOptions<BucketOptions>("bucketBatches", options, {
    ...paddingChecks,
    batchSize: { required: checkPositiveInteger },
    seed: true,
    epoch: checkCount,
  });
  const { batchSize, seed = 0, epoch = 0 } = options;
  const pairs = inputsAndLabels(sequences, options.labels);
  const random = epochRandom(seed, epoch);
  const order = Array.from(random.permutation(pairs.length));
  order.sort((a, b) => pairs[a].tokens.length - pairs[b].tokens.length);
  const turns = random.permutation(Math.ceil(order.length / batchSize));
  return (function* () {
    for (const turn of turns) {
      const indices = order.slice(turn * batchSize, (turn + 1) * batchSize);
      yield pad(
        indices.map((i) => pairs[i]),
        options,
      );
    }
  })();
}

/** A sequence's inputs and their labels, or the label of all of it. */
interface Pair {
  tokens: Int32Array;
  labels: Int32Array | number;
}

function inputsAndLabels(sequences: readonly Tokens[], labels: PaddingOptions["labels"] = "next"): Pair[] {
  if (!Array.isArray(sequences) || sequences.length === 0) {
    refuse("sequences", sequences, "a list of one or more sequences of tokens");
  }
  const all = sequences.map((sequence, n) => checkTokens(`sequences[${n}]`, sequence as Tokens));
  const least = labels === "next" ? 2 : 1;
  const short = all.findIndex(({ length }) => length < least);
  if (short >= 0) {
    refuse(
      `sequences[${short}].length`,
      all[short].length,
      least === 1 ? "1 or more" : "2 or more, a token and the next",
    );
  }
  if (labels === "next") return all.map((s) => ({ tokens: s.subarray(0, -1), labels: s.subarray(1) }));
  if (!isList(labels) || labels.length !== all.length) {
    refuse(
      "labels",
      labels,
      `"next", or a list of ${all.length}, a number or a list of numbers for each sequence`,
    );
  }
  if (Array.from(labels as Tokens).every((label) => typeof label === "number")) {
    const classes = checkTokens("labels", labels as Tokens, -1);
    return all.map((tokens, n) => ({ tokens, labels: classes[n] }));
  }
  return all.map((tokens, n) => {
    const own = checkTokens(`labels[${n}]`, labels[n] as Tokens, -1);
    if (own.length !== tokens.length) {
      refuse(`labels[${n}].length`, own.length, `${tokens.length}, as many as sequences[${n}] has tokens`);
    }
    return { tokens, labels: own };
  });
}

function pad(
  pairs: readonly Pair[],
  { padToken, length, padding = "after" }: PaddingOptions,
): PaddedExamples {
  const count = pairs.length;
  const longest = pairs.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);
  const size = length ?? longest;
  const images = new Int32Array(count * size).fill(padToken);
  const mask = new Uint8Array(count * size);
  const oneEach = typeof pairs[0].labels === "number";
  const each = oneEach ? 1 : size;
  const labels = new Int32Array(count * each).fill(-1);
  for (const [n, pair] of pairs.entries()) {
    const tokens = pair.tokens.subarray(0, size);
    const start = n * size + (padding === "after" ? 0 : size - tokens.length);
    images.set(tokens, start);
    mask.fill(1, start, start + tokens.length);
    if (typeof pair.labels === "number") labels[n] = pair.labels;
    else labels.set(pair.labels.subarray(0, size), start);
  }
  return { images, labels, mask, shape: [count, size], labelShape: oneEach ? [count] : [count, size] };
}

/** The tokens as Int32Array; refuses what is no list of whole numbers of at least `least`. */
function checkTokens(argument: string, tokens: Tokens, least = 0): Int32Array {
  if (!isList(tokens)) refuse(argument, tokens, "a list of tokens, an Int32Array or an array of numbers");
  for (let i = 0; i < tokens.length; i++) {
    if (!isToken(tokens[i], least)) checkToken(`${argument}[${i}]`, tokens[i], least);
  }
  return tokens instanceof Int32Array ? tokens : Int32Array.from(tokens);
}

const isToken = (token: unknown, least: number): token is number =>
  Number.isInteger(token) && (token as number) >= least && (token as number) < 2 ** 31;

function checkToken(argument: string, token: unknown, least = 0): void {
  if (isToken(token, least)) return;
  const must = least < 0 ? "a class (0, 1, …), or −1 for none" : "a token, a whole number from 0 to 2³¹ − 1";
  refuse(argument, token, must);
}
