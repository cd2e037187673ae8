/** The public part of an assignment, which students have: no seeds, no tests. */
import { isObject } from "../../tensor/validate";
import { CourseworkError } from "../errors";
import type { Manifest, NotebookEntry } from "./manifest";

export interface Handout {
  format: "normlab-handout/1";
  name: string;
  due?: string;
  notebooks: NotebookEntry[];
  exercises: { id: string; notebook: string; points: number; stub: string }[];
  questions: { id: string; notebook: string; points: number }[];
}

export const handoutFile = "assignment.json";

/** What an assignment may be called: its name is that of a folder, too. */
export const isAssignmentName = (name: unknown): name is string =>
  typeof name === "string" && /^[A-Za-z0-9][\w-]*$/.test(name);

export function handoutOf({ name, due, notebooks, exercises, questions }: Manifest): Handout {
  return {
    format: "normlab-handout/1",
    name,
    ...(due && { due }),
    notebooks,
    exercises: exercises.map(({ id, notebook, points, stub }) => ({ id, notebook, points, stub })),
    questions: questions.map(({ id, notebook, points }) => ({ id, notebook, points })),
  };
}

/**
 * Reads what {@link handoutOf} made. Names that become files are looked at: whoever made it may be anybody.
 *
 * @param path for messages
 * @throws CourseworkError
 */
export function parseHandout(text: string, path: string): Handout {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CourseworkError(`${path} is damaged (it is not JSON); unpack the assignment again`);
  }
  if (!isObject(value) || value.format !== "normlab-handout/1") {
    const format = isObject(value) ? JSON.stringify(value.format) : "none";
    throw new CourseworkError(
      `${path} is of the format ${format}; this version reads normlab-handout/1: update your clone of normlab, or ask who gave it to you`,
    );
  }
  const { name, notebooks, exercises, questions } = value;
  const isWhole =
    isAssignmentName(name) &&
    isListOf(
      notebooks,
      ({ file, locked }) => /^[\w-][\w.-]*\.ipynb$/.test(String(file)) && isObject(locked),
    ) &&
    isListOf(exercises, ({ id, stub }) => typeof id === "string" && typeof stub === "string") &&
    isListOf(questions, ({ id }) => typeof id === "string");
  if (!isWhole) throw new CourseworkError(`${path} is damaged; unpack the assignment again`);
  return value as unknown as Handout;
}

const isListOf = (value: unknown, isOne: (each: Record<string, unknown>) => boolean): boolean =>
  Array.isArray(value) && value.every((each) => isObject(each) && isOne(each));
