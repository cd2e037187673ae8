/**
 * What the checks have said in a learner's folder: `.progress/EXERCISE.json`, a file an exercise, so that two notebooks
 * that are open at once don't write over each other.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReportListener } from "../checks/announce";
import { isObject } from "../tensor/validate";
import { writeWhole } from "../train/files";

export interface ExerciseProgress {
  /** The best score so far, 0 to 1. */
  best: number;
  /** Answers that failed, one after the other, since the exercise was last right; the same one again counts once. */
  failures: number;
  /** Hash of what the last answer was told, to know it again. */
  last: string;
}

/** After so many failed answers the check offers the solution. */
const patience = 2;

/** `npm start` keeps a ledger of the copies that it makes: where one lies, somebody works. */
const isLearners = (folder: string) => existsSync(join(folder, ".versions.json"));

const fileOf = (folder: string, id: string) => join(folder, ".progress", `${id}.json`);

/** Nothing where there is nothing, or nothing that can be read. */
export function readProgress(folder: string, id: string): ExerciseProgress {
  const none = { best: 0, failures: 0, last: "" };
  try {
    const read: unknown = JSON.parse(readFileSync(fileOf(folder, id), "utf8"));
    const isOurs = isObject(read) && Number.isFinite(read.best) && Number.isFinite(read.failures);
    return isOurs ? (read as unknown as ExerciseProgress) : none;
  } catch {
    return none;
  }
}

/** Keeps what a check says, in the folder where the notebook runs, if it is a learner's. */
export const recordReport: ReportListener = ({ id, status, score, results }) => {
  const folder = process.cwd();
  if (!isLearners(folder) || status === "not done") return undefined;
  const before = readProgress(folder, id);
  const last = createHash("sha256").update(JSON.stringify(results)).digest("hex").slice(0, 16);
  const isNew = last !== before.last;
  const failures = status === "passed" ? 0 : before.failures + (isNew ? 1 : 0);
  const progress: ExerciseProgress = { best: Math.max(before.best, score), failures, last };
  if (isNew) {
    try {
      writeWhole(fileOf(folder, id), [`${JSON.stringify(progress)}\n`]);
    } catch {
      return undefined; // a folder that can't be written to is no reason for a check to fail
    }
  }
  const isOffered = failures >= patience && before.best < 1 && !isAssigned(folder);
  return isOffered
    ? `Stuck? A cell with \`reveal("${id}")\` shows a solution, and why it is one.`
    : undefined;
};

/** Coursework lies in a folder of its own, with a list of what it asks for. */
export const isAssigned = (folder: string): boolean => existsSync(join(folder, "assignment.json"));
