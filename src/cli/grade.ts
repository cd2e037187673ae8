/** `npx normlab grade`: grades a folder of submissions. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readManifest } from "../grade/assignment/manifest";
import { chooseSandbox, unsafe } from "../grade/box/choose";
import { findSubmissions, shownName } from "../grade/collect/find";
import { readCsv } from "../grade/grading/csv";
import type { Grades } from "../grade/grading/grade";
import { type GradedWork, gradeAll } from "../grade/grading/gradeAll";
import { addToManual, noReadings, readManual } from "../grade/grading/manual";
import { readRoster } from "../grade/grading/roster";
import { gradesOf } from "../grade/grading/students";
import { feedbackHtml, fileNameOf } from "../grade/reports/feedback";
import { canvasCsv, gradesCsv, moodleCsv } from "../grade/reports/tables";
import { makeFolder, writeWhole } from "../train/files";
import { told, UsageError } from "./errors";
import { interruptible } from "./interruption";

export const usage: string = `usage: npx normlab grade GRADER SUBMISSIONS --out GRADES [options]
  GRADER          the folder grader/ that \`assign\` wrote
  SUBMISSIONS     a folder with a folder, notebook or zip a student, as downloaded from an LMS
  --out GRADES    the folder for grades.json, grades.csv, feedback/ and the rest
  --jobs N        how many at a time (as many as the machine has cores)
  --roster FILE   who is in the course: CSV with a column "student", and first_name, last_name, email, lms_id, submitted
  --manual FILE   points and comments for answers in words: GRADES/manual.csv, filled in
  --canvas FILE   the gradebook as exported from Canvas, to be filled in as GRADES/canvas.csv
  --unsafe        run students' code also where nothing shuts it in; every result is marked`;

/** A page a student; those of students who are not there any more are removed. */
function writeFeedback(folder: string, grades: Grades, works: readonly GradedWork[]): void {
  const pages = new Set<string>();
  for (const student of grades.students) {
    const work = works.find(({ submission: { paths } }) => paths === student.paths);
    const name = fileNameOf(student.student, pages);
    pages.add(name);
    writeWhole(join(folder, name), [feedbackHtml(grades, student, work?.answers ?? {})]);
  }
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".html") && !pages.has(name)) rmSync(join(folder, name));
  }
}

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: "string" },
      jobs: { type: "string" },
      roster: { type: "string" },
      manual: { type: "string" },
      canvas: { type: "string" },
      unsafe: { type: "boolean", default: false },
    },
  });
  const [grader, submissions, ...more] = positionals;
  if (grader === undefined || submissions === undefined || more.length > 0) {
    throw new UsageError("give two folders, GRADER and SUBMISSIONS");
  }
  if (values.out === undefined) throw new UsageError("--out is missing: where are the grades to be written?");
  const jobs = values.jobs === undefined ? availableParallelism() : Number(values.jobs);
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    throw new UsageError(`--jobs is "${values.jobs}", but must be a whole number, 1 or more`);
  }
  const out = resolve(values.out);
  const said = "normlab grade: interrupted; the same command goes on where it was.";
  return interruptible(said, (signal) =>
    told(async () => {
      // What a person wrote is read first: a mistake in it must not cost an hour of grading.
      const manifest = readManifest(resolve(grader));
      const found = findSubmissions(resolve(submissions));
      const roster = values.roster === undefined ? undefined : readRoster(values.roster);
      const readings = values.manual === undefined ? noReadings : readManual(values.manual);
      const canvas = values.canvas === undefined ? undefined : readCsv(values.canvas);
      makeFolder(out);

      const sandbox = values.unsafe ? unsafe : await chooseSandbox();
      try {
        const all = await gradeAll({
          ...{ manifest, sandbox, jobs, signal, submissions: found },
          grader: resolve(grader),
          folder: resolve(submissions),
          kept: join(out, "kept"),
          onProgress: (text) => process.stderr.write(text),
        });
        const grades = gradesOf(manifest, all, roster, readings, sandbox.name);
        const write = (name: string, text: string) => writeWhole(join(out, name), [text]);
        write("grades.json", `${JSON.stringify(grades, null, 2)}\n`);
        write("grades.csv", gradesCsv(grades));
        write("moodle.csv", moodleCsv(grades));
        if (canvas) {
          const { text, missing } = canvasCsv(grades, canvas);
          write("canvas.csv", text);
          if (missing.length > 0)
            console.error(`normlab grade: not in ${values.canvas}: ${missing.join(", ")}`);
        }
        writeFeedback(join(out, "feedback"), grades, all.graded);
        const answered = grades.students.flatMap(({ student, questions }) =>
          questions
            .filter(({ score }) => score === null)
            .map(({ id, points }) => ({ student, question: id, points })),
        );
        const manual = join(out, "manual.csv");
        if (answered.length > 0 || existsSync(manual)) addToManual(manual, answered);
        const shown = relative(process.cwd(), out) || ".";
        console.log(`${grades.students.length} students: the grades are in ${shown}.`);
        for (const { submission, error } of all.ungraded) {
          console.error(
            `normlab grade: ${shownName(submission.student)} could not be graded: ${error.message}`,
          );
        }
        if (values.unsafe)
          console.error("normlab grade: nothing shut the students' code in (--unsafe); don't trust these.");
        return all.ungraded.length > 0 ? 1 : 0;
      } finally {
        sandbox.dispose();
      }
    }),
  );
}
