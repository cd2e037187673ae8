/** `npx normlab grade`: grades a folder of submissions. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readManifest } from "../grade/assignment/manifest";
import { chooseSandbox, unsafe } from "../grade/box/choose";
import { findSubmissions, shownName } from "../grade/collect/find";
import { readCsv } from "../grade/grading/csv";
import { gradeAll } from "../grade/grading/gradeAll";
import { manualFile, noReadings, readManual } from "../grade/grading/manual";
import { readRoster } from "../grade/grading/roster";
import { gradesOf } from "../grade/grading/students";
import { writeReports } from "../grade/reports/write";
import { makeFolder } from "../train/files";
import { told, UsageError } from "./errors";
import { interruptible } from "./interruption";

export const usage: string = `usage: npx normlab grade GRADER SUBMISSIONS --out GRADES [options]
  GRADER          the folder grader/ that \`assign\` wrote
  SUBMISSIONS     a folder with a folder, notebook or zip a student, as downloaded from an LMS
  --out GRADES    the folder for grades.json, grades.csv, summary.html, feedback/ and the rest
  --jobs N        how many at a time (as many as the machine has cores)
  --roster FILE   who is in the course: CSV with a column "student", and first_name, last_name, email, lms_id, submitted
  --manual FILE   points and comments for answers in words (GRADES/manual.csv, once there is one)
  --canvas FILE   the gradebook as exported from Canvas, to be filled in as GRADES/canvas.csv
  --unsafe        run students' code also where nothing shuts it in; every result is marked`;

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
      const manual = values.manual ?? join(out, manualFile);
      const isRead = values.manual !== undefined || existsSync(manual);
      const readings = isRead ? readManual(manual) : noReadings;
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
        const missing = writeReports(out, manifest, grades, all.graded, canvas);
        if (missing.length > 0)
          console.error(`normlab grade: not in ${values.canvas}: ${missing.join(", ")}`);
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
