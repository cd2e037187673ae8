/** Numbers and lists in sentences. */

/** A number for a sentence: four significant digits, no trailing zeros. */
export function inWords(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential()
    : String(short);
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
