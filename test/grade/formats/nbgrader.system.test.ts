/**
 * nbgrader itself, from its release to feedback, on a course folder that `assign --format nbgrader` wrote: what it gives
 * is what `normlab grade` gives for the same submissions.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "../../../dist/grade/grading/csv";
import type { Grades } from "../../../dist/grade/grading/grade";
import { sentenceHtml } from "../../../dist/grade/reports/html";
import { toldOf } from "../../../dist/grade/reports/feedback";
import { type Notebook, type NotebookCell, renderLesson } from "../../../dist/lesson";
import { root } from "../../support/jupyter";
import { runProgram } from "../../support/process";
import { hasSandbox } from "../support";
import { nbgraderPrograms, nbgraderVariables } from "./nbgraderEnvironment";

const file = "01-axes.ipynb";
const lesson = readFileSync(join(root, "lessons", "01-axes.md"), "utf8");
const seeds = { "axes-columns": 1234567891, "axes-keep": 1234567892, "axes-choose": 1234567893 };
type Exercise = keyof typeof seeds;
const calls = {
  "axes-columns": ["normalizeColumns", "x, epsilon"],
  "axes-keep": ["centerRows", "x"],
  "axes-choose": ["reducedAxes", "method, layout"],
} as const;

/** The text of a solution in a bank. */
function banked(id: Exercise, kind: "right" | "wrong", which: number | string): string {
  const path = join(root, "test", "checks", "bank", `${id}.ts`);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const declarations = source.statements
    .filter(ts.isVariableStatement)
    .flatMap((each) => [...each.declarationList.declarations]);
  const { initializer } = declarations.find(({ name }) => name.getText() === kind)!;
  const { elements } = initializer as ts.ArrayLiteralExpression;
  if (typeof which === "number") return elements[which].getText();
  const element = elements.find((each) => each.getText().includes(`name: ${JSON.stringify(which)}`))!;
  const property = (element as ts.ObjectLiteralExpression).properties.find(
    (each) => each.name?.getText() === "solution",
  ) as ts.PropertyAssignment;
  return property.initializer.getText();
}

const sourceOf = ({ source }: NotebookCell): string => [source].flat().join("");

/** The cell that was handed out with something in the place of its stub. */
function answered(notebook: Notebook, id: Exercise, body: string): string {
  const cell = notebook.cells.find((each) => each.id === `exercise-${id}`)!;
  const source = sourceOf(cell).replace(/^ *throw new Error.*$/m, () => body);
  expect(source).not.toBe(sourceOf(cell));
  return source;
}

const inThePlaceOf = (id: Exercise, solution: string): string =>
  `  const answer: typeof ${calls[id][0]} = ${solution};\n  return answer(${calls[id][1]});`;

/** The notebook with sources in the place of some cells', without the cells that only show something, to be quick. */
function withCells(notebook: Notebook, sources: Record<string, string>): Notebook {
  const isNeeded = ({ cell_type, source, metadata: { normlab } }: NotebookCell) =>
    cell_type === "markdown" ||
    Object.hasOwn(seeds, normlab.exercise ?? "") ||
    /^import /m.test([source].flat().join(""));
  const cells = notebook.cells
    .filter(isNeeded)
    .map((cell) => (cell.id in sources ? { ...cell, source: [sources[cell.id]] } : cell));
  return { ...notebook, cells };
}

