/**
 * The one place where bad input is refused. Every message names the argument, says what it was
 * and what it must be: "epsilon is -1; it must be a positive number."
 */

/** What was given is wrong, not the program: other RangeErrors (an array too long, a stack too deep) may be ours. */
export class Refusal extends RangeError {}

/** Throws a RangeError that names the argument, its value and what is allowed. */
export function refuse(argument: string, value: unknown, must: string): never {
  throw new Refusal(`${argument} is ${describe(value)}; it must be ${must}.`);
}

/** What a value must be: a function that refuses all else. */
export type Check = (argument: string, value: unknown) => unknown;

/**
 * What each option of a function must be, said once, next to the options' type; the compiler says when one is
 * missing or too much. `true` stands for an option that only the function itself can judge, since it depends on
 * other arguments; `{ required: … }` for one that may not be left out.
 */
export type OptionChecks<Options> = Readonly<Record<keyof Options, true | Check | { required: Check }>>;

/**
 * Refuses an options object that is none, an option of a name beside those of `known` (a misspelt one would be
 * ignored without a word), and one that is not what it must be. `of` says whose options they are, in the
 * message: `train: "epoch" is not an option; did you mean "epochs"?`, `layerNorm: epsilon is NaN; …`; `argument`
 * is how it calls the object itself.
 */
export function checkOptions<Options extends object>(
  of: string,
  options: unknown,
  known: OptionChecks<Options>,
  argument: string = `${of}: options`,
): void {
  const names = Object.keys(known) as (keyof Options & string)[];
  if (!isOptions(options)) refuse(argument, options, `an object, { ${names[0]}: … }`);
  checkNames(of, options, names);
  checkParts(`${of}: `, options, known);
}

/** Each part of an object against what it must be; its name in a message is `prefix` and its own. */
export function checkParts<Parts>(prefix: string, object: object, known: OptionChecks<Parts>): void {
  for (const [name, check] of Object.entries<true | Check | { required: Check }>(known)) {
    const value = (object as Record<string, unknown>)[name];
    if (typeof check === "object") check.required(prefix + name, value);
    else if (check !== true && value !== undefined) check(prefix + name, value);
  }
}

/** A tensor or a list of numbers where options belong is an argument in the wrong place. */
function isOptions(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !ArrayBuffer.isView(value) && !("shape" in value && "data" in value);
}

/** An object as JSON has it: no array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values side by side, as arrays and typed arrays have them. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The same for an object whose options are known when the program runs. */
export function checkNames(of: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearestName(unknown, known);
  const instead = meant === undefined ? `the options are ${known.join(", ")}.` : `did you mean "${meant}"?`;
  throw new Refusal(`${of}: "${unknown}" is not an option; ${instead}`);
}

/** The name that is most likely meant: the same but for case and signs, its beginning, or a slip or two away. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const given = plain(name);
  const distances = known.map((candidate) => {
    const wanted = plain(candidate);
    const [short, long] = given.length < wanted.length ? [given, wanted] : [wanted, given];
    return short.length >= 3 && short !== long && long.startsWith(short) ? 1 : editDistance(given, wanted);
  });
  const least = Math.min(...distances);
  return least <= Math.max(1, given.length / 3) ? known[distances.indexOf(least)] : undefined;
}

/** Levenshtein's distance: how many letters must be put in, left out or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** A value in a few words, for a message. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    return value.every((v) => typeof v === "number") && value.length <= 8
      ? `[${value.join(", ")}]`
      : `an array of ${value.length}`;
  }
  const { shape } = value as { shape?: unknown };
  if (Array.isArray(shape)) return `of shape [${shape.join(", ")}]`;
  return ArrayBuffer.isView(value) ? `a ${value.constructor.name}` : "an object";
}

export function checkPositive(argument: string, value: unknown): number {
  if (typeof value !== "number" || !(value > 0) || value === Infinity) {
    refuse(argument, value, "a positive number");
  }
  return value;
}

export function checkFinite(argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(argument, value, "a finite number");
  return value;
}

export function checkFraction(argument: string, value: unknown): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    refuse(argument, value, "a number from 0 to 1");
  }
  return value;
}

export function checkBoolean(argument: string, value: unknown): boolean {
  if (typeof value !== "boolean") refuse(argument, value, "true or false");
  return value;
}

/** The argument if it is a function. */
export function checkFunction(argument: string, value: unknown): (...values: never[]) => unknown {
  return typeof value === "function" ? (value as () => unknown) : refuse(argument, value, "a function");
}

/** The check of an option that may be null, as one that is left out is in a saved model. */
export const orNull =
  (check: Check): Check =>
  (argument, value) =>
    value === null ? value : check(argument, value);

/** A few words, such as a title. */
export function checkText(argument: string, value: unknown): string {
  if (typeof value !== "string") refuse(argument, value, "a text");
  return value;
}

/** The check that a value is one of these names. */
export function oneOf<Name extends string>(
  ...names: readonly Name[]
): (argument: string, value: unknown) => Name {
  return (argument, value) =>
    names.find((name) => name === value) ?? refuse(argument, value, `one of ${names.join(", ")}`);
}

export function checkPositiveInteger(argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) {
    refuse(argument, value, "a positive whole number");
  }
  return value;
}

export function checkInteger(argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) refuse(argument, value, "a whole number");
  return value;
}

export function checkCount(argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    refuse(argument, value, "a whole number, 0 or more");
  }
  return value;
}

/** Axes of a tensor that is not known yet; resolveAxes() says whether it has them. */
export function checkAxes(argument: string, axes: unknown): void {
  if (!Array.isArray(axes)) refuse(argument, axes, "an array of axes, for example [-1]");
  for (const axis of axes as unknown[]) checkInteger(argument, axis);
}

/** An array of non-negative whole numbers. */
export function checkShape(argument: string, value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every((d) => Number.isSafeInteger(d) && d >= 0)) {
    refuse(argument, value, "an array of non-negative whole numbers");
  }
  return value;
}

/** Refuses a tensor of another shape; `meaning` says where the shape comes from. */
export function checkSameShape(
  argument: string,
  value: { readonly shape: readonly number[] },
  shape: readonly number[],
  meaning: string,
): void {
  if (value.shape.length !== shape.length || value.shape.some((d, i) => d !== shape[i])) {
    refuse(argument, value, `of shape [${shape.join(", ")}], ${meaning}`);
  }
}

/** One axis as 0 ≤ axis < rank; negative ones count from the end. */
export function resolveAxis(argument: string, axis: unknown, rank: number): number {
  if (typeof axis !== "number" || !Number.isInteger(axis) || axis < -rank || axis >= rank) {
    refuse(
      argument,
      axis,
      rank === 0
        ? "left out: a scalar has no axes"
        : `a whole number from ${-rank} to ${rank - 1} for a tensor of rank ${rank}`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** Several different axes, in ascending order. */
export function resolveAxes(argument: string, axes: unknown, rank: number): number[] {
  if (!Array.isArray(axes)) refuse(argument, axes, "an array of axes, for example [-1]");
  const resolved = axes.map((axis) => resolveAxis(argument, axis, rank)).sort((a, b) => a - b);
  if (resolved.some((axis, i) => axis === resolved[i - 1])) {
    refuse(argument, axes, "a list in which no axis appears twice");
  }
  return resolved;
}
