/** Grades one submission, for a program that asks for one: nbgrader's cell, Gradescope's autograder. */
import type { Manifest } from "../assignment/manifest";
import type { Sandbox } from "../box/sandbox";
import type { Work } from "../collect/work";
import { Builds } from "./builds";
import type { WorkGrade } from "./grade";
import { Grader } from "./grader";

/** @param folder the folder grader/ that the manifest is from */
export async function gradeWork(
  manifest: Manifest,
  folder: string,
  sandbox: Sandbox,
  work: Work,
): Promise<WorkGrade> {
  const builds = new Builds();
  const grader = new Grader(manifest, folder, sandbox, builds);
  try {
    return await grader.grade(work);
  } finally {
    await grader.close();
    builds.dispose();
  }
}
