/** Every axis that leaves values out says so in its figure's caption. */
import { inPowers, inWords } from "./words";

type Range = readonly [number, number];

const shown = (value: number): string =>
  (inWords(value).includes("e") ? inPowers(value) : inWords(value)).replace("-", "−");

/** "Cut off: loss above 2.5." if some values lie outside the range that is drawn; else nothing. */
export function clippedNote(of: string, values: Iterable<number | null>, range: Range | undefined): string {
  if (!range) return "";
  const [low, high] = [Math.min(...range), Math.max(...range)];
  let [below, above] = [false, false];
  for (const value of values) {
    if (value === null) continue;
    if (value < low) below = true;
    if (value > high) above = true;
  }
  const ends = [below && `below ${shown(low)}`, above && `above ${shown(high)}`].filter(Boolean);
  return ends.length > 0 ? `Cut off: ${of} ${ends.join(" or ")}.` : "";
}

/** A caption with notes behind it, those that there are. */
export const withNotes = (caption: string | undefined, ...notes: readonly string[]): string =>
  [caption, ...notes].filter(Boolean).join(" ");
