/** `npm run lessons`: lessons/*.md → notebooks/*.ipynb. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import {
  fillOutputs,
  keepOutputs,
  LessonError,
  type Notebook,
  notebookText,
  renderLesson,
  unexecuted,
  type Variant,
} from "../lesson";
import { executeNotebook } from "./executeNotebook";
import { projectRoot } from "./jupyter";

const usage = `npm run lessons [-- options]
  --execute     run the notebooks in the kernel and keep their outputs
  --only 05     only the lessons whose names begin so (may be repeated)
  --solutions   the instructor's notebooks, in instructor/solutions/
  --graded      the notebooks with hidden tests, in instructor/graded/
  --check       change nothing; say what is out of date and end with status 1`;

/** The lessons' files, in order. */
export function lessonFiles(only: readonly string[] = []): string[] {
  const all = readdirSync(join(projectRoot, "lessons"))
    .filter((name) => name.endsWith(".md"))
    .sort();
  const wrong = only.find((start) => !all.some((name) => name.startsWith(start)));
  if (wrong !== undefined)
    throw new Error(`--only ${wrong}: there is no such lesson; there are ${all.join(", ")}.`);
  return only.length ? all.filter((name) => only.some((start) => name.startsWith(start))) : all;
}

/** Where a variant's notebooks go: the learner's are part of the repository, the others are not. */
export function notebookFolder({ solutions, graded }: Variant): string {
  if (!solutions && !graded) return join(projectRoot, "notebooks");
  return join(
    projectRoot,
    "instructor",
    [graded && "graded", solutions && "solutions"].filter(Boolean).join("-"),
  );
}

/** The notebook as it must be now, with the outputs that are still true, and its file as it is. */
export function currentNotebook(
  name: string,
  variant: Variant = {},
): { notebook: Notebook; path: string; present?: string } {
  const text = readFileSync(join(projectRoot, "lessons", name), "utf8");
  const notebook = renderLesson(text, `lessons/${name}`, variant);
  const path = join(notebookFolder(variant), name.replace(/\.md$/, ".ipynb"));
  if (!existsSync(path)) return { notebook, path };
  const present = readFileSync(path, "utf8");
  return { notebook: keepOutputs(notebook, JSON.parse(present) as Notebook), path, present };
}

/** Notebooks that are not what their lesson says, one sentence each. */
export function staleNotebooks(only: readonly string[] = [], variant: Variant = {}): string[] {
  return lessonFiles(only).flatMap((name) => {
    const { notebook, path, present } = currentNotebook(name, variant);
    const shown = relative(projectRoot, path);
    if (present === undefined) return [`${shown} is missing; \`npm run lessons\` makes it.`];
    if (present === notebookText(notebook)) return [];
    return [`${shown} is not what lessons/${name} says now; \`npm run lessons\` renews it.`];
  });
}

/** Notebooks with cells that have no outputs since their code changed, one sentence each. */
export function unexecutedNotebooks(only: readonly string[] = [], variant: Variant = {}): string[] {
  return lessonFiles(only).flatMap((name) => {
    const { notebook, path } = currentNotebook(name, variant);
    const left = unexecuted(notebook);
    if (left === 0) return [];
    return [
      `${relative(projectRoot, path)}: ${left} cells were not executed; \`npm run lessons -- --execute\` does.`,
    ];
  });
}

async function writeNotebook(name: string, variant: Variant, execute: boolean): Promise<boolean> {
  const { path, ...current } = currentNotebook(name, variant);
  let { notebook } = current;
  let succeeded = true;
  if (execute) {
    console.error(`${name}:`);
    const result = await executeNotebook(notebook, { onProgress: (text) => process.stderr.write(text) });
    succeeded = result.succeeded;
    notebook = fillOutputs(notebook, result.executions, projectRoot);
  }
  const text = notebookText(notebook);
  const changed = text !== current.present;
  mkdirSync(notebookFolder(variant), { recursive: true });
  if (changed) writeFileSync(path, text);
  const left = unexecuted(notebook);
  const remark = left > 0 ? `, ${left} cells without outputs (--execute fills them)` : "";
  console.log(`${relative(projectRoot, path)}: ${changed ? "written" : "up to date"}${remark}`);
  return succeeded;
}

/** The command; returns its exit status. */
export async function lessons(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      execute: { type: "boolean" },
      only: { type: "string", multiple: true },
      solutions: { type: "boolean" },
      graded: { type: "boolean" },
      check: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const variant: Variant = { solutions: values.solutions, graded: values.graded };
  if (values.check) {
    const stale = [...staleNotebooks(values.only, variant), ...unexecutedNotebooks(values.only, variant)];
    for (const sentence of stale) console.error(sentence);
    if (stale.length === 0) console.log("The notebooks are up to date.");
    return stale.length === 0 ? 0 : 1;
  }
  let succeeded = true;
  for (const name of lessonFiles(values.only)) {
    succeeded = (await writeNotebook(name, variant, Boolean(values.execute))) && succeeded;
  }
  return succeeded ? 0 : 1;
}

if (require.main === module) {
  lessons(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      const isExpected =
        error instanceof LessonError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
      console.error(isExpected ? (error as Error).message : error);
      process.exitCode = 1;
    },
  );
}
