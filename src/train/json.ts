/** JSON that keeps NaN and the infinities: a Run that diverged must come back as it was. */
import { isObject, refuse } from "../tensor/validate";

const asText = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? `number:${value}` : value;
const asNumber = (_: string, value: unknown): unknown =>
  typeof value === "string" && /^number:(NaN|-?Infinity)$/.test(value) ? Number(value.slice(7)) : value;

export const toJson = (value: unknown): string => JSON.stringify(value, asText);
export const fromJson = (text: string): unknown => JSON.parse(text, asNumber);

/** Refuses what would not come back from JSON as it was. */
export function checkJson(what: string, value: unknown): void {
  const allowed = "of numbers, texts, true, false, null, lists and plain objects";
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return;
  if (Array.isArray(value)) return value.forEach((item, i) => checkJson(`${what}[${i}]`, item));
  if (!isPlain(value)) return refuse(what, value, allowed);
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) checkJson(`${what}.${key}`, item);
  }
}

/** An object of no class; those of another realm have another prototype. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
