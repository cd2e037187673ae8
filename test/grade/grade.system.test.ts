/** `npx normlab assign` and `grade` as an instructor calls them, on a lesson of the course. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Grades, StudentGrade } from "../../dist/grade/grading/grade";
import { zipOf } from "../../dist/grade/zip";
import { type Notebook, renderLesson } from "../../dist/lesson";
import { hasSandbox, leftBehind } from "./support";

const root = resolve(__dirname, "..", "..");
const program = join(root, "scripts", "normlab.mjs");

const lesson = readFileSync(join(root, "lessons", "02-batch-norm.md"), "utf8");
const solved = renderLesson(lesson, "lessons/02-batch-norm.md", { solutions: true });

/** The solved notebook with cells replaced. */
function withCells(sources: Record<string, string>): Notebook {
  const cells = solved.cells.map((cell) =>
    cell.id in sources ? { ...cell, source: [sources[cell.id]] } : cell,
  );
  return { ...solved, cells };
}
const sourceOf = (id: string) => solved.cells.find((cell) => cell.id === id)!.source.join("");

/** An exercise's function with another body. */
const body = (exercise: string, code: string) =>
  sourceOf(`exercise-${exercise}`).replace(/(\): [^\n]*) \{\n[^]*/, `$1 {\n${code}\n}`);

/** The solved notebook with what must not count: another kernel, cells of the student's own, outputs of 60 MB. */
function tampered(): Notebook {
  const kernelspec = { name: "python3", display_name: "x" };
  const own = ["Tensor.prototype.add = () => 1; process.exit(0);"];
  const outputs = [{ output_type: "stream" as const, name: "stdout", text: ["x".repeat(60e6)] }];
  // What the lesson has imported already.
  const again = 'import { batchNorm, tensor, type Tensor } from "normlab";\n';
  const { cells } = withCells({ "exercise-bn-fold": again + sourceOf("exercise-bn-fold") });
  return {
    ...solved,
    metadata: { ...solved.metadata, kernelspec },
    cells: [
      { cell_type: "code", id: "x", metadata: {} as never, source: own },
      ...cells.map((cell, i) => (i === 2 ? { ...cell, outputs } : cell)),
    ],
  };
}

