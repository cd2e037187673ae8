/** Numbers and lists in sentences. */

/** A number for a sentence: four significant digits, no trailing zeros. */
export function inWords(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential()
    : String(short);
}

const superscripts: Record<string, string> = Object.fromEntries(
  Array.from("-0123456789", (sign, i) => [sign, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]),
);

/** 1e-8 as "10⁻⁸", 0.25 as "2.5·10⁻¹". */
export function inPowers(value: number): string {
  const [mantissa, exponent] = Number(value.toPrecision(4)).toExponential().split("e");
  const power = `10${Array.from(exponent.replace("+", ""), (sign) => superscripts[sign]).join("")}`;
  if (Number(exponent) === 0) return mantissa;
  return mantissa === "1" ? power : `${mantissa}·${power}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
