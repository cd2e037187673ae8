/** The autograder's zip as Gradescope uses it: unpacked, then `run_autograder` for each submission. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { copyFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import yauzl from "yauzl";
import type { GradescopeResults } from "../../../dist/grade/formats/gradescope/results";
import { programNamed } from "../../../dist/grade/box/programs";
import { filesOfZip, zipOf } from "../../../dist/grade/zip";
import { type Notebook, renderLesson } from "../../../dist/lesson";
import { root } from "../../support/jupyter";
import { runProgram } from "../../support/process";
import { hasSandbox } from "../support";
import { faultsOf } from "./gradescopeSchema";

const file = "01-axes.ipynb";
const lesson = readFileSync(join(root, "lessons", "01-axes.md"), "utf8");
const solved = renderLesson(lesson, "lessons/01-axes.md", { solutions: true });
const notebook = (sources: Record<string, string> = {}): string =>
  JSON.stringify({
    ...solved,
    cells: solved.cells.map((cell) => (cell.id in sources ? { ...cell, source: [sources[cell.id]] } : cell)),
  } satisfies Notebook);
const keep = (body: string) => ({
  "exercise-axes-keep": `function centerRows(x: Tensor): Tensor {\n${body}\n}`,
});

/** Whether another user could run what is here; a folder may be closed to all but its owner. */
const nobodyRuns =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--version"], {
    uid: 65534,
    gid: 65534,
    cwd: "/",
  }).status === 0;

