import { type Lesson, LessonError } from "./lesson";

export type FrontMatter = Pick<Lesson, "title" | "minutes" | "objectives" | "prerequisites">;

const keys = ["title", "minutes", "objectives", "prerequisites"];

/**
 * The head of a lesson, between two lines of `---`: a small part of YAML, namely `key: value` and lists of
 * `- item` below a key. Returns it with the number of lines it takes.
 */
export function readFrontMatter(
  lines: readonly string[],
  file: string,
): { head: FrontMatter; length: number } {
  const fail = (line: number, problem: string) => new LessonError(file, line, problem);
  if (lines[0] !== "---")
    throw fail(1, "a lesson begins with front matter: a line `---`, then title, minutes, objectives.");
  const end = lines.indexOf("---", 1);
  if (end < 0) throw fail(1, "the front matter is not closed: a second line `---` is missing.");

  const values = new Map<string, string | string[]>();
  let list: string[] | undefined;
  for (let i = 1; i < end; i++) {
    const item = /^\s*-\s+(.+)$/.exec(lines[i]);
    const pair = /^(\w+):\s*(.*)$/.exec(lines[i]);
    if (item && list) list.push(item[1].trim());
    else if (pair && !keys.includes(pair[1])) {
      throw fail(i + 1, `the front matter knows no "${pair[1]}"; it must be one of ${keys.join(", ")}.`);
    } else if (pair && values.has(pair[1])) {
      throw fail(i + 1, `the front matter has "${pair[1]}" twice.`);
    } else if (pair) {
      list = pair[2] ? undefined : [];
      values.set(pair[1], list ?? pair[2].trim());
    } else if (lines[i].trim()) {
      throw fail(
        i + 1,
        `can't read the front matter's line ${JSON.stringify(lines[i])}; it must be "key: value" or "- item".`,
      );
    }
  }

  const text = (key: string): string => {
    const value = values.get(key);
    if (typeof value !== "string" || !value) throw fail(1, `the front matter has no ${key}.`);
    return value.replace(/^"(.*)"$/, "$1");
  };
  const items = (key: string): string[] => {
    const value = values.get(key) ?? [];
    return typeof value === "string" ? [value] : value;
  };
  const minutes = Number(text("minutes"));
  if (!(minutes > 0))
    throw fail(1, `minutes is ${JSON.stringify(text("minutes"))}; it must be a positive number.`);
  if (items("objectives").length === 0) throw fail(1, "the front matter has no objectives.");
  const head = {
    title: text("title"),
    minutes,
    objectives: items("objectives"),
    prerequisites: items("prerequisites"),
  };
  return { head, length: end + 1 };
}
