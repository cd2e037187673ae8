/**
 * A course folder of nbgrader's, or one more assignment in it:
 *
 *     course/nbgrader_config.py   what nbgrader must know of notebooks in TypeScript
 *     course/source/ps1/          the notebooks that nbgrader makes its release of
 *     course/grader/ps1/          seeds and tests; nbgrader neither reads nor hands out this folder
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { notebookText } from "../../../lesson";
import { writeWhole } from "../../../train/files";
import { type AssignOptions, prepare, removeOther, writeGrader } from "../../assignment/assign";
import type { Manifest } from "../../assignment/manifest";
import { configFile, nbgraderConfig } from "./config";
import { forNbgrader, sourceNotebook } from "./notebook";

/** Answers also what to tell the instructor of a configuration that was there. */
export function assignCourse(options: AssignOptions): { manifest: Manifest; remark?: string } {
  const { name, out } = options;
  const [source, grader] = [join(out, "source", name), join(out, "grader", name)];
  const prepared = prepare(options, grader);
  const manifest = forNbgrader(prepared.manifest);
  const notebooks = options.lessons.map(({ path }) => {
    const lesson = { file: `lessons/${basename(path)}`, text: readFileSync(path, "utf8") };
    const file = basename(path).replace(/\.md$/, ".ipynb");
    return { file, text: notebookText(sourceNotebook(lesson, manifest)) };
  });
  removeOther(
    source,
    notebooks.map(({ file }) => file),
  );
  for (const { file, text } of notebooks) writeWhole(join(source, file), [text]);
  writeGrader(grader, { ...prepared, manifest });
  const remark = addConfig(join(out, configFile));
  return { manifest, ...(remark !== undefined && { remark }) };
}

/** Whose course it is may have changed the file, so one that is there stays. */
function addConfig(path: string): string | undefined {
  const ours = nbgraderConfig();
  if (!existsSync(path)) {
    writeWhole(path, [ours]);
    return undefined;
  }
  const missing = ours.split("\n").filter((line) => /^c\.ClearSolutions\b/.test(line));
  const theirs = readFileSync(path, "utf8");
  const lacking = missing.filter((line) => !theirs.includes(line));
  if (lacking.length === 0) return undefined;
  return `${path} is yours and stays as it is; these lines of it must say\n  ${lacking.join("\n  ")}`;
}
