import { LineCounter, parseDocument } from "yaml";
import { type Lesson, LessonError } from "./lesson";

export type FrontMatter = Pick<Lesson, "title" | "minutes" | "objectives" | "prerequisites">;

const keys = ["title", "minutes", "objectives", "prerequisites"];

/** The head of a lesson: YAML between two lines of `---`. Returns it with the number of lines it takes. */
export function readFrontMatter(
  lines: readonly string[],
  file: string,
): { head: FrontMatter; length: number } {
  const fail = (line: number, problem: string) => new LessonError(file, line, problem);
  if (lines[0] !== "---")
    throw fail(1, "a lesson begins with front matter: a line `---`, then title, minutes, objectives.");
  const end = lines.indexOf("---", 1);
  if (end < 0) throw fail(1, "the front matter is not closed: a second line `---` is missing.");

  const counter = new LineCounter();
  const document = parseDocument(lines.slice(1, end).join("\n"), {
    lineCounter: counter,
    prettyErrors: false,
  });
  // The YAML begins on the lesson's second line.
  const lineOf = (offset: number) => counter.linePos(offset).line + 1;
  for (const { message, pos } of document.errors) {
    throw fail(lineOf(pos[0]), `the front matter is no YAML: ${message}. Quote a text that contains ": ".`);
  }
  const values = (document.toJS() ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(values).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const line = lines.findIndex((text) => text.startsWith(unknown)) + 1;
    throw fail(line, `the front matter knows no "${unknown}"; it must be one of ${keys.join(", ")}.`);
  }

  const { title, minutes } = values;
  if (typeof title !== "string" || !title) throw fail(1, "the front matter has no title.");
  if (typeof minutes !== "number" || !(minutes > 0))
    throw fail(1, `minutes is ${JSON.stringify(minutes)}; it must be a positive number.`);
  const items = (key: string): string[] => {
    const value = values[key] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
      throw fail(
        1,
        `${key} is ${JSON.stringify(value)}; it must be a list of texts, "- …" on lines of their own.`,
      );
    return value;
  };
  const head = { title, minutes, objectives: items("objectives"), prerequisites: items("prerequisites") };
  if (head.objectives.length === 0) throw fail(1, "the front matter has no objectives.");
  return { head, length: end + 1 };
}
