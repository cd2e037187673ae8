import type { Layout } from "./figure";
import { inWords } from "./words";

interface Tick {
  value: number;
  text: string;
}

const powerOfTen = (power: number): string =>
  power === 0 || power === 1 ? String(10 ** power) : `10<sup>${String(power).replace("-", "−")}</sup>`;

/**
 * Ticks at 1, 2 and 5 times the powers of ten, or at powers of ten alone when there are many. If one of them needs to
 * be written as a power, all are: 0.0001 beside 10⁻⁵ would be hard to compare.
 */
function logTicks(low: number, high: number): Tick[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = last - first;
  const stride = Math.max(1, Math.ceil(decades / 10));
  const powers = Array.from({ length: Math.floor(decades / stride) + 1 }, (_, k) => first + k * stride);
  const decimals = powers.every((power) => power >= -4 && power <= 5);
  const textOf = (digit: number, power: number) => {
    if (!decimals) return digit > 1 ? "" : powerOfTen(power);
    return power < 0 ? (digit * 10 ** power).toFixed(-power) : String(Math.round(digit * 10 ** power));
  };
  return powers.flatMap((power) =>
    (decades <= 3 ? [1, 2, 5] : [1]).map((digit) => ({
      value: digit * 10 ** power,
      text: textOf(digit, power),
    })),
  );
}

const ticksOf = (ticks: readonly Tick[]): Layout => ({
  tickmode: "array",
  tickvals: ticks.map(({ value }) => value),
  ticktext: ticks.map(({ text }) => text),
});

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
  return {
    ...axis,
    ...(range && { range: range.map((v) => Math.log10(v)) }),
    ...ticksOf(logTicks(ends[0], ends[1])),
  };
}

/**
 * The axis of what was varied: on a logarithmic scale a dozen chosen values, batch sizes or factors, are its ticks.
 */
export function axisOfChosen(...args: Parameters<typeof axisOf>): Layout {
  const [, scale, , values = []] = args;
  const axis = axisOf(...args);
  if (scale !== "log") return axis;
  const chosen = [...new Set(values)].filter((v): v is number => v !== null && v > 0).sort((a, b) => a - b);
  const apart = chosen.every((value, i) => i === 0 || value / chosen[i - 1] >= 1.4);
  const texts = chosen.map(inWords);
  if (!apart || chosen.length > 12 || texts.some((text) => text.length > 4)) return axis;
  return { ...axis, ...ticksOf(chosen.map((value, i) => ({ value, text: texts[i] }))) };
}
