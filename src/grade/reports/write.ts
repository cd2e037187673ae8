/** Writes what grading tells, each file whole: grades.json is the source, and all others are made of it. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../train/files";
import type { Manifest } from "../assignment/manifest";
import type { CsvTable } from "../grading/csv";
import type { Grades } from "../grading/grade";
import type { GradedWork } from "../grading/gradeAll";
import { addToManual, manualFile } from "../grading/manual";
import { feedbackHtml, fileNameOf } from "./feedback";
import { questionsHtml } from "./questions";
import { pairsOf, similarHtml } from "./similar";
import { studentsHtml } from "./students";
import { summaryHtml } from "./summary";
import { canvasCsv, gradesCsv, moodleCsv } from "./tables";
import { type WorksOf, worksOf } from "./works";

/**
 * @param canvas the instructor's own export, to be filled in
 * @returns who was graded and is not in that
 */
export function writeReports(
  folder: string,
  { questions, exercises }: Manifest,
  grades: Grades,
  graded: readonly GradedWork[],
  canvas: CsvTable | undefined,
): string[] {
  const works = worksOf(graded);
  const write = (name: string, text: string) => writeWhole(join(folder, name), [text]);
  write("grades.json", `${JSON.stringify(grades, null, 2)}\n`);
  write("grades.csv", gradesCsv(grades));
  write("moodle.csv", moodleCsv(grades));
  writeFeedback(join(folder, "feedback"), grades, works);
  writeManual(join(folder, manualFile), grades);
  if (questions.length > 0) write("questions.html", questionsHtml(grades, questions, works));
  else rmSync(join(folder, "questions.html"), { force: true });
  write("summary.html", summaryHtml(grades, works));
  write("students.html", studentsHtml(grades));
  write("similar.html", similarHtml(grades, pairsOf(grades.students, exercises, works), works));
  if (!canvas) return [];
  const { text, missing } = canvasCsv(grades, canvas);
  write("canvas.csv", text);
  return missing;
}

/** A page a student; those of students who are not there any more are removed. */
function writeFeedback(folder: string, grades: Grades, works: WorksOf): void {
  const pages = new Set<string>();
  for (const student of grades.students) {
    const name = fileNameOf(student.student, pages);
    pages.add(name);
    writeWhole(join(folder, name), [feedbackHtml(grades, student, works(student).answers)]);
  }
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (name.endsWith(".html") && !pages.has(name)) rmSync(join(folder, name));
  }
}

function writeManual(path: string, { students }: Grades): void {
  const unread = students.flatMap(({ student, questions }) =>
    questions
      .filter(({ score }) => score === null)
      .map(({ id, points }) => ({ student, question: id, points })),
  );
  if (unread.length > 0 || existsSync(path)) addToManual(path, unread);
}
