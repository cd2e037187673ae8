/**
 * The files that a box holds: this folder's program, and of normlab what the exercise may use. What the exercise asks
 * for, checks and solutions are not left out by a rule that could be got round; they are not there.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const dist = resolve(__dirname, "..", "..");
/** The program that runs the student's cells. */
const program = "grade/box/inside.js";

/** What every exercise may use. */
export const usualModules: readonly string[] = ["tensor", "display"];

/** Compiled files require their neighbours by a path that is written out. */
const requires = /\brequire\("(\.{1,2}\/[^"]+)"\)/g;

function resolveFile(from: string, id: string): string {
  const path = resolve(dirname(from), id);
  const found = [`${path}.js`, join(path, "index.js")].find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new Error(`${id}, which ${relative(dist, from)} requires, is not built`);
}

/** Paths below dist/ of a program and modules, and of all that these load. */
export function filesOf(program: string, modules: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, id] of readFileSync(path, "utf8").matchAll(requires)) visit(resolveFile(path, id));
  };
  visit(join(dist, program));
  for (const name of modules) visit(resolveFile(join(dist, "index.js"), `./${name}`));
  return [...found].map((path) => relative(dist, path)).sort();
}

/** Copies them into a folder; answers the program's path within it. */
export function writeFilesOf(folder: string, program: string, modules: readonly string[]): string {
  for (const path of filesOf(program, modules)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(dist, path), join(folder, path));
  }
  return program;
}

/** The student's build with these modules as its normlab. */
export const writeStudentBuild = (folder: string, modules: readonly string[]): string =>
  writeFilesOf(folder, program, modules);
