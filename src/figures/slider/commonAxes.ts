/** Figures that are to be compared get the same axes: else a change would move the axis instead of the curve. */
import { axisOf } from "../axis";
import type { Layout, Trace } from "../figure";

/** What of a figure is drawn. */
export interface Drawn {
  data: readonly Trace[];
  layout: Layout;
}

type Range = [number, number];
type Letter = "x" | "y";

const union = (ranges: readonly Range[]): Range => [
  Math.min(...ranges.map((range) => Math.min(...range))),
  Math.max(...ranges.map((range) => Math.max(...range))),
];

/** "yaxis2" as traces call it, "y2". */
const shortName = (axis: string): string => axis.replace("axis", "");

/** Whether the trace lies along this axis, or along one that follows it. */
function liesAlong({ xaxis = "x", yaxis = "y" }: Trace, axis: string, layout: Layout): boolean {
  const own = (axis.startsWith("x") ? xaxis : yaxis) as string;
  const { matches } = (layout[own.replace(/^./, "$&axis")] ?? {}) as { matches?: string };
  return (matches ?? own) === shortName(axis);
}

/** The values of a trace along an axis, and those that its filling or its bars reach to. */
function valuesAlong(trace: Trace, letter: Letter): unknown[] {
  const values = [...((trace[letter] as unknown[] | undefined) ?? [])];
  const bars = trace.type === "bar";
  const along = (trace.orientation ?? "v") === "v" ? "x" : "y";
  if (trace.fill === `tozero${letter}` || (bars && letter !== along)) values.push(0);
  if (!bars || letter !== along) return values;
  const numbers = values.filter((value): value is number => typeof value === "number");
  return [...values, Math.min(...numbers) - 0.5, Math.max(...numbers) + 0.5];
}

/** The range that all frames' values along the axis need, as Plotly would choose it for one; none for categories. */
function neededRange(frames: readonly Drawn[], axis: string): Range | undefined {
  const letter = axis[0] as Letter;
  const traces = frames.flatMap(({ data, layout }) => data.filter((trace) => liesAlong(trace, axis, layout)));
  if (traces.length === 0 || traces.some(({ type }) => type === "heatmap")) return undefined;
  const values = traces.flatMap((trace) => valuesAlong(trace, letter)).filter((value) => value !== null);
  if (values.length === 0 || !values.every((value) => typeof value === "number")) return undefined;
  const { type, rangemode } = frames[0].layout[axis] as { type?: string; rangemode?: string };
  const isLog = type === "log";
  const drawn = isLog ? values.filter((v) => v > 0).map((v) => Math.log10(v)) : [...values];
  if (drawn.length === 0) return undefined;
  if (!isLog && rangemode === "tozero") drawn.push(0);
  const [low, high] = union(drawn.map((value): Range => [value, value]));
  // Lines reach the ends of a horizontal axis; markers, and all that is drawn upwards, keep off them.
  const reaches = letter === "x" && traces.every((trace) => !String(trace.mode ?? "").includes("markers"));
  const gap = reaches ? 0 : 0.06 * (high - low || 1);
  const onFloor = !isLog && low === 0 && traces.some(({ type, fill }) => type === "bar" || fill);
  return [onFloor ? low : low - gap, high + gap];
}

/** The range of an axis in all frames: what they need together, or the whole of the ranges that they have. */
function commonRange(frames: readonly Drawn[], axis: string): Range | undefined {
  const axes = frames.map(
    ({ layout }) => layout[axis] as { range?: Range; type?: string; autorange?: unknown },
  );
  if (axes.some(({ type, autorange }) => type === "category" || autorange === "reversed")) return undefined;
  const ranges = axes.flatMap(({ range }) => (range ? [range] : []));
  if (ranges.length < frames.length) return neededRange(frames, axis);
  const [low, high] = union(ranges);
  return ranges[0][0] > ranges[0][1] ? [high, low] : [low, high];
}

/** The figures' layouts with common ranges; a logarithmic axis gets the ticks of its new range. */
export function commonAxes(frames: readonly Drawn[]): Layout[] {
  const names = Object.keys(frames[0].layout).filter((name) => /^[xy]axis\d*$/.test(name));
  const ranges = new Map(
    names
      .filter((name) => !(frames[0].layout[name] as Layout).matches)
      .map((name) => [name, commonRange(frames, name)]),
  );
  return frames.map(({ layout }) => {
    const axes: Layout = {};
    for (const [name, range] of ranges) {
      const axis = layout[name] as Layout;
      if (!range) continue;
      axes[name] = { ...axis, range };
      if (axis.type !== "log" || axis.tickmode !== "array") continue;
      const { tickvals, ticktext } = axisOf("", "log", [10 ** range[0], 10 ** range[1]]);
      axes[name] = { ...axis, range, tickvals, ticktext };
    }
    return { ...layout, ...axes };
  });
}

/** Heatmaps with one meaning of their colours in all frames. */
export function commonColors(frames: readonly Drawn[]): Trace[][] {
  const ranges = frames[0].data.map((first, i): Range | undefined => {
    if (first.type !== "heatmap") return undefined;
    const ends = frames.flatMap(({ data }): Range[] => {
      const { z, zmin, zmax } = data[i] as { z: (number | null)[][]; zmin?: number; zmax?: number };
      const values = z.flat().filter((value) => value !== null);
      return [[zmin ?? Math.min(...values), zmax ?? Math.max(...values)]];
    });
    return union(ends);
  });
  return frames.map(({ data }) =>
    data.map((trace, i) => {
      const range = ranges[i];
      return range ? { ...trace, zmin: range[0], zmax: range[1] } : trace;
    }),
  );
}
