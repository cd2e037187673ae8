/** `npx normlab judge`: what the graded cells of nbgrader's notebooks call; its answer is for programs. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { judgeNotebook } from "../grade/formats/nbgrader/judged";
import { told, UsageError } from "./errors";

export const usage: string = `usage: npx normlab judge GRADER NOTEBOOK
  GRADER    the folder grader/NAME that \`assign --format nbgrader\` wrote
  NOTEBOOK  a student's notebook, under the name that it was handed out with
Prints JSON: points, score and what the student is told, of each exercise of that notebook.`;

export async function main(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [grader, notebook, ...more] = positionals;
  if (grader === undefined || notebook === undefined || more.length > 0) {
    throw new UsageError("give a folder and a notebook, GRADER and NOTEBOOK");
  }
  return told(async () => {
    console.log(JSON.stringify(await judgeNotebook(resolve(grader), resolve(notebook))));
    return 0;
  });
}