describe.skipIf(!hasSandbox)("an autograder for Gradescope", () => {
  let [folder, autograder, few] = ["", "", ""];
  let zip: Buffer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "normlab-gradescope-"));
    chmodSync(folder, 0o755);
    autograder = join(folder, "autograder");
    const exercises = ["--exercises", "axes-keep,axes-choose,axes-square"];
    const args = ["assign", "ps1", "--lessons", "01", ...exercises, "--format", "gradescope", "--out", "ps1"];
    const program = join(root, "scripts", "normlab.mjs");
    const assigned = await runProgram(60_000, process.execPath, [program, ...args], { cwd: folder });
    expect(assigned).toMatchObject({ status: 0, stderr: "" });
    expect(assigned.stdout).toContain("ps1/ps1-autograder.zip  upload this to Gradescope");
    zip = readFileSync(join(folder, "ps1", "ps1-autograder.zip"));
    for (const [path, content] of await filesOfZip(zip)) put(`source/${path}`, content);
    copyFileSync(join(autograder, "source", "run_autograder"), join(autograder, "run_autograder"));
    // What setup.sh installs.
    symlinkSync(join(root, "node_modules"), join(autograder, "source", "normlab", "node_modules"));
    mkdirSync(join(autograder, "source", "node", "bin"), { recursive: true });
    symlinkSync(process.execPath, join(autograder, "source", "node", "bin", "node"));
    // What run_autograder needs beside Node, without bubblewrap.
    few = join(folder, "few");
    mkdirSync(few);
    for (const name of ["mkdir", "rm", "chmod", "cat"]) symlinkSync(programNamed(name)!, join(few, name));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(autograder, path)), { recursive: true });
    writeFileSync(join(autograder, path), content);
  }

  /** Grades these files; what is answered is as documented. */
  async function graded(
    files: Record<string, string | Uint8Array>,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<GradescopeResults & { said: string }> {
    rmSync(join(autograder, "submission"), { recursive: true, force: true });
    mkdirSync(join(autograder, "submission"));
    for (const [path, content] of Object.entries(files)) put(`submission/${path}`, content);
    const { status, stdout, stderr } = await runProgram(
      200_000,
      programNamed("bash")!,
      [join(autograder, "run_autograder")],
      { cwd: autograder, env: { ...process.env, AUTOGRADER_ROOT: autograder, ...environment } },
    );
    expect(status, stderr).toBe(0);
    const results = JSON.parse(
      readFileSync(join(autograder, "results", "results.json"), "utf8"),
    ) as GradescopeResults;
    expect(faultsOf(results)).toEqual([]);
    return { ...results, said: stdout + stderr };
  }
  const scores = ({ tests }: GradescopeResults) =>
    Object.fromEntries(tests.map(({ name, score }) => [name, score]));

  it("is a zip with the two programs at its root, the same each time", async () => {
    const modes = new Map<string, number>();
    for await (const entry of (await yauzl.fromBufferPromise(zip)).eachEntry()) {
      modes.set(entry.fileName, (entry.externalFileAttributes >>> 16) & 0o777);
    }
    expect([modes.get("setup.sh"), modes.get("run_autograder")]).toEqual([0o755, 0o755]);
    expect(modes.get("grader/manifest.json")).toBe(0o644);
    expect([...modes.keys()].filter((path) => /\.map$|^node_modules|tsbuildinfo/.test(path))).toEqual([]);
    const copy = await zipOf(await filesOfZip(zip), ["setup.sh", "run_autograder"]);
    expect(copy.equals(zip)).toBe(true);
    for (const name of ["setup.sh", "run_autograder"]) {
      const { status, stderr } = spawnSync("bash", ["-n", join(autograder, "source", name)]);
      expect(status, String(stderr)).toBe(0);
    }
  });

  it("gives full marks for a right submission, and says what is not graded here", async () => {
    put("submission_metadata.json", JSON.stringify({ created_at: "2027-01-01T00:00:00-08:00", users: [] }));
    const results = await graded({ [file]: notebook({ "answer-axes-square": "It depends." }) });
    expect(results, results.said + results.output).toMatchObject({
      score: 5,
      extra_data: { graded: true, sandbox: "bubblewrap" },
    });
    expect(results.tests.map(({ status }) => status)).toEqual(["passed", "passed"]);
    expect(results.output).toContain("1 questions, 1 points. Handed in: axes-square.");
  });

  it("gives a part for a part, and says which mistake it is", async () => {
    const results = await graded({ [file]: notebook(keep("  return x.sub(x.mean([0], true));")) });
    expect(scores(results)).toEqual({ "axes-keep": 0, "axes-choose": 3 });
    expect(results.score).toBe(3);
    expect(results.tests[0]).toMatchObject({ status: "failed", max_score: 2 });
    expect(results.tests[0].output).toMatch(/0 of 6 tests passed\n✗ .*: you averaged down the columns/);
  });

  it("gives nothing to a submission without the notebook, or with a zip that can't be unpacked", async () => {
    const names = Array.from({ length: 1001 }, (_, i) => [`${i}.ipynb`, Buffer.alloc(0)] as const);
    const results = await graded({ "x.zip": await zipOf(new Map(names)) });
    expect(results).toMatchObject({ score: 0, tests: [{ score: 0 }, { score: 0 }] });
    expect(results.output).toContain("submission/x.zip: the zip has more than 1000 files");
    expect(results.output).toContain(`${file} is missing`);
  });

  /** Tries to read tests and to write the result. */
  const hostile = () => {
    const [manifest, results] = ["source/grader/manifest.json", "results/results.json"].map((path) =>
      JSON.stringify(join(autograder, path)),
    );
    return {
      "exercise-axes-keep": `import { readFileSync, writeFileSync } from "node:fs";
const attempt = (f: () => unknown) => { try { return f() === undefined ? "written" : "read"; } catch { return "neither"; } };
const done = attempt(() => readFileSync(${manifest})) + attempt(() => writeFileSync(${results}, '{"score": 100}'));
if (done !== "neitherneither") process.exit(0);
function centerRows(x: Tensor): Tensor {
  return x.sub(x.mean([-1], true));
}`,
    };
  };

  it("lets a hostile submission neither read tests nor write results", async () => {
    expect(scores(await graded({ [file]: notebook(hostile()) }))).toEqual({
      "axes-keep": 2,
      "axes-choose": 3,
    });
  });

  it("without a sandbox refuses, and tells the instructor why", async () => {
    const results = await graded({ [file]: notebook() }, { PATH: few });
    expect(results).toMatchObject({ score: 0, tests: [], extra_data: { graded: false } });
    expect(results.output).toMatch(/^Not graded: nothing in the autograder's container shuts your code in/);
    expect(results.said).toContain("install bubblewrap");
  });

  it.skipIf(!nobodyRuns)(
    "without a sandbox and with UNSAFE=1 grades as another user, and marks it",
    async () => {
      const results = await graded({ [file]: notebook(hostile()) }, { PATH: few, UNSAFE: "1" });
      expect(results.output).toMatch(/^Graded without protection/);
      expect(results.extra_data).toMatchObject({ sandbox: "none" });
      expect(scores(results)).toEqual({ "axes-keep": 2, "axes-choose": 3 });
    },
  );

  it("that is broken itself gives no points, and says so", async () => {
    const main = join(autograder, "source", "normlab", "dist", "cli", "main.js");
    renameSync(main, `${main}.x`);
    const broken = await graded({ [file]: notebook() });
    expect(broken).toMatchObject({ score: 0, tests: [] });
    expect(broken.output).toContain("the autograder itself failed");
    renameSync(`${main}.x`, main);

    put("source/grader/manifest.json", "{");
    const results = await graded({ [file]: notebook() });
    expect(results).toMatchObject({ score: 0, tests: [] });
    expect(results.output).toContain("the autograder itself failed");
    expect(results.said).toContain("manifest.json is not JSON");
  });
});
