/**
 * Where the results of a sweep are kept: those that come with the course in `lessons/runs/`, a file a sweep; those that
 * were computed here in `.cache/runs/`, a file an experiment, so that two notebooks that are open at once don't write
 * over each other.
 *
 * With the environment variable NORMLAB_TRAIN (`npm run reproduce -- --train`), nothing of that is looked at: what is
 * computed goes to the folder that it names, and is found there by a command that goes on.
 */
import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../files";
import { isQuick } from "../quick";
import { readRecords, type StoredRecord, writeRecords } from "./records";

const project = resolve(__dirname, "..", "..", "..");

/** What comes with the course. */
export const courseRuns: string = join(project, "lessons", "runs");

/** How the names of files with records end. */
export const recordsEnding = ".json.br";

/** The file of a sweep, or of one experiment, in a folder of such files. */
export const sweepFile = (folder: string, name: string): string => join(folder, `${name}${recordsEnding}`);

export interface Store {
  find(hash: string): StoredRecord | undefined;
  /** Keeps a record; where nothing can be written, nothing is kept. */
  keep(record: StoredRecord): void;
  /** A folder for the checkpoints of what is under way, if anything is kept at all. */
  checkpoints: string | undefined;
}

export function openStore(sweep: string): Store {
  const anew = process.env.NORMLAB_TRAIN;
  const ofCourse = anew ? [] : readRecords(sweepFile(courseRuns, sweep));
  const found = new Map(ofCourse.map((record) => [record.hash, record]));
  // The reduced setting takes seconds, and its tests must not find what an earlier one left.
  const local = anew ? join(anew, sweep) : isQuick() ? undefined : join(project, ".cache", "runs", sweep);
  const folder = local !== undefined && canBeMade(local) ? local : undefined;
  const fileOf = (hash: string) => sweepFile(folder!, hash);
  return {
    find: (hash) => found.get(hash) ?? (folder === undefined ? undefined : readRecords(fileOf(hash)).at(0)),
    keep(record) {
      if (folder === undefined) return;
      try {
        writeRecords(fileOf(record.hash), [record]);
      } catch (error) {
        console.error(`The result could not be kept: ${(error as Error).message}.`);
      }
    },
    checkpoints: folder && join(folder, "checkpoints"),
  };
}

/** Whether there can be a folder; a course that was installed for everybody is not written to. */
function canBeMade(folder: string): boolean {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Says of results what was stored, with its date and versions, and what was computed here. */
export function tellStored(sweep: string, stored: readonly StoredRecord[], computed: number): void {
  const total = stored.length + computed;
  const count = (n: number) => `${n} ${n === 1 ? "result" : "results"}`;
  if (stored.length > 0) {
    const dates = [...new Set(stored.map(({ date }) => date))].sort();
    const { versions } = stored[0];
    const by = Object.entries(versions).map(([name, version]) =>
      name === "backend" ? version : `${name} ${version}`,
    );
    const when = dates.length > 1 ? `from ${dates[0]} to ${dates.at(-1)}` : `on ${dates[0]}`;
    console.log(
      `${sweep}: ${stored.length === total ? count(total) : `${stored.length} of ${count(total)}`} stored, computed ` +
        `${when} (${by.join(", ")}). What you change is computed here.`,
    );
  }
  if (computed > 0) console.log(`${sweep}: ${count(computed)} computed here.`);
}
