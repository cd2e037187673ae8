import type { Layout } from "./figure";

function decimal(value: number, power: number): string {
  if (power >= -4 && power <= 5) return power < 0 ? value.toFixed(-power) : String(Math.round(value));
  return `10<sup>${String(power).replace("-", "−")}</sup>`;
}

/** Ticks at 1, 2 and 5 times the powers of ten, or at powers of ten alone when there are many. */
function logTicks(low: number, high: number): { value: number; text: string }[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = last - first;
  const stride = Math.max(1, Math.ceil(decades / 10));
  const digits = decades <= 3 ? [1, 2, 5] : [1];
  const ticks: { value: number; text: string }[] = [];
  for (let power = first; power <= last; power += stride) {
    for (const digit of digits) {
      const value = digit * 10 ** power;
      ticks.push({ value, text: digit > 1 && (power < -4 || power > 5) ? "" : decimal(value, power) });
    }
  }
  return ticks;
}

/**
 * An axis; the range is given in the values' own units, also on a logarithmic scale.
 * `values`, all that are drawn along it, choose the ticks of a logarithmic one.
 */
export function axisOf(
  title: string,
  scale: "linear" | "log" = "linear",
  range?: readonly [number, number],
  values: readonly (number | null)[] = [],
): Layout {
  const axis: Layout = { title: { text: title }, type: scale };
  if (scale === "linear") return range ? { ...axis, range } : axis;
  const positive = values.filter((v): v is number => v !== null && v > 0 && Number.isFinite(v));
  const ends = range ?? positive.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, 0]);
  if (ends[0] > ends[1]) return axis;
  const ticks = logTicks(ends[0], ends[1]);
  return {
    ...axis,
    ...(range && { range: range.map((v) => Math.log10(v)) }),
    tickmode: "array",
    tickvals: ticks.map(({ value }) => value),
    ticktext: ticks.map(({ text }) => text),
  };
}
