/** What an assignment is: written by `assign` into grader/, read by `grade`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../train/files";
import type { Policy } from "./policy";
import { CourseworkError } from "../errors";

export interface Manifest {
  format: "normlab-assignment/1";
  name: string;
  /** When it has to be handed in, ISO 8601 with its offset: "2027-01-15T23:59+01:00". */
  due?: string;
  policy: Policy;
  notebooks: NotebookEntry[];
  exercises: ExerciseEntry[];
  questions: QuestionEntry[];
}

/** A notebook as it was handed out. */
export interface NotebookEntry {
  file: string;
  title: string;
  /** SHA-256 of the file. */
  hash: string;
  /** Cells that nobody may edit, by their id: SHA-256 of the source. */
  locked: Record<string, string>;
}

export interface ExerciseEntry {
  id: string;
  notebook: string;
  points: number;
  /** The cell as it was handed out, and with the lesson's own solution. */
  stub: string;
  sample: string;
  /** What the cell must declare: the name of the student's function. */
  solution: string;
  /** A check of `checks`, or an instructor's own, a file in grader/ (with its SHA-256: another test, another grade). */
  check: { name: string } | { file: string; hash: string };
  seed: number;
  /** The lesson's definitions, cell by cell, that it builds on. */
  given: string[];
  /** What normlab is in the box. */
  modules: string[];
  forbidden: string[];
}

export interface QuestionEntry {
  id: string;
  notebook: string;
  points: number;
  /** Markdown. */
  text: string;
  sample: string;
}

const fileIn = (grader: string) => join(grader, "manifest.json");

export function writeManifest(grader: string, manifest: Manifest): void {
  writeWhole(fileIn(grader), [`${JSON.stringify(manifest, null, 2)}\n`]);
}

/** The folder is no assignment's grader/; the message says why. */
export class NoAssignment extends CourseworkError {}

export function readManifest(grader: string): Manifest {
  let text: string;
  try {
    text = readFileSync(fileIn(grader), "utf8");
  } catch {
    throw new NoAssignment(`${grader} has no manifest.json; give the folder grader/ that \`assign\` wrote`);
  }
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw new NoAssignment(`${fileIn(grader)} is not JSON; run \`assign\` again`);
  }
  if (manifest.format !== "normlab-assignment/1") {
    throw new NoAssignment(
      `${fileIn(grader)} is of the format ${JSON.stringify(manifest.format)}; this version reads normlab-assignment/1`,
    );
  }
  return manifest as Manifest;
}