describe.skipIf(!hasSandbox)("grading lesson 02", () => {
  let folder: string;
  let byStudent: Record<string, StudentGrade>;
  let grades: Grades;
  const normlab = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8", timeout: 300_000 });
  const put = (path: string, content: Notebook | string | Uint8Array) => {
    mkdirSync(join(folder, "handed-in", path, ".."), { recursive: true });
    const text =
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content);
    writeFileSync(join(folder, "handed-in", path), text);
  };
  const grade = (...more: string[]) =>
    normlab("grade", "out/grader", "handed-in", "--out", "grades", ...more);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "normlab grading é "));
    const assigned = normlab("assign", "ps1", "--lessons", "02", "--out", "out");
    expect(assigned.stderr).toBe("");
    expect(assigned.stdout).toContain("ps1: 6 exercises and 5 questions, 25 points");

    const secret = JSON.stringify(join(folder, "out", "grader", "manifest.json"));
    put("ada/02-batch-norm.ipynb", solved);
    const cells = JSON.stringify(tampered()).replace(/"points":\d+/g, '"points":1000');
    put("tampered.zip", await zipOf(new Map([["ps1/02-batch-norm.ipynb", Buffer.from(cells)]])));
    put("unsolved.ipynb", readFileSync(join(folder, "out", "release", "02-batch-norm.ipynb"), "utf8"));
    put(
      "=cmd()/02-batch-norm.ipynb",
      withCells({ "exercise-bn-inference": body("bn-inference", "return x;") }),
    );
    put(
      "refused.ipynb",
      withCells({
        "exercise-bn-channels": body("bn-channels", "return 1;"),
        "exercise-bn-moving": body("bn-moving", "return (;"),
        "exercise-bn-inference": body("bn-inference", "return myHelper(x);"),
      }),
    );
    const fs = (name: string) => `import { ${name} } from "node:fs";\n`;
    const [reads, forges] = [
      `throw new Error(readFileSync(${secret}, "utf8"));`,
      "writeSync(4, new Uint8Array(64)); return x;",
    ];
    put(
      "tries.ipynb",
      withCells({
        "exercise-bn-moving": fs("readFileSync") + body("bn-moving", reads),
        "exercise-bn-inference": fs("writeSync") + body("bn-inference", forges),
      }),
    );
    put("truncated.ipynb", JSON.stringify(solved).slice(0, 9000));
    symlinkSync("/etc", join(folder, "handed-in", "link"));

    const { stderr, stdout, status } = grade();
    expect(stdout, stderr).toMatch(/7 students: the grades are in grades/);
    expect(status).toBe(0);
    grades = JSON.parse(readFileSync(join(folder, "grades", "grades.json"), "utf8")) as Grades;
    byStudent = Object.fromEntries(grades.students.map((each) => [each.student, each]));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const earned = (student: string) =>
    Object.fromEntries(byStudent[student].exercises.map(({ id, status, score }) => [id, [status, score]]));
  const right = {
    "bn-forward": ["passed", 4],
    "bn-channels": ["passed", 3],
    "bn-moving": ["passed", 3],
    "bn-inference": ["passed", 2],
    "bn-fold": ["passed", 3],
    "bn-fold-next": ["passed", 4],
  };

  it.each(["ada", "tampered"])("gives %s full marks", (student) => {
    expect(earned(student)).toEqual(right);
    expect(byStudent[student]).toMatchObject({ rawScore: 19, score: 19, maxScore: 25, remarks: [] });
  });

  it("gives nothing for what was handed out", () => {
    expect(byStudent.unsolved).toMatchObject({ score: 0, unread: 0, remarks: [] });
    expect(new Set(byStudent.unsolved.exercises.map(({ status }) => status))).toEqual(new Set(["not done"]));
  });

  it.each([
    ["=cmd()", { "bn-inference": ["failed", 0] }],
    [
      "refused",
      { "bn-channels": ["refused", 0], "bn-moving": ["refused", 0], "bn-inference": ["refused", 0] },
    ],
    ["tries", { "bn-moving": ["failed", 0], "bn-inference": ["failed", 0] }],
  ])("takes from %s the points of these exercises alone", (student, wrong) => {
    expect(earned(student)).toEqual({ ...right, ...wrong });
  });

  it("says why", () => {
    const of = (student: string, exercise: string) =>
      byStudent[student].exercises.find(({ id }) => id === exercise)!;
    expect(of("refused", "bn-channels").reason).toMatch(/Type 'number' is not assignable to type/);
    expect(of("refused", "bn-moving").reason).toMatch(/Expression expected/);
    expect(of("refused", "bn-inference").reason).toMatch(/Cannot find name 'myHelper'.*its own cell/);
    expect(of("tries", "bn-moving").results[0].message).toMatch(/ENOENT/);
    expect(of("tries", "bn-inference").end).toBe("forged");
    expect(byStudent.truncated.remarks.join()).toMatch(/can't be read: it is no notebook/);
  });

  it("done again leaves what is unchanged alone, and answers the same", () => {
    const { stderr } = grade("--jobs", "1");
    expect(stderr.match(/\(unchanged\)/g)).toHaveLength(7);
    expect(readFileSync(join(folder, "grades", "grades.json"), "utf8")).toBe(
      `${JSON.stringify(grades, null, 2)}\n`,
    );
  });

  describe("a few of them", () => {
    const few = ["=cmd()", "ada"];
    const gradeFew = (out: string, ...more: string[]) =>
      normlab("grade", "out/grader", "few", "--out", out, ...more);
    const gradesIn = (out: string) =>
      JSON.parse(readFileSync(join(folder, out, "grades.json"), "utf8")) as Grades;
    beforeAll(() => {
      for (const name of few)
        cpSync(join(folder, "handed-in", name), join(folder, "few", name), { recursive: true });
    });

    it("earn the same for the same seeds, whoever is graded before", () => {
      expect(gradeFew("again", "--jobs", "1").stderr).not.toContain("unchanged");
      const timeless = (all: StudentGrade[]) =>
        JSON.parse(JSON.stringify(all, (key, value: unknown) => (key === "seconds" ? 0 : value))) as unknown;
      const before = few.map((student) => byStudent[student]);
      expect(timeless(gradesIn("again").students)).toEqual(timeless(before));
    });

    it("are not graded again when the grading was killed in between", async () => {
      const args = [program, "grade", "out/grader", "few", "--out", "killed", "--jobs", "1"];
      const run = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      const closed = once(run, "close");
      let said = "";
      for await (const part of run.stderr) {
        said += String(part);
        if (said.includes("1/2")) run.kill("SIGKILL");
      }
      await closed;
      expect(existsSync(join(folder, "killed", "grades.json"))).toBe(false);
      expect(gradeFew("killed").stderr.match(/\(unchanged\)/g)).toHaveLength(1);
      expect(gradesIn("killed").students.map(({ score }) => score)).toEqual([17, 19]);
    });
  });

  describe("with the instructor's own tests", () => {
    const assignOwn = (test: string) => {
      mkdirSync(join(folder, "private", "checks"), { recursive: true });
      writeFileSync(join(folder, "private", "checks", "bn-inference.ts"), test);
      const lessons = ["--lessons", "02", "--exercises", "bn-inference,bn-fold"];
      const assigned = normlab("assign", "own", ...lessons, "--private", "private", "--out", "own");
      expect(assigned.stderr).toBe("");
      mkdirSync(join(folder, "one"), { recursive: true });
      cpSync(join(folder, "handed-in", "ada"), join(folder, "one", "ada"), { recursive: true });
      return normlab("grade", "own/grader", "one", "--out", "own/grades");
    };
    const ada = () =>
      (JSON.parse(readFileSync(join(folder, "own", "grades", "grades.json"), "utf8")) as Grades).students[0];

    it("grades by them in place of the course's", () => {
      const { status, stderr } = assignOwn(`
        import { exercise } from "normlab/dist/checks/exercise";
        import { invoke } from "normlab/dist/checks/invoke";
        import { tensor } from "normlab";
        const one = tensor([1]);
        const options = { gamma: one, beta: one, movingMean: one, movingVariance: one, epsilon: 1 };
        export const check = exercise<(x: unknown, options: unknown) => { data: number[] }>("bn-inference", (solution) => ({
          usual: {
            "x of the mean gives β": () => invoke(solution, tensor([[1]]), options).data[0] === 1 ? undefined : "no",
            "what nobody can do": () => "no",
          },
          hard: {},
        }));`);
      expect(status, stderr).toBe(0);
      expect(ada().exercises).toMatchObject([
        {
          id: "bn-inference",
          score: 1,
          results: [{ passed: true }, { passed: false, name: "what nobody can do" }],
        },
        { id: "bn-fold", score: 3 },
      ]);
    });

    it("says which of them can't be used, and calls nobody's work wrong for it", () => {
      const { status, stderr } = assignOwn("export const chekc = 1;");
      expect(status).toBe(1);
      expect(stderr).toMatch(/ada could not be graded: .*bn-inference\.js exports no function "check"/);
      expect(ada()).toMatchObject({ exercises: [{ status: "ungraded" }, { status: "ungraded" }] });
    });
  });

  it("merges what a person thinks of the answers", () => {
    const manual = join(folder, "grades", "manual.csv");
    const text = readFileSync(manual, "utf8");
    expect(text).toContain("'=cmd(),bn-modes,2,,");
    writeFileSync(manual, text.replace("'=cmd(),bn-modes,2,,", "'=cmd(),bn-modes,2,1.5,half of it"));
    const { status, stderr } = grade();
    expect(status, stderr).toBe(0);
    const { students } = JSON.parse(readFileSync(join(folder, "grades", "grades.json"), "utf8")) as Grades;
    const cmd = students.find(({ student }) => student === "=cmd()");
    expect(cmd).toMatchObject({ rawScore: 18.5, unread: 4 });
    expect(readFileSync(manual, "utf8")).toContain("'=cmd(),bn-modes,2,1.5,half of it");
  });

  it("ends with a line that says what is wrong", () => {
    const wrong = (...args: string[]) => {
      const { status, stderr } = normlab("grade", ...args);
      return [status, stderr.split("\n")[0]];
    };
    expect(wrong("out", "handed-in", "--out", "x")).toEqual([
      1,
      expect.stringContaining("has no manifest.json"),
    ]);
    expect(wrong("out/grader", "none", "--out", "x")).toEqual([
      1,
      expect.stringContaining("none can't be read"),
    ]);
    expect(wrong("out/grader")).toEqual([2, expect.stringContaining("give two folders")]);
    expect(wrong("out/grader", "handed-in")).toEqual([2, expect.stringContaining("--out is missing")]);
    expect(wrong("out/grader", "handed-in", "--out", "x", "--jobs", "0")).toEqual([
      2,
      expect.stringContaining("--jobs"),
    ]);
    expect(wrong("out/grader", "handed-in", "--out", "x", "--roster", "no.csv")).toEqual([
      1,
      expect.stringContaining("no.csv"),
    ]);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("leaves nothing behind", () => {
    expect(leftBehind()).toEqual([]);
  });
});
