/** The course folder that nbgrader works in, without nbgrader. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readManifest } from "../../../dist/grade/assignment/manifest";
import { noPolicy } from "../../../dist/grade/assignment/policy";
import { assignCourse } from "../../../dist/grade/formats/nbgrader/course";
import { graded } from "../../../dist/grade/formats/nbgrader/graded";
import { judgeNotebook } from "../../../dist/grade/formats/nbgrader/judged";
import type { Notebook, NotebookCell } from "../../../dist/lesson";

const fence = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const exercise = (id: string) =>
  [
    fence(
      `ts exercise id=${id} points=3`,
      "function solve(x: number): number {\n  // BEGIN SOLUTION\n  return x + 1;\n  // END SOLUTION\n}",
    ),
    fence(`ts check id=${id}`, "checks.bnForward(solve);"),
    fence(`ts hidden id=${id}`, 'checks.bnForward(solve, { seed: 7, cases: "hard" });'),
  ].join("\n");
const question = (id: string) =>
  `:::question id=${id} points=2\nWhy?\n<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->\n:::\n`;
const text = [
  "---\ntitle: A lesson\nminutes: 1\nobjectives:\n  - o\n---\n",
  fence("ts", 'import { checks } from "normlab";'),
  ...["a-b", "c-d"].map(exercise),
  ...["why", "when"].map(question),
].join("\n");

describe("a course folder for nbgrader", () => {
  let folder: string;
  let course: string;
  const assign = (name: string, ...only: string[]) =>
    assignCourse({
      ...{ name, policy: noPolicy, out: course, only },
      lessons: [{ path: join(folder, "02-x.md"), notebook: "none" }],
    });
  const read = (path: string) => readFileSync(join(course, path), "utf8");
  const cellsOf = (name: string) =>
    new Map((JSON.parse(read(`source/${name}/02-x.ipynb`)) as Notebook).cells.map((each) => [each.id, each]));
  const recordOf = (cell: NotebookCell) => (cell.metadata as unknown as Record<string, unknown>).nbgrader;
  const sourceOf = (cell: NotebookCell) => [cell.source].flat().join("");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-course-"));
    course = join(folder, "course");
    writeFileSync(join(folder, "02-x.md"), text);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("has solutions for nbgrader to take out, and a cell that earns the points", () => {
    assign("ps1", "a-b", "why");
    const cells = cellsOf("ps1");
    const of = (id: string) => [recordOf(cells.get(id)!), sourceOf(cells.get(id)!)];
    const plain = { schema_version: 3, grade: false, solution: false, locked: false, task: false };
    expect(of("exercise-a-b")).toEqual([
      { ...plain, grade_id: "exercise-a-b", solution: true },
      expect.stringMatching(/BEGIN SOLUTION\n {2}return x \+ 1;/),
    ]);
    expect(of("check-a-b")[0]).toEqual({ ...plain, grade_id: "check-a-b", locked: true });
    const ids = [...cells.keys()];
    expect(ids.indexOf("graded-a-b")).toBe(ids.indexOf("check-a-b") + 1);
    expect(of("graded-a-b")).toEqual([
      { ...plain, grade_id: "graded-a-b", grade: true, locked: true, points: 3 },
      expect.stringMatching(
        /\n0;\n\/\/ BEGIN HIDDEN TESTS\n.*\ngraded\("ps1", "02-x.ipynb", "a-b"\);\n.*END/,
      ),
    ]);
    const answer = { ...plain, grade_id: "answer-why", grade: true, solution: true, points: 2 };
    expect(of("answer-why")).toEqual([answer, "Because."]);
    // What is not graded earns nothing, and shows no answer.
    expect(cells.has("graded-c-d")).toBe(false);
    expect(of("answer-when")).toEqual([undefined, "*Double-click here and write your answer.*"]);
  });

  it("keeps its manifest beside what nbgrader reads, with the stub that nbgrader hands out", () => {
    const { manifest } = assign("ps1", "a-b");
    expect(readdirSync(course).sort()).toEqual(["grader", "nbgrader_config.py", "source"]);
    expect(readdirSync(join(course, "source", "ps1"))).toEqual(["02-x.ipynb"]);
    expect(readManifest(join(course, "grader", "ps1"))).toEqual(manifest);
    const [, stub] = /code_stub = \{"typescript": (".*")\}/.exec(read("nbgrader_config.py"))!;
    expect(manifest.exercises[0].stub).toContain(`\n  ${JSON.parse(stub) as string}\n`);
  });

  it("takes more assignments, and one of them again, with the seeds that it had", () => {
    const first = assign("ps1", "a-b").manifest;
    expect(assign("ps2", "c-d").remark).toBeUndefined();
    expect(readdirSync(join(course, "source"))).toEqual(["ps1", "ps2"]);
    expect(assign("ps1", "a-b").manifest).toEqual(first);
  });

  it("leaves a configuration that is there, and says what it lacks", () => {
    mkdirSync(course);
    writeFileSync(join(course, "nbgrader_config.py"), "c = get_config()\n");
    const { remark } = assign("ps1", "a-b");
    expect(read("nbgrader_config.py")).toBe("c = get_config()\n");
    expect(remark).toMatch(
      /nbgrader_config.py is yours and stays as it is; .*\n {2}c\.ClearSolutions\.code_stub/,
    );
  });

  it("is needed to grade a cell: without it a graded cell stops with an error", async () => {
    expect(() => graded("ps9", join(folder, "02-x.md"), "a-b")).toThrow(
      /there is no grader\/ps9 in a folder above/,
    );
    assign("ps1", "a-b");
    const judged = judgeNotebook(join(course, "grader", "ps1"), join(folder, "other.ipynb"));
    await expect(judged).rejects.toThrow("other.ipynb is no notebook of ps1, which has 02-x.ipynb");
  });
});
