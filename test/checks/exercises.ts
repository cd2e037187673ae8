/** The exercises of all lessons, straight from the Markdown, and a way to run their checks. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { checks } from "normlab";
import ts from "typescript";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";
import { parseLesson } from "../../dist/lesson";

export interface Exercise {
  id: string;
  lesson: string;
  /** The exercise's cell, with the solution in it. */
  source: string;
  /** The cells that check it: those the learner sees, and the hidden ones. */
  checks: string[];
  hidden: string[];
  /** The import statements of the whole lesson. */
  imports: string;
}

const lessons = resolve(__dirname, "../../lessons");
const requireHere = createRequire(__filename);

/** All exercises, in the order of the lessons. */
export function allExercises(): Exercise[] {
  return lessonFiles().flatMap((name) => exercisesOf(name, readFileSync(join(lessons, name), "utf8")));
}

export function exercisesOf(file: string, text: string): Exercise[] {
  const { id: lesson, cells } = parseLesson(text, file);
  const code = cells.filter(({ kind }) => kind === "code");
  const imports = code.flatMap(({ source }) => source.match(/^import [^;]*;/gm) ?? []).join("\n");
  return code
    .filter(({ role }) => role === "exercise")
    .map(({ attributes: { id = "" }, source }) => {
      const sourcesOf = (wanted: "check" | "hidden") =>
        code
          .filter(({ role, attributes }) => role === wanted && attributes.id === id)
          .map((cell) => cell.source);
      return { id, lesson, source, imports, checks: sourcesOf("check"), hidden: sourcesOf("hidden") };
    });
}

/**
 * What is not there yet, in words, of the four things that make an exercise: its cells in a lesson (with a
 * check and a hidden one), its check in src/checks, the check's line in the index, and its bank of solutions.
 */
export function missingParts(exercises: readonly Exercise[], exported: string[], banks: string[]): string[] {
  const ids = exercises.map(({ id }) => id);
  const called = exercises.map(({ checks, hidden }) => [...checks, ...hidden].map(checkOf));
  return [
    ...exercises.flatMap(({ id, lesson, checks, hidden }, i) => [
      ...(checks.length > 0 ? [] : [`${lesson}: exercise ${id} has no check`]),
      ...(hidden.length > 0 ? [] : [`${lesson}: exercise ${id} has no hidden check`]),
      ...[...new Set(called[i])]
        .filter((name) => !exported.includes(name))
        .map((name) => `src/checks/index.ts does not export ${name}, which exercise ${id} calls`),
      ...(banks.includes(id) ? [] : [`test/checks/bank/${id}.ts is missing`]),
    ]),
    ...exported
      .filter((name) => !called.flat().includes(name))
      .map((name) => `no lesson uses checks.${name}`),
    ...banks.filter((id) => !ids.includes(id)).map((id) => `test/checks/bank/${id}.ts has no exercise`),
  ];
}

/** The exercise as the learner gets it. */
export const stubOf = ({ id, source }: Exercise): string =>
  source.replace(/\/\/ BEGIN SOLUTION[\s\S]*?\/\/ END SOLUTION/g, `throw new Error("Exercise ${id}: …");`);

/** The name of the function in `checks` that a cell calls. */
export const checkOf = (check: string): string => check.match(/checks\.(\w+)\(/)?.[1] ?? "";

/** The name of the learner's function: the check's first argument. */
export const functionOf = (check: string): string => check.match(/checks\.\w+\(\s*(\w+)/)?.[1] ?? "";

const compiled = new Map<string, string>();

/** TypeScript to CommonJS; the same text is compiled once. */
function compile(source: string): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const known = compiled.get(source) ?? ts.transpileModule(source, { compilerOptions: options }).outputText;
  compiled.set(source, known);
  return known;
}

/** The learner's function in the code of a cell. */
export function functionIn({ imports, checks: [check] }: Exercise, code: string): unknown {
  const exports: { result?: unknown } = {};
  const source = compile(`${imports}\n${code}\nexport const result = ${functionOf(check)};`);
  new Function("require", "exports", source)(requireHere, exports);
  return exports.result;
}

/** Runs every check of an exercise, the hidden ones too, on the code of a cell, or on a given function. */
export function runChecks(exercise: Exercise, solution: string | { given: unknown }): checks.Report[] {
  return [...exercise.checks, ...exercise.hidden].map((check) => {
    const definition = typeof solution === "string" ? solution : `const ${functionOf(check)} = given;`;
    const expression = check
      .replace(/^import [^;]*;/gm, "")
      .trim()
      .replace(/;$/, "");
    const source = `${exercise.imports}\n${definition}\nexport const result = ${expression};`;
    const exports: { result?: checks.Report } = {};
    const run = new Function("require", "exports", "given", compile(source));
    run(requireHere, exports, typeof solution === "string" ? undefined : solution.given);
    return exports.result!;
  });
}

/** The mistakes that reports name, each in its own words. */
export const mistakesTold = (reports: readonly checks.Report[]): string[] => {
  const told = reports.flatMap(({ results }) => results.flatMap(({ misconception }) => misconception ?? []));
  return [
    ...new Set(
      told.flatMap((words) => words.replace(/^(two|several) mistakes together: /, "").split("; and ")),
    ),
  ];
};
