/** Grades a folder of submissions: several at a time, each kept as soon as it is done, and what is unchanged left alone. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeHash } from "../../kernel/project";
import { writeWhole } from "../../train/files";
import { hashOf } from "../assignment/release";
import type { Manifest } from "../assignment/manifest";
import type { Sandbox } from "../box/sandbox";
import { filesOf, type Submission } from "../collect/find";
import { type Work, workIn } from "../collect/work";
import type { Files } from "../zip";
import { Builds } from "./builds";
import type { WorkGrade } from "./grade";
import { Grader } from "./grader";

/** A submission, read and graded. */
export interface GradedWork extends WorkGrade {
  submission: Submission;
  /** The answers to questions. */
  answers: Record<string, string>;
  /** The exercises' cells. */
  sources: Record<string, string>;
  /** What nbgrader wrote beside it, if it did. */
  timestamp?: string;
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
const codeFolders = ["tensor", "norm", "display", "checks", "grade", join("kernel", "compiler")];

/** Text of a file in a submission. */
function textOf(files: Files, name: RegExp): string | undefined {
  const path = [...files.keys()].find((each) => name.test(each));
  return path === undefined ? undefined : Buffer.from(files.get(path)!).toString("utf8").trim();
}

export async function gradeAll(options: GradeAllOptions): Promise<GradedWork[]> {
  const { manifest, grader: folder, sandbox, submissions, signal, onProgress = () => undefined } = options;
  const base = hashOf(JSON.stringify([manifest, codeHash(codeFolders), sandbox.name]));
  const builds = new Builds();
  const graded: GradedWork[] = [];
  let [next, done] = [0, 0];
  const gradeOne = async (grader: Grader, submission: Submission): Promise<GradedWork> => {
    const { files, remarks } = await filesOf(options.folder, submission);
    const work = workIn(files, manifest);
    const timestamp = textOf(files, /(^|\/)timestamp\.txt$/);
    const { grade, isNew } = await keptOr(options.kept, submission, base, work, () => grader.grade(work));
    const points = grade.exercises.reduce((sum, { score }) => sum + score, 0);
    const total = manifest.exercises.reduce((sum, each) => sum + each.points, 0);
    const how = isNew ? "" : " (unchanged)";
    onProgress(`${++done}/${submissions.length} ${submission.student}: ${points} of ${total} points${how}\n`);
    return {
      ...grade,
      remarks: [...remarks, ...grade.remarks],
      ...{ submission, answers: work.answers, sources: work.exercises },
      ...(timestamp && { timestamp }),
    };
  };
  const workOff = async () => {
    const grader = new Grader(manifest, folder, sandbox, builds);
    try {
      while (next < submissions.length) {
        signal?.throwIfAborted();
        const index = next++;
        graded[index] = await gradeOne(grader, submissions[index]);
      }
    } finally {
      await grader.close();
    }
  };
  try {
    const jobs = Math.max(1, Math.min(options.jobs, submissions.length));
    const ends = await Promise.allSettled(Array.from({ length: jobs }, workOff));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
    return graded;
  } finally {
    builds.dispose();
  }
}

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
  if (existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, "utf8")) as { key: string; grade: WorkGrade };
    if (kept.key === key) return { grade: kept.grade, isNew: false };
  }
  const grade = await make();
  writeWhole(path, [`${JSON.stringify({ key, grade })}\n`]);
  return { grade, isNew: true };
}
