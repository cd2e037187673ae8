/** What `npm run reproduce -- --train` has computed anew, held against what is stored with the course. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readRecords, type StoredRecord, writeRecords } from "../../train/stored/records";
import { courseRuns, recordsEnding, sweepFile } from "../../train/stored/store";
import { isObject } from "../../tensor/validate";

/** The sweeps in a folder to which they were computed (train/stored/store.ts), by name. */
export function readTrained(folder: string): Map<string, StoredRecord[]> {
  if (!existsSync(folder)) return new Map();
  const sweeps = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    sweeps.map(({ name }) => {
      const files = readdirSync(join(folder, name)).filter((file) => file.endsWith(recordsEnding));
      return [name, files.flatMap((file) => readRecords(join(folder, name, file)))];
    }),
  );
}

/** A line for each sweep, and one for each result of it that came out otherwise. */
export function compareWithStored(
  trained: ReadonlyMap<string, readonly StoredRecord[]>,
  stored: string = courseRuns,
): string[] {
  return [...trained].flatMap(([sweep, records]) => {
    const before = new Map(readRecords(sweepFile(stored, sweep)).map((record) => [record.hash, record]));
    const lines: string[] = [];
    let same = 0;
    for (const record of records) {
      const old = before.get(record.hash);
      before.delete(record.hash);
      const difference = old && firstDifference(plain(old), plain(record), "");
      if (old && !difference) same++;
      else lines.push(`  ${record.hash}: ${old ? `differs at ${difference}` : "is not stored"}`);
    }
    for (const hash of before.keys()) lines.push(`  ${hash}: is stored, but no lesson asked for it`);
    return [`${sweep}: ${same} of ${records.length} results the same to the last bit`, ...lines];
  });
}

/** Puts what was computed into the place of what was stored. */
export function keepTrained(
  trained: ReadonlyMap<string, readonly StoredRecord[]>,
  stored: string = courseRuns,
): string[] {
  return [...trained].map(([sweep, records]) => {
    const path = sweepFile(stored, sweep);
    writeRecords(path, records);
    return path;
  });
}

/** What must be the same twice: not the times, nor with what and where it was computed. */
function plain({ result, weights }: StoredRecord): unknown {
  const { timings: _, versions: __, notes: ___, ...rest } = isObject(result) ? result : {};
  return { result: isObject(result) ? rest : result, weights };
}

/** Where two values first differ, in words. */
function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;
  if (!isContainer(a) || !isContainer(b)) return `${path.slice(1)}: ${shown(b)}, stored ${shown(a)}`;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const at = (of: object) => (of as Record<string, unknown>)[key];
    const difference = firstDifference(at(a), at(b), `${path}.${key}`);
    if (difference) return difference;
  }
  return undefined;
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};
