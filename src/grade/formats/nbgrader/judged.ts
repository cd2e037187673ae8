/** Judges a notebook for nbgrader, outside its kernel. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { readManifest } from "../../assignment/manifest";
import { chooseSandbox } from "../../box/choose";
import { workIn } from "../../collect/work";
import { CourseworkError } from "../../errors";
import { gradeWork } from "../../grading/gradeWork";
import { exerciseHtml, exerciseText } from "../../reports/feedback";

/** What a graded cell shows and gives; nothing of it is secret. */
export interface Judged {
  id: string;
  points: number;
  score: number;
  html: string;
  text: string;
}

/**
 * The exercises of one notebook of an assignment.
 *
 * @throws CourseworkError also when nothing here shuts a student's code in
 */
export async function judgeNotebook(grader: string, path: string): Promise<Judged[]> {
  const all = readManifest(grader);
  const file = basename(path);
  const manifest = {
    ...all,
    notebooks: all.notebooks.filter((each) => each.file === file),
    exercises: all.exercises.filter(({ notebook }) => notebook === file),
    questions: [],
  };
  if (manifest.notebooks.length === 0) {
    const names = all.notebooks.map((each) => each.file).join(", ");
    throw new CourseworkError(`${file} is no notebook of ${all.name}, which has ${names}`);
  }
  const work = workIn(new Map([[file, readFileSync(path)]]), manifest);
  const sandbox = await chooseSandbox();
  try {
    const { exercises } = await gradeWork(manifest, grader, sandbox, work);
    return exercises.map((grade) => {
      const { id, points, score } = grade;
      return { id, points, score, html: exerciseHtml(grade), text: exerciseText(grade) };
    });
  } finally {
    sandbox.dispose();
  }
}
