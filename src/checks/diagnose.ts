/** From a wrong result to the mistake behind it. */
import { asTensor, type Tensor, type TensorLike } from "../tensor";
import { isTensor } from "../tensor/tensor";
import type { Finding, FindingKind } from "./finding";
import { shortNumber, written } from "./written";

/** A known wrong formula: what it gives for the same inputs, and what to tell who used it. */
export interface Misconception {
  /** Without values of the inputs or the result: hidden tests say it, too. */
  message: string;
  /** Its result; may be worked out lazily, and may throw where the formula makes no sense. */
  value: TensorLike | (() => TensorLike);
}

export interface DiagnoseOptions {
  /** How the messages call the result: "dx". */
  name?: string;
  /** Largest difference allowed, in units of the largest expected absolute value. */
  tolerance?: number;
}

/**
 * Undefined when `actual` equals `expected`; otherwise what is wrong in one sentence, the most telling that
 * can be said: the misconception that gives the same values, else a wrong type or shape, NaN, a constant
 * factor, and at last the first element that differs, with both values.
 *
 *     diagnose(y, expected, [{ message: "you divided by m − 1", value: () => withSampleVariance(x) }], { name: "y" })
 */
export function diagnose(
  actual: unknown,
  expected: TensorLike,
  misconceptions: readonly Misconception[] = [],
  { name = "the result", tolerance = 1e-6 }: DiagnoseOptions = {},
): Finding | undefined {
  const label = name === "the result" ? name : `\`${name}\``;
  const right = asTensor("expected", expected);
  const wanted = wantedWords(right, expected);

  const wrongType = (message: string): Finding => ({ kind: "type", message });
  if (actual === undefined)
    return wrongType(`${label} is undefined; it must be ${wanted}. Is a \`return\` missing?`);
  if (actual instanceof Promise)
    return wrongType(`${label} is a promise; it must be ${wanted}. Leave out \`async\`.`);
  let given: Tensor;
  try {
    given = asTensor("it", actual);
  } catch {
    return wrongType(`${label} is ${typeName(actual)}; it must be ${wanted}.${hintOf(actual)}`);
  }

  if (isClose(given, right, tolerance)) return undefined;
  const known = misconceptions.find(({ value }) => {
    const wrong = valueOf(value);
    return wrong !== undefined && isClose(given, wrong, tolerance);
  });
  if (known) return { kind: "misconception", message: known.message, misconception: known.message };

  if (given.shape.join() !== right.shape.join()) {
    const kept =
      given.shape.filter((length) => length !== 1).join() === right.shape.filter((d) => d !== 1).join();
    const hint = !kept
      ? ""
      : right.rank === 0 && !isTensor(actual)
        ? " Drop the brackets."
        : " The values may be right: drop (or keep) the axes of length 1.";
    // A few numbers are told themselves: [32] where 32 is asked for.
    const what =
      given.size <= 4 && !isTensor(actual)
        ? `is ${written(actual)}`
        : `has shape [${given.shape.join(", ")}]`;
    const must = right.rank === 0 ? `the number ${shortNumber(right.data[0])}` : wanted;
    const message = `${label} ${what}; it must be ${must}.${hint}`;
    return { kind: "shape", message };
  }
  return describeDifference(given, right, label, tolerance);
}

/** What differs between two tensors of the same shape. */
function describeDifference(given: Tensor, right: Tensor, label: string, tolerance: number): Finding {
  const finding = (kind: FindingKind, message: string): Finding => ({ kind, message });
  const broken = given.data.findIndex(
    (value, i) => !Number.isFinite(value) && Number.isFinite(right.data[i]),
  );
  if (broken >= 0) {
    const place = placeOf(broken, right.shape, label);
    return finding(
      "not finite",
      `${place} is ${given.data[broken]}; it must be ${right.data[broken].toPrecision(6)}. ` +
        "Look for a division by 0 or the root of a negative number.",
    );
  }
  const factor = constantFactor(given, right, tolerance);
  if (factor === -1)
    return finding("factor", `${label} has the wrong sign: every value is the negative of what it must be.`);
  if (factor !== undefined)
    return finding(
      "factor",
      `every value of ${label} is ${shortNumber(factor)} times what it must be: a factor is missing or too many.`,
    );
  const limit = tolerance * scaleOf(right);
  const first = given.data.findIndex((value, i) => !(Math.abs(value - right.data[i]) <= limit));
  const [a, b] = distinguishable(given.data[first], right.data[first]);
  return finding("values", `${placeOf(first, right.shape, label)} is ${a}; it must be ${b}.`);
}

