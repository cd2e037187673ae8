/** What the options that several figures share must be, and their first arguments. */
import {
  type Check,
  checkParts,
  checkText,
  describe,
  isObject,
  oneOf,
  type OptionChecks,
  refuse,
} from "../tensor/validate";

/** One text, or one line each. */
export const checkCaption: Check = (argument, value) =>
  Array.isArray(value) ? checkTexts(argument, value) : checkText(argument, value);

export const checkTexts: Check = (argument, value) => {
  if (!Array.isArray(value) || !value.every((text) => typeof text === "string")) {
    refuse(argument, value, "an array of texts");
  }
};

/** Two ends; the first may be the larger, which turns an axis around. */
export const checkRange: Check = (argument, value) => {
  const isPair = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
  if (!isPair || value[0] === value[1]) refuse(argument, value, "two different numbers, [first, last]");
};

type Shared<Name extends string> = OptionChecks<Record<Name, string>>;

export const headingOptions: Shared<"title" | "caption" | "description"> = {
  title: { required: checkText },
  caption: checkCaption,
  description: checkText,
};

export const axisOptions: Shared<"xTitle" | "yTitle"> = {
  xTitle: { required: checkText },
  yTitle: { required: checkText },
};

export const checkScale: Check = oneOf("linear", "log");
export const checkColorScale: Check = oneOf("sequential", "diverging");

/** Refuses a list that is none, or empty (`must` says what belongs in it), and what in it is not as `item` wants it. */
export function checkList(argument: string, value: unknown, must: string, item?: Check): void {
  if (!Array.isArray(value) || value.length === 0) refuse(argument, value, must);
  if (item) value.forEach((one, i) => item(`${argument}[${i}]`, one));
}

/**
 * The check that a value is an object with these parts, as options have them. What else it has is not looked at: what
 * is drawn often comes from elsewhere, and there is more to it.
 */
export function withParts<Parts>(parts: OptionChecks<Parts>): Check {
  return (argument, value) => {
    if (!isObject(value)) refuse(argument, value, `an object, { ${Object.keys(parts).join(", ")} }`);
    checkParts(`${argument}.`, value, parts);
  };
}

/** Numbers in an array or a typed array; null and NaN are gaps. */
export const checkNumbers: Check = (argument, value) => {
  const isList = Array.isArray(value)
    ? value.every((number) => typeof number === "number" || number === null)
    : ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (!isList) refuse(argument, value, "a list of numbers");
};

/** The part of a Run that says how its epochs went. */
export const checkEpochs: Check = (argument, value) => {
  if (!Array.isArray(value) || !value.every(isObject)) refuse(argument, value, "a Run's epochs");
};

/** Refuses values that lack one of these tensors. What else there is may be there: values come from other functions. */
export function checkTensors(of: string, values: unknown, names: readonly string[]): void {
  const all = (typeof values === "object" ? (values ?? {}) : {}) as Record<string, unknown>;
  for (const name of names) {
    const { shape, data } = (all[name] ?? {}) as { shape?: unknown; data?: unknown };
    if (Array.isArray(shape) && ArrayBuffer.isView(data)) continue;
    throw new RangeError(
      `${of}: ${name} is ${describe(all[name])}; it must be a tensor, as all of { ${names.join(", ")} }.`,
    );
  }
}

/** Refuses what is not an object of functions by their names, { batchNorm: (x) => … }. */
export function checkMethods(argument: string, methods: unknown): void {
  const all: unknown[] = typeof methods === "object" && methods !== null ? Object.values(methods) : [];
  if (all.length === 0 || !all.every((method) => typeof method === "function")) {
    refuse(argument, methods, "functions by their names, such as { batchNorm: (x) => batchNorm(x).y }");
  }
}
