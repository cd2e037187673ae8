/** Calling a learner's function: on copies of the inputs, with its errors told apart from the check's own. */
import { Tensor } from "../tensor";
import { isTensor } from "../tensor/tensor";
import type { FindingKind } from "./finding";

/** Something is wrong with the learner's function; the message is for the learner. */
export class Complaint extends Error {
  constructor(
    message: string,
    readonly kind: FindingKind = "type",
    /** What the function answered all the same. */
    readonly answer?: unknown,
  ) {
    super(message);
  }
}

/** The exercise still throws its own "Exercise …" error. */
export class NotDone extends Error {}

/**
 * solution(...args), on copies of the tensors in args (also those inside arrays and plain objects).
 *
 * @throws NotDone when the exercise is not solved yet; Complaint when it is no function, stops with an error,
 * or changes its inputs.
 */
export function invoke<A extends unknown[], R>(solution: (...args: A) => R, ...args: A): R {
  if (typeof solution !== "function") {
    throw new Complaint(`the check was given ${String(solution)}; it must be given your function`);
  }
  const copies = copy(args) as A;
  let result: R;
  try {
    result = solution(...copies);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/^Exercise\b/.test(message)) throw new NotDone(message);
    throw new Complaint(`your function stopped with an error: ${message}`, "error");
  }
  const changed = firstChange(args, copies);
  if (changed !== undefined) {
    throw new Complaint(
      `your function changed its input ${changed}; it must leave its inputs as they are and return new tensors`,
      "inputs",
      result,
    );
  }
  return result;
}

/** One field of what the learner's function returned: field(result, "dx"). */
export function field(result: unknown, name: string): unknown {
  if (result === undefined) throw new Complaint("your function returned nothing; is a `return` missing?");
  if (result instanceof Promise) {
    throw new Complaint("your function returned a promise; it must not be `async`");
  }
  if (typeof result !== "object" || result === null || !(name in result)) {
    throw new Complaint(
      `your function's result has no \`${name}\`; it must return an object with \`${name}\` in it`,
    );
  }
  return (result as Record<string, unknown>)[name];
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A deep copy of tensors, arrays and plain objects; anything else is passed on as it is. */
function copy(value: unknown): unknown {
  if (isTensor(value)) return new Tensor(value.shape, value.data.slice());
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return (value as Float64Array).slice();
  }
  if (Array.isArray(value)) return value.map(copy);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, copy(v)]));
  return value;
}

/** The name of the first input that is not as it was. */
function firstChange(before: unknown[], after: unknown[]): string | undefined {
  for (const [i, value] of before.entries()) {
    if (same(value, after[i])) continue;
    const key = isPlain(value)
      ? Object.keys(value).find((k) => !same(value[k], (after[i] as Record<string, unknown>)[k]))
      : undefined;
    return key === undefined ? `(argument ${i + 1})` : `\`${key}\``;
  }
  return undefined;
}

function same(a: unknown, b: unknown): boolean {
  if (isTensor(a)) {
    return isTensor(b) && same([...a.shape], [...b.shape]) && same(a.data, b.data);
  }
  if (Array.isArray(a) || (ArrayBuffer.isView(a) && !(a instanceof DataView))) {
    const [p, q] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
    return p.length === q?.length && Array.from(p).every((value, i) => same(value, q[i]));
  }
  if (isPlain(a)) {
    return isPlain(b) && Object.keys({ ...a, ...b }).every((key) => same(a[key], b[key]));
  }
  return Object.is(a, b);
}
