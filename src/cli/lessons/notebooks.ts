/** The course's notebooks: which there are, which are out of date, and how one is made anew. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  fillOutputs,
  keepOutputs,
  type LessonLink,
  type Notebook,
  notebookText,
  parseLesson,
  renderLesson,
  unexecuted,
  type Variant,
} from "../../lesson";
import { lessonNames } from "../../course/lessons";
import { writeWhole } from "../../train/files";
import { UsageError } from "../errors";
import { executeNotebook } from "../executeNotebook";
import { projectRoot } from "../jupyter";
import { redrawPictures } from "./pictures";

/** The lessons' files, in order: all, or those whose names begin so. */
export function lessonFiles(only: readonly string[] = []): string[] {
  const all = lessonNames();
  const wrong = only.find((start) => !all.some((name) => name.startsWith(start)));
  if (wrong !== undefined) throw new UsageError(`there is no lesson "${wrong}"; there are ${all.join(", ")}`);
  return only.length ? all.filter((name) => only.some((start) => name.startsWith(start))) : all;
}

function linkTo(name: string | undefined): LessonLink | undefined {
  if (name === undefined) return undefined;
  return parseLesson(readFileSync(join(projectRoot, "lessons", name), "utf8"), name);
}

/** The lessons before and after one. */
function neighboursOf(name: string): Variant["course"] {
  const all = lessonFiles();
  const place = all.indexOf(name);
  return { previous: linkTo(all[place - 1]), next: linkTo(all[place + 1]) };
}

/** Where a variant's notebooks go: the learner's are part of the repository, the others are not. */
function notebookFolder({ solutions, graded }: Variant): string {
  if (!solutions && !graded) return join(projectRoot, "notebooks");
  return join(
    projectRoot,
    "instructor",
    [graded && "graded", solutions && "solutions"].filter(Boolean).join("-"),
  );
}

/** The notebook as it must be now, with the outputs that are still true, and its file as it is. */
function currentNotebook(
  name: string,
  variant: Variant = {},
): { notebook: Notebook; path: string; present?: string } {
  const text = readFileSync(join(projectRoot, "lessons", name), "utf8");
  const notebook = renderLesson(text, `lessons/${name}`, { course: neighboursOf(name), ...variant });
  const path = join(notebookFolder(variant), name.replace(/\.md$/, ".ipynb"));
  if (!existsSync(path)) return { notebook, path };
  const present = readFileSync(path, "utf8");
  return { notebook: keepOutputs(notebook, JSON.parse(present) as Notebook), path, present };
}

/** What is wrong with a notebook that is not what its lesson says, in a sentence. */
export async function staleNotebook(name: string, variant: Variant = {}): Promise<string | undefined> {
  const { notebook, path, present } = currentNotebook(name, variant);
  const shown = relative(projectRoot, path);
  if (present === undefined) return `${shown} is missing; \`npm run lessons\` makes it.`;
  if (present !== notebookText(notebook))
    return `${shown} is not what lessons/${name} says now; \`npm run lessons\` renews it.`;
  if (present !== notebookText(await redrawPictures(notebook)))
    return `${shown} has pictures that the code draws otherwise now; \`npm run lessons\` renews them.`;
  return undefined;
}

/** How many cells of a notebook have no outputs since their code changed, in a sentence. */
export function unexecutedCells(name: string, variant: Variant = {}): string | undefined {
  const { notebook, path } = currentNotebook(name, variant);
  const left = unexecuted(notebook);
  if (left === 0) return undefined;
  return `${relative(projectRoot, path)}: ${left} cells were not executed; \`npm run lessons -- --execute\` does.`;
}

/**
 * Makes one notebook anew and says so; whether all its cells ran without an error.
 * @param execute its cells, until this is aborted: then the promise rejects and the notebook stays as it is
 */
export async function writeNotebook(name: string, variant: Variant, execute?: AbortSignal): Promise<boolean> {
  const { path, ...current } = currentNotebook(name, variant);
  let { notebook } = current;
  let succeeded = true;
  if (execute) {
    console.error(`${name}:`);
    const onProgress = (text: string) => process.stderr.write(text);
    const result = await executeNotebook(notebook, { onProgress, signal: execute });
    succeeded = result.succeeded;
    notebook = fillOutputs(notebook, result.executions, projectRoot);
  } else {
    notebook = await redrawPictures(notebook);
  }
  const text = notebookText(notebook);
  const changed = text !== current.present;
  if (changed) writeWhole(path, [text]);
  const left = unexecuted(notebook);
  const remark = left > 0 ? `, ${left} cells without outputs (--execute fills them)` : "";
  console.log(`${relative(projectRoot, path)}: ${changed ? "written" : "up to date"}${remark}`);
  return succeeded;
}
