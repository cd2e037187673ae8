/** Values as they are written in code. */
import { describe } from "../tensor/validate";

export const shortNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** Numbers with six digits, arrays (also inner ones, as far as they are short) with their brackets. */
export function written(value: unknown): string {
  if (typeof value === "number") return shortNumber(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return written(Array.from(value as unknown as ArrayLike<number>));
  if (!Array.isArray(value)) return describe(value);
  const items = value.slice(0, 8).map(written);
  return `[${[...items, ...(value.length > 8 ? [`… ${value.length} in all`] : [])].join(", ")}]`;
}
