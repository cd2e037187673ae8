/**
 * manual.csv: what a person thinks of answers in words. `grade` adds rows and never changes one, so nothing typed there
 * is lost; whoever fills it in gives the file to the next `grade`.
 */
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from "node:fs";
import { writeWhole } from "../../train/files";
import { CourseworkError } from "../errors";
import { columnNamed, csvText, readCsv, withoutApostrophe } from "./csv";

/** Its name, among the grades. */
export const manualFile = "manual.csv";

const columns = ["student", "question", "points", "score", "comment"] as const;

export interface Reading {
  score?: number;
  comment: string;
}

export interface Readings {
  of(student: string, question: string): Reading | undefined;
}

export const noReadings: Readings = { of: () => undefined };

const keyOf = (student: string, question: string) => JSON.stringify([student, question]);

/** @throws CourseworkError that names the row of a score that is none */
export function readManual(path: string): Readings {
  const { header, rows } = readCsv(path);
  const column = Object.fromEntries(columns.map((name) => [name, columnNamed(header, name)]));
  for (const name of ["student", "question", "score"] as const) {
    if (column[name] === undefined)
      throw new CourseworkError(`${path} has no column "${name}"; it has ${header.join(", ")}`);
  }
  const readings = new Map<string, Reading>();
  for (const [i, row] of rows.entries()) {
    const at = (name: string) => (column[name] === undefined ? "" : row[column[name]].trim());
    const student = withoutApostrophe(at("student"));
    const text = at("score").replace(",", ".");
    const [score, points] = [Number(text), Number(at("points").replace(",", "."))];
    if (text !== "" && !(score >= 0 && (at("points") === "" || score <= points))) {
      throw new CourseworkError(
        `${path}, row ${i + 2} (${student}, ${at("question")}): the score is "${text}"; it must be a number from 0 to ${at("points") || "the points"}, or empty`,
      );
    }
    if (text === "" && at("comment") === "") continue;
    readings.set(keyOf(student, at("question")), { ...(text !== "" && { score }), comment: at("comment") });
  }
  return { of: (student, question) => readings.get(keyOf(student, question)) };
}

/** Adds a row for each answer that has none yet, at the end of the file; those that are there stay as they are. */
export function addToManual(
  path: string,
  answers: readonly { student: string; question: string; points: number }[],
): void {
  if (!existsSync(path)) {
    writeWhole(path, [csvText(columns, answers)]);
    return;
  }
  const { delimiter, header, rows } = readCsv(path);
  const [student, question] = [columnNamed(header, "student"), columnNamed(header, "question")];
  if (student === undefined || question === undefined) return;
  const known = new Set(rows.map((row) => keyOf(withoutApostrophe(row[student]), row[question])));
  const missing = answers.filter((each) => !known.has(keyOf(each.student, each.question)));
  if (missing.length === 0) return;
  const named = Object.fromEntries(
    header.map((name) => [name, columns.find((each) => columnNamed([name], each))]),
  );
  const added = missing.map((answer) =>
    Object.fromEntries(header.map((name) => [name, answer[named[name] as keyof typeof answer] ?? ""])),
  );
  const text = readFileSync(path, "utf8");
  const lines = csvText(header, added, delimiter).trimEnd();
  const { size } = statSync(path);
  try {
    appendFileSync(path, `${text.endsWith("\n") ? "" : "\n"}${lines.slice(lines.indexOf("\n") + 1)}\n`);
  } catch (error) {
    truncateSync(path, size); // no half of a row
    throw error;
  }
}
