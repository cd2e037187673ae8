/** An assignment in the learner's folder: put there as lessons are, beside what is there and never over it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Handout, handoutFile, isAssignmentName, parseHandout } from "../grade/assignment/handout";
import { readHandedOut } from "../grade/student/handedOut";
import { temporaryFolder, writeWhole } from "../train/files";
import { ExpectedError } from "./errors";
import { prepareWork } from "./workCopies";

export interface Unpacked {
  /** What the learner should know. */
  sentences: string[];
  /** What to open, below the folder of work. */
  opened: string;
}

/**
 * Puts what was handed out into a folder of the assignment's name. Notebooks that are there stay as they are; one that
 * has changed since is put beside the learner's (workCopies.ts).
 *
 * @param path the zip or the folder that was handed out
 * @param work the learner's folder
 */
export async function unpackAssignment(path: string, work: string): Promise<Unpacked> {
  const { handout, files } = await readHandedOut(path);
  const { name, due, notebooks } = handout;
  const folder = join(work, name);
  const isNew = !existsSync(folder);
  const unpacked = temporaryFolder(tmpdir(), "normlab-assignment");
  try {
    for (const [file, content] of files) writeWhole(join(unpacked, file), [content]);
    mkdirSync(folder, { recursive: true });
    const sentences = prepareWork(unpacked, folder);
    // What nobody works in is replaced by what is newer.
    for (const file of [handoutFile, "README.md"]) {
      if (files.has(file)) writeWhole(join(folder, file), [files.get(file)!]);
    }
    const what = isNew ? "unpacked into" : "is in";
    sentences.unshift(
      `${name} ${what} ${folder}${due ? `, due ${due}` : ""}; \`npx normlab submit ${name}\` packs it`,
    );
    return { sentences, opened: `${name}/${notebooks[0].file}` };
  } finally {
    rmSync(unpacked, { recursive: true });
  }
}

/** The assignment of this name that was unpacked into the learner's folder. */
export function assignmentIn(work: string, name: string): { handout: Handout; folder: string } {
  const folder = join(work, name);
  const path = join(folder, handoutFile);
  if (isAssignmentName(name) && existsSync(path)) {
    return { folder, handout: parseHandout(readFileSync(path, "utf8"), path) };
  }
  const others = (existsSync(work) ? readdirSync(work) : []).filter((each) =>
    existsSync(join(work, each, handoutFile)),
  );
  const known =
    others.length > 0
      ? `there is ${others.join(", ")}`
      : `there is none; \`npm start -- --assignment ${isAssignmentName(name) ? name : "NAME"}.zip\` unpacks one`;
  throw new ExpectedError(`${work} has no assignment "${name}": ${known}`);
}
