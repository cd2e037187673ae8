/** The course's lessons, as their files say: read when somebody asks, since most cells never do. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type * as lessonTypes from "../lesson";
import type { Lesson, Role } from "../lesson";

const folder = resolve(__dirname, "..", "..", "lessons");

/** Loaded when it is needed: what reads Markdown would double the time that `import … from "normlab"` takes. */
const lessonModule = () => createRequire(__filename)("../lesson") as typeof lessonTypes;

/** What the lessons are sorted by: the page that the course begins with comes first. */
const place = (name: string) => name.replace(/^00-start/, "");

/** The lessons' files, in order. */
export const lessonNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));

export function readLessons(): Lesson[] {
  const { parseLesson } = lessonModule();
  return lessonNames().map((name) =>
    parseLesson(readFileSync(join(folder, name), "utf8"), `lessons/${name}`),
  );
}

/** The exercises of a lesson, each with its points. */
export const exercisesOf = ({ cells }: Lesson): { id: string; points: number }[] =>
  cells
    .filter(({ role }) => role === "exercise")
    .map(({ attributes: { id = "", points = 0 } }) => ({ id, points }));

/** The solution of an exercise, and why it is one, if the lesson has it. */
export function solutionIn(lesson: Lesson, id: string): { code: string; why?: string } | undefined {
  const cellOf = (role: Role) => lesson.cells.find((cell) => cell.role === role && cell.attributes.id === id);
  const [exercise, why] = [cellOf("exercise"), cellOf("why")];
  return exercise && { code: lessonModule().solutionOf(exercise, lesson.file), why: why?.source };
}