describe.skipIf(!hasSandbox)("nbgrader", () => {
  let [folder, course, programs] = ["", "", ""];
  let release: Notebook;
  let byNormlab: Grades;
  let scores: Record<string, number>;
  const normlab = (...args: string[]) =>
    runProgram(300_000, process.execPath, [join(root, "scripts", "normlab.mjs"), ...args], { cwd: folder });
  const nbgrader = async (args: string[], path?: string) => {
    const env = nbgraderVariables(programs, path);
    const { status, stdout, stderr } = await runProgram(500_000, join(programs, "nbgrader"), args, {
      cwd: course,
      env,
    });
    return { status, said: stdout + stderr };
  };
  const scoresIn = async (name: string) => {
    const { status, said } = await nbgrader(["export", "--to", name]);
    expect(status, said).toBe(0);
    const { rows } = readCsv(join(course, name));
    return Object.fromEntries(rows.map((row) => [row.student_id, Number(row.score)]));
  };
  const autograded = (student: string) =>
    JSON.parse(readFileSync(join(course, "autograded", student, "ps1", file), "utf8")) as Notebook;
  const feedbackOf = (student: string) =>
    readFileSync(join(course, "feedback", student, "ps1", file.replace(".ipynb", ".html")), "utf8");

  function submissions(): Record<string, Notebook> {
    const solved = renderLesson(lesson, "lessons/01-axes.md", { solutions: true });
    const solutions = solved.cells.filter(({ id }) => id.startsWith("exercise-"));
    const lessonsOwn = Object.fromEntries(solutions.map((cell) => [cell.id, sourceOf(cell)]));
    const cell = (id: Exercise, body: string) => ({ [`exercise-${id}`]: answered(release, id, body) });
    const from = (id: Exercise, kind: "right" | "wrong", which: number | string) =>
      cell(id, inThePlaceOf(id, banked(id, kind, which)));
    return {
      ada: withCells(release, { ...lessonsOwn, "answer-axes-square": "It does something else." }),
      bob: withCells(release, {
        ...from("axes-columns", "right", 1),
        ...from("axes-keep", "right", 0),
        ...from("axes-choose", "right", 1),
      }),
      cleo: withCells(release, {
        ...from("axes-columns", "right", 1),
        ...from("axes-keep", "wrong", "axis 1 instead of the last"),
      }),
      dan: withCells(release, {
        ...cell("axes-columns", "  return x.map((row) => row.map((v) => v * v * v - 2.5));"),
        ...from("axes-keep", "wrong", "axis 0"),
        ...cell("axes-choose", "  return [];"),
      }),
      mallory: withCells(release, {
        "exercise-axes-columns": `Object.defineProperty(Object.getPrototypeOf(checks.axesKeep((x) => x)), "score", { get: () => 1 });
${answered(release, "axes-columns", "  process.exit(0);")}`,
        ...cell("axes-keep", "  return 7;"),
      }),
    };
  }

  beforeAll(async () => {
    programs = await nbgraderPrograms();
    folder = mkdtempSync(join(tmpdir(), "normlab nbgrader é "));
    course = join(folder, "course");
    mkdirSync(join(folder, "private"));
    writeFileSync(join(folder, "private", "seeds.json"), JSON.stringify(seeds));
    const what = ["--lessons", "01", "--exercises", `${Object.keys(seeds).join()},axes-square`];
    const args = [...what, "--private", "private", "--format", "nbgrader", "--out", "course"];
    expect(await normlab("assign", "ps1", ...args)).toMatchObject({ status: 0, stderr: "" });

    const generated = await nbgrader(["generate_assignment", "ps1"]);
    expect(generated.status, generated.said).toBe(0);
    release = JSON.parse(readFileSync(join(course, "release", "ps1", file), "utf8")) as Notebook;
    for (const [student, notebook] of Object.entries(submissions())) {
      const place = join(course, "submitted", student, "ps1");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, file), JSON.stringify(notebook));
    }
    const [graded, byNbgrader] = await Promise.all([
      normlab("grade", "course/grader/ps1", "course/submitted", "--out", "grades", "--jobs", "1"),
      nbgrader(["autograde", "ps1"]),
    ]);
    expect(graded.status, graded.stderr).toBe(0);
    byNormlab = JSON.parse(readFileSync(join(folder, "grades", "grades.json"), "utf8")) as Grades;
    expect(byNbgrader.status, byNbgrader.said).toBe(0);
    const [exported, feedback] = await Promise.all([
      scoresIn("grades.csv"),
      nbgrader(["generate_feedback", "ps1"]),
    ]);
    scores = exported;
    expect(feedback.status, feedback.said).toBe(0);
  }, 1_200_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const studentOf = (name: string) => byNormlab.students.find(({ student }) => student === name)!;

  it("hands out neither solutions nor how it is graded", () => {
    expect(readdirSync(join(course, "release", "ps1"))).toEqual([file]);
    const text = JSON.stringify(release);
    expect(text).not.toMatch(/BEGIN|graded\(|manifest|only the diagonal is right/);
    const graded = release.cells.filter(({ id }) => id.startsWith("graded-"));
    expect(graded.map(sourceOf)).toEqual(
      [2, 2, 3].map(
        (points) => `// ${points} points, given after you have handed in; there is nothing to do here.\n0;`,
      ),
    );
  });

  it("gives what normlab gives", () => {
    const expected = byNormlab.students.map(({ student, score }) => [student, score] as const);
    expect(expected.map(([student]) => student)).toEqual(["ada", "bob", "cleo", "dan", "mallory"]);
    expect(scores).toEqual(Object.fromEntries(expected));
  });

  it("gives full marks for right answers alone", () => {
    expect([scores.ada, scores.bob]).toEqual([7, 7]);
    expect(scores.cleo).toBeGreaterThan(2);
    expect(scores.cleo).toBeLessThan(4);
    expect(studentOf("dan").exercises.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]);
    expect(studentOf("mallory").exercises.map(({ status }) => status)).toEqual([
      "failed",
      "refused",
      "not done",
    ]);
    expect(scores.mallory).toBe(0);
  });

  it.each(["ada", "cleo", "dan", "mallory"])("tells %s what normlab tells, and no more", (student) => {
    const html = feedbackOf(student);
    const told = studentOf(student).exercises.flatMap(({ results, reason }) => [
      ...results.map((each) => (each.passed ? each.name : toldOf(each))),
      ...(reason ? [reason] : []),
    ]);
    // nbconvert writes apostrophes and quotes as they are.
    const shown = html.replaceAll("&#39;", "'").replaceAll("&quot;", '"');
    const written = (text: string) => sentenceHtml(text).replaceAll("&#39;", "'").replaceAll("&quot;", '"');
    expect(told.filter((each) => !shown.includes(written(each)))).toEqual([]);
    expect(Object.values(seeds).filter((seed) => html.includes(String(seed)))).toEqual([]);
    // What the check that everybody sees says, is no secret.
    const visible = autograded(student).cells.filter(({ id }) => id.startsWith("check-"));
    const seen = visible.map(({ outputs }) => JSON.stringify(outputs)).join();
    const secret = studentOf(student).exercises.flatMap(({ results }) =>
      results
        .map(({ message }) => message)
        .filter((each) => !seen.includes(JSON.stringify(each).slice(1, -1))),
    );
    if (student === "dan") expect(secret.filter((each) => /must be -?\d/.test(each))).not.toEqual([]);
    expect(secret.filter((each) => shown.includes(written(each)))).toEqual([]);
  });

  it("without a sandbox gives nothing, and says why", async () => {
    cpSync(join(course, "submitted", "bob"), join(course, "submitted", "zoe"), { recursive: true });
    const { status, said } = await nbgrader(["autograde", "ps1", "--student", "zoe"], "");
    expect(status, said).toBe(0);
    expect(await scoresIn("without.csv")).toEqual({ ...scores, zoe: 0 });
    expect(JSON.stringify(autograded("zoe"))).toMatch(
      /nothing was graded: normlab judge: nothing on this machine shuts/,
    );
  });
});
