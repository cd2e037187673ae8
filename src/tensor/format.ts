/** A tensor as text, the way numerical programs print arrays: aligned, few digits, long ones cut. */

const SHOWN_IN_FULL = 200;
const EDGE = 3;

/** At most six significant digits, and no trailing zeros. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(6));
  const size = Math.abs(short);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? short.toExponential() : String(short);
}

/** [[3, 1, 2],
 *   [4, 5, 6]] */
export function formatValues(shape: readonly number[], data: Float64Array): string {
  const cut = data.length > SHOWN_IN_FULL;
  const edge = (length: number) =>
    cut && length > 2 * EDGE
      ? [...Array(EDGE).keys(), -1, ...Array.from({ length: EDGE }, (_, i) => length - EDGE + i)]
      : [...Array(length).keys()];

  const cells = new Map<number, string>();
  const collect = (depth: number, start: number, length: number): void => {
    if (depth === shape.length) {
      cells.set(start, formatNumber(data[start]));
      return;
    }
    const part = length / shape[depth];
    for (const i of edge(shape[depth])) if (i >= 0) collect(depth + 1, start + i * part, part);
  };
  collect(0, 0, data.length);
  const width = Math.max(0, ...[...cells.values()].map((text) => text.length));

  const write = (depth: number, start: number, length: number): string => {
    if (depth === shape.length) return cells.get(start)!.padStart(shape.length === 0 ? 0 : width);
    const part = length / shape[depth];
    const parts = edge(shape[depth]).map((i) => (i < 0 ? "…" : write(depth + 1, start + i * part, part)));
    const levelsBelow = shape.length - depth - 1;
    const separator = levelsBelow === 0 ? ", " : `,${"\n".repeat(levelsBelow)}${" ".repeat(depth + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return write(0, 0, data.length);
}
