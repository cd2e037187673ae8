/** Solution regions: the lines between `// BEGIN SOLUTION` and `// END SOLUTION`. */
import { type LessonCell, LessonError } from "./lesson";

/** Indices of the marker lines within a source. */
export interface Region {
  begin: number;
  end: number;
}

interface Markers {
  begin: RegExp;
  end: RegExp;
}

/** In code; and in a question's text, where they enclose the sample answer. */
const codeMarkers: Markers = { begin: /^\s*\/\/\s*BEGIN SOLUTION\s*$/, end: /^\s*\/\/\s*END SOLUTION\s*$/ };
const textMarkers: Markers = {
  begin: /^\s*<!--\s*BEGIN SOLUTION\s*-->\s*$/,
  end: /^\s*<!--\s*END SOLUTION\s*-->\s*$/,
};

/**
 * The solution regions of a cell, in order.
 * @throws LessonError on a marker that is unclosed, nested, closing nothing, or misspelt
 */
export function regionsOf(cell: LessonCell, file: string): Region[] {
  const { begin, end } = cell.kind === "code" ? codeMarkers : textMarkers;
  const regions: Region[] = [];
  let open: number | undefined;
  for (const [i, text] of cell.source.split("\n").entries()) {
    const fail = (problem: string) => new LessonError(file, cell.line + i, problem);
    if (begin.test(text)) {
      if (open !== undefined)
        throw fail(`BEGIN SOLUTION inside the solution that begins in line ${cell.line + open}.`);
      open = i;
    } else if (end.test(text)) {
      if (open === undefined) throw fail("END SOLUTION without BEGIN SOLUTION.");
      regions.push({ begin: open, end: i });
      open = undefined;
    } else if (/\b(BEGIN|END)\s+SOLUTION\b/i.test(text)) {
      throw fail(
        `can't read the marker ${JSON.stringify(text.trim())}; it must stand alone on its line, in capitals.`,
      );
    }
  }
  if (open !== undefined) {
    throw new LessonError(file, cell.line + open, "BEGIN SOLUTION is not closed: END SOLUTION is missing.");
  }
  return regions;
}

/** The source with each region (markers included) replaced; `replacement` gets its indentation and lines. */
export function replaceRegions(
  source: string,
  regions: readonly Region[],
  replacement: (indent: string, region: Region) => string[],
): string {
  const lines = source.split("\n");
  for (const region of [...regions].reverse()) {
    const indent = /^\s*/.exec(lines[region.begin])![0];
    lines.splice(region.begin, region.end - region.begin + 1, ...replacement(indent, region));
  }
  return lines.join("\n");
}

/** The source without the marker lines. */
export function withoutMarkers(source: string, regions: readonly Region[]): string {
  const markers = new Set(regions.flatMap(({ begin, end }) => [begin, end]));
  return source
    .split("\n")
    .filter((_, i) => !markers.has(i))
    .join("\n");
}

/** An exercise's cell as its author solved it. */
export const solutionOf = (exercise: LessonCell, file: string): string =>
  withoutMarkers(exercise.source, regionsOf(exercise, file));

/** A question's text, and its sample answers (none: an empty text). */
export function partsOfQuestion(question: LessonCell, file: string): { text: string; sample: string } {
  const regions = regionsOf(question, file);
  const lines = question.source.split("\n");
  const samples = regions.map(({ begin, end }) => lines.slice(begin + 1, end).join("\n"));
  const text = replaceRegions(question.source, regions, () => []).trim();
  return { text, sample: samples.join("\n\n") };
}
