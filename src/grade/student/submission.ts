/** What a student is about to hand in: what is done, what is not, and all of it in one file. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { stub } from "../../lesson/passes/stubs";
import type { Handout } from "../assignment/handout";
import { hashOf } from "../assignment/release";
import { workIn } from "../collect/work";
import { CourseworkError } from "../errors";
import { type Files, zipOf } from "../zip";

export type TaskState =
  | "done"
  | "not done" // as it was handed out
  | "begun" // changed, and still stops with the error that it was handed out with
  | "gone"; // its cell is not there, or can't be read

export interface Task {
  id: string;
  kind: "exercise" | "question";
  points: number;
  state: TaskState;
}

export interface NotebookState {
  file: string;
  /** When it was saved, milliseconds since 1970; undefined: it is not there. */
  saved?: number;
  tasks: Task[];
}

export interface Packed {
  notebooks: NotebookState[];
  /** What the student should know: a notebook that can't be read, cells that are gone or were edited. */
  remarks: string[];
  zip: Buffer;
  /** SHA-256 of the zip. */
  receipt: string;
}

function stateOf(id: string, handedOut: string, source: string | undefined): TaskState {
  if (source === undefined) return "gone";
  if (source.trim() === handedOut.trim()) return "not done";
  return source.split("\n").some((line) => line.trim() === stub(id)) ? "begun" : "done";
}

/**
 * Looks at the notebooks of an assignment and packs them, as they are; the same files make the same zip.
 *
 * @param folder where the student worked
 * @throws CourseworkError when there is no notebook to hand in
 */
export async function pack(folder: string, handout: Handout): Promise<Packed> {
  const { name, notebooks, exercises, questions } = handout;
  const files: Files = new Map();
  for (const { file } of notebooks) {
    if (existsSync(join(folder, file))) files.set(file, readFileSync(join(folder, file)));
  }
  if (files.size === 0) {
    const all = notebooks.map(({ file }) => file).join(", ");
    throw new CourseworkError(`there is nothing to hand in: ${folder} has none of ${all}`);
  }
  const work = workIn(files, handout);
  const states = notebooks.map(({ file }): NotebookState => {
    const here = <Entry extends { notebook: string }>(entries: readonly Entry[]) =>
      entries.filter(({ notebook }) => notebook === file);
    const content = files.get(file);
    return {
      file,
      ...(content && { saved: statSync(join(folder, file)).mtimeMs }),
      tasks: [
        ...here(exercises).map(({ id, points, stub: handedOut }): Task => {
          return { id, points, kind: "exercise", state: stateOf(id, handedOut, work.exercises[id]) };
        }),
        ...here(questions).map(({ id, points }): Task => {
          return { id, points, kind: "question", state: id in work.answers ? "done" : "not done" };
        }),
      ],
    };
  });
  const newer = readdirSync(folder).filter((file) => /\.new-[0-9a-f]{7}\.ipynb$/.test(file));
  const remarks = [
    ...work.remarks,
    ...newer.map((file) => `${file} is not handed in; what counts is in the one without "new"`),
  ];
  const zip = await zipOf(new Map([...files].map(([file, content]) => [`${name}/${file}`, content])));
  return { notebooks: states, remarks, zip, receipt: hashOf(zip) };
}
