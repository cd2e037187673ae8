/** The autograder that an instructor uploads to Gradescope: one zip with all that grades, but what npm installs. */
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "../../../kernel/project";
import { readManifest } from "../../assignment/manifest";
import { type Files, zipOf } from "../../zip";
import { runAutograder, setup } from "./scripts";

/** Of this project: the built package, and by what its packages are installed. */
const needed = ["package.json", "package-lock.json", "scripts/normlab.mjs", "dist"];

/** Files of a folder, or one file, by their paths below `base`. */
function filesBelow(base: string, name: string): string[] {
  const entries = readdirSync(join(base, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1))
    .map((path) => path.split(sep).join("/"));
}

/** @param grader the folder grader/ that `assign` has written */
export function autograderZip(grader: string): Promise<Buffer> {
  const scripts = { "setup.sh": setup, run_autograder: runAutograder };
  const files: Files = new Map(Object.entries(scripts).map(([name, text]) => [name, Buffer.from(text)]));
  const add = (to: string, base: string, path: string) =>
    files.set(`${to}/${path}`, readFileSync(join(base, path)));
  const ours = needed.flatMap((name) => (name === "dist" ? filesBelow(root, name) : [name]));
  for (const path of ours.filter((each) => /\.(m?js|d\.ts|wasm|json)$/.test(each)))
    add("normlab", root, path);
  for (const path of ["manifest.json", ...checksIn(grader)]) add("grader", grader, path);
  return zipOf(files, Object.keys(scripts));
}

/** The instructor's own tests, if there are any. */
function checksIn(grader: string): string[] {
  const { exercises } = readManifest(grader);
  return exercises.flatMap(({ check }) => ("file" in check ? [check.file] : []));
}
