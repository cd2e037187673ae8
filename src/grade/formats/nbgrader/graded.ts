/**
 * What nbgrader's graded cells call. The judging is another program's: this process is the kernel's, in which the
 * student's whole notebook ran.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { display } from "../../../display";
import { root } from "../../../kernel/project";
import type { Judged } from "./judged";

/** Of notebooks by what stands in them: the first graded cell has all exercises judged. */
const kept = new Map<string, Judged[]>();

/**
 * Shows what the exercise in the notebook beside this cell is told, and answers its points, for nbgrader to take.
 *
 * @throws an error, for which nbgrader gives 0, when it could not be judged
 */
export function graded(assignment: string, notebook: string, exercise: string): number {
  const path = resolve(notebook);
  const content = readFileSync(path, "utf8");
  if (!kept.has(content)) kept.set(content, judge(graderOf(assignment), path));
  const judged = kept.get(content)!.find(({ id }) => id === exercise);
  if (!judged || !(judged.score >= 0 && judged.score <= judged.points)) {
    throw new Error(`${exercise} of ${assignment} could not be graded.`);
  }
  void display({ "text/html": judged.html, "text/plain": judged.text });
  return judged.score;
}

/** The folder grader/ of the course that this folder is in: autograded/STUDENT/ps1, or source/ps1. */
function graderOf(assignment: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const grader = join(folder, "grader", assignment);
    if (existsSync(join(grader, "manifest.json"))) return grader;
    if (folder === dirname(folder)) {
      throw new Error(
        `there is no grader/${assignment} in a folder above this notebook; nothing was graded. \`normlab assign\` writes it into the course folder.`,
      );
    }
  }
}

function judge(grader: string, path: string): Judged[] {
  const program = join(root, "scripts", "normlab.mjs");
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, "judge", grader, path], {
    encoding: "utf8",
    maxBuffer: 100e6,
  });
  if (status !== 0) throw new Error(`nothing was graded: ${error?.message ?? stderr.trim()}`);
  return JSON.parse(stdout) as Judged[];
}