/** Equal shapes, and values equal within tolerance × the largest absolute value; NaN equals NaN. */
export function isClose(a: Tensor, b: Tensor, tolerance = 1e-6): boolean {
  const limit = tolerance * scaleOf(b);
  return (
    a.shape.join() === b.shape.join() &&
    a.data.every((value, i) => Object.is(value, b.data[i]) || Math.abs(value - b.data[i]) <= limit)
  );
}

/** The largest absolute value, and not less than 10⁻⁶, so that rounding errors around 0 are forgiven. */
function scaleOf(x: Tensor): number {
  return x.data.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1e-6,
  );
}

function valueOf(value: Misconception["value"]): Tensor | undefined {
  try {
    return asTensor("misconception", typeof value === "function" ? value() : value);
  } catch {
    return undefined; // the wrong formula can't be used on this input, so it wasn't
  }
}

/** k when every value is k times the right one, for a tensor of at least two values. */
function constantFactor(given: Tensor, right: Tensor, tolerance: number): number | undefined {
  const largest = right.data.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(right.data[best]) ? i : best),
    0,
  );
  const factor = given.data[largest] / right.data[largest];
  // A result of rounding errors alone is 0, not a tiny multiple.
  const isRounded = Math.abs(given.data[largest]) <= tolerance * scaleOf(right);
  if (right.size < 2 || !Number.isFinite(factor) || isRounded) return undefined;
  return isClose(given, right.mul(factor), tolerance)
    ? Math.abs(factor + 1) < tolerance
      ? -1
      : factor
    : undefined;
}

/** `y[0, 2]`, or the label alone for a number. */
function placeOf(offset: number, shape: readonly number[], label: string): string {
  if (shape.length === 0) return label;
  const index = shape.map((length, axis) => {
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(offset / stride) % length;
  });
  const place = `[${index.join(", ")}]`;
  return label.startsWith("`") ? `${label.slice(0, -1)}${place}\`` : `${label} at ${place}`;
}

/** Two numbers with as many digits as it takes to see that they differ, at least six. */
function distinguishable(a: number, b: number): [string, string] {
  for (let digits = 6; digits < 17; digits += 2) {
    const texts = [a, b].map((value) => String(Number(value.toPrecision(digits))));
    if (texts[0] !== texts[1]) return [texts[0], texts[1]];
  }
  return [String(a), String(b)];
}

/** What kind of answer is asked for: plain numbers in arrays where the expected answer is such. */
function wantedWords(right: Tensor, expected: TensorLike): string {
  if (right.rank === 0) return "a number";
  if (isTensor(expected)) return `a tensor of shape [${right.shape.join(", ")}]`;
  const [first, ...inner] = right.shape;
  const numbers = (count: number) => (count === 1 ? "number" : "numbers");
  return inner.length === 0
    ? `an array of ${first} ${numbers(first)}`
    : `an array of shape [${right.shape.join(", ")}], ${first} ${first === 1 ? "row" : "rows"} of ${inner.join(" × ")} ${numbers(inner[0])}`;
}

/** Numbers that were made into text. */
function hintOf(actual: unknown): string {
  const first = Array.isArray(actual) ? (actual as unknown[]).flat(Infinity)[0] : actual;
  return typeof first === "string" && first.trim() !== "" && Number.isFinite(Number(first))
    ? ` It holds text, such as ${JSON.stringify(first)}: leave out \`toFixed\`, which is for showing numbers.`
    : "";
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const isText = (value as unknown[]).flat(Infinity).some((each) => typeof each === "string");
    return isText ? "an array with text in it" : "an array that is not made of numbers in equal rows";
  }
  return typeof value === "object"
    ? "an object"
    : typeof value === "string"
      ? "a string"
      : `a ${typeof value}`;
}
