/** Grades a folder of submissions: several at a time, each kept as soon as it is done, and what is unchanged left alone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeHash } from "../../kernel/project";
import { writeWhole } from "../../train/files";
import { hashOf } from "../assignment/release";
import type { Manifest } from "../assignment/manifest";
import type { Sandbox } from "../box/sandbox";
import { filesOf, shownName, type Submission, timestampIn } from "../collect/find";
import { readWork } from "../collect/read";
import type { Work } from "../collect/work";
import { sum, totalPoints } from "../../checks/points";
import { Builds } from "./builds";
import type { WorkGrade } from "./grade";
import { Grader } from "./grader";

/** A submission, read and graded. */
export interface GradedWork extends WorkGrade {
  submission: Submission;
  /** SHA-256 of the zips in it. */
  receipts: string[];
  /** The exercises' cells, and the answers to questions, by id. */
  sources: Record<string, string>;
  answers: Record<string, string>;
  /** What nbgrader wrote beside it, if it did. */
  timestamp?: string;
}

/** A submission that could not be graded, through no fault of the student's. */
export interface Ungraded {
  submission: Submission;
  error: Error;
}

export interface GradedAll {
  graded: GradedWork[];
  ungraded: Ungraded[];
}

export interface GradeAllOptions {
  manifest: Manifest;
  /** The folder grader/. */
  grader: string;
  /** The folder of the submissions. */
  folder: string;
  submissions: Submission[];
  /** Where what is done is kept. */
  kept: string;
  sandbox: Sandbox;
  /** How many at a time. */
  jobs: number;
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
}

/** What a grade depends on, beside the submission: the assignment, and the code that compiles and judges. */
const codeFolders = [
  ...["tensor", "norm", "display", "checks"],
  ...["assignment", "box", "collect", "compile", "grading", "judge"].map((name) => join("grade", name)),
  ...["compiler", "runner"].map((name) => join("kernel", name)),
];

/** Answers the grades, in the submissions' order, and what could not be graded: the next call tries that again. */
export async function gradeAll(options: GradeAllOptions): Promise<GradedAll> {
  const { manifest, grader: folder, sandbox, submissions, signal, onProgress = () => undefined } = options;
  const base = hashOf(JSON.stringify([manifest, codeHash(codeFolders), sandbox.name]));
  const builds = new Builds();
  const graded: GradedWork[] = [];
  const ungraded: Ungraded[] = [];
  let [next, done] = [0, 0];
  const gradeOne = async (grader: Grader, submission: Submission): Promise<GradedWork> => {
    const { files, remarks, receipts } = await filesOf(options.folder, submission);
    const work = await readWork(files, manifest);
    const timestamp = timestampIn(files, manifest.name);
    files.clear(); // they may be large
    const { grade, isNew } = await keptOr(options.kept, submission, base, work, () => grader.grade(work));
    const points = sum(grade.exercises.map(({ score }) => score));
    const total = totalPoints(manifest.exercises);
    const how = isNew ? "" : " (unchanged)";
    onProgress(
      `${++done}/${submissions.length} ${shownName(submission.student)}: ${points} of ${total} points${how}\n`,
    );
    return {
      ...grade,
      remarks: [...remarks, ...grade.remarks],
      ...{ submission, receipts, sources: work.exercises, answers: work.answers },
      ...(timestamp && { timestamp }),
    };
  };
  const workOff = async () => {
    let grader = new Grader(manifest, folder, sandbox, builds);
    try {
      while (next < submissions.length) {
        signal?.throwIfAborted();
        const index = next++;
        const submission = submissions[index];
        try {
          graded[index] = await gradeOne(grader, submission);
        } catch (error) {
          if (error instanceof NotKept) throw error.cause;
          ungraded.push({ submission, error: error as Error });
          onProgress(
            `${++done}/${submissions.length} ${shownName(submission.student)}: could not be graded\n`,
          );
          // Its judge may be no more.
          await grader.close();
          grader = new Grader(manifest, folder, sandbox, builds);
        }
      }
    } catch (error) {
      next = submissions.length; // for the others, too
      throw error;
    } finally {
      await grader.close();
    }
  };
  try {
    const jobs = Math.max(1, Math.min(options.jobs, submissions.length));
    const ended = await Promise.allSettled(Array.from({ length: jobs }, workOff));
    const failed = ended.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
    return { graded: graded.filter(Boolean), ungraded };
  } finally {
    builds.dispose();
  }
}

/** What would stop every submission, not this one alone. */
class NotKept extends Error {}

/** The grade that was kept of the same work, or a new one, which is kept then. */
async function keptOr(
  folder: string,
  { student, lmsId, paths }: Submission,
  base: string,
  work: Work,
  make: () => Promise<WorkGrade>,
): Promise<{ grade: WorkGrade; isNew: boolean }> {
  const name = hashOf(JSON.stringify([student, lmsId, paths])).slice(0, 16);
  const path = join(folder, `${name}.json`);
  const key = hashOf(JSON.stringify([base, work]));
  const kept = readKept(path);
  if (kept?.key === key) return { grade: kept.grade, isNew: false };
  const grade = await make();
  try {
    writeWhole(path, [`${JSON.stringify({ key, grade })}\n`]);
  } catch (cause) {
    throw new NotKept("the disk is full, or the like", { cause });
  }
  return { grade, isNew: true };
}

function readKept(path: string): { key: string; grade: WorkGrade } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { key: string; grade: WorkGrade };
  } catch {
    return undefined; // not there, or not whole
  }
}
