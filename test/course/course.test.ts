/** What a learner's folder remembers: progress, and when a solution is offered. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checks, progress, reveal, type Tensor } from "normlab";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseLesson } from "../../dist/lesson";

const root = join(__dirname, "..", "..");

describe("in a learner's folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-course é "));
    writeFileSync(join(folder, ".versions.json"), "{}");
    vi.spyOn(process, "cwd").mockImplementation(() => folder);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const notDone = () => {
    throw new Error("Exercise axes-keep: replace this line");
  };
  const right = (x: Tensor) => x.sub(x.mean([-1], true));
  const wrongs = [(x: Tensor) => x, (x: Tensor) => x.mul(2), (x: Tensor) => x.add(1)];
  const check = (solution: (x: Tensor) => Tensor) => checks.axesKeep(solution).toString();
  const row = (start: string) =>
    progress()
      .toJSON()
      .rows.find(([lesson]) => String(lesson).startsWith(start));

  it("a solution is offered from the second failed answer on, and not after the exercise was right", () => {
    const offer = 'Stuck? A cell with `reveal("axes-keep")` shows a solution';
    expect(check(notDone)).not.toContain("reveal");
    expect(check(wrongs[0])).not.toContain("reveal");
    expect(check(wrongs[0])).not.toContain("reveal"); // Run All: the same answer is no second try
    expect(check(notDone)).not.toContain("reveal");
    expect(check(wrongs[1])).toContain(offer);
    expect(check(wrongs[1])).toContain(offer); // it stays
    expect(check(right)).not.toContain("reveal");
    for (const wrong of wrongs) expect(check(wrong)).not.toContain("reveal");
    expect(checks.axesKeep(wrongs[0]).status).toBe("failed");
  });

  it("is offered in a form that Jupyter shows", () => {
    check(wrongs[0]);
    expect(checks.axesKeep(wrongs[1]).toMarkdown()).toMatch(
      /\n\nStuck\? A cell with `reveal\("axes-keep"\)` shows/,
    );
  });

  it("the best answer counts, also after a restart", () => {
    expect(row("01")).toEqual(expect.arrayContaining(["0 of 5"]));
    check(right);
    check(wrongs[0]);
    expect(readdirSync(join(folder, ".progress"))).toEqual(["axes-keep.json"]);
    const { cells } = parseLesson(readFileSync(join(root, "lessons", "01-axes.md"), "utf8"), "01-axes.md");
    const points = cells.filter(({ role }) => role === "exercise").map(({ attributes }) => attributes);
    const all = points.reduce((sum, each) => sum + each.points!, 0);
    expect(row("01")?.slice(2)).toEqual([
      "1 of 5",
      `${points.find(({ id }) => id === "axes-keep")!.points} of ${all}`,
    ]);
    expect(row("all")?.slice(2)[0]).toMatch(/^1 of \d\d$/);
  });

  it("an answer that is partly right counts in part", () => {
    const { score } = checks.axesKeep((x) => (x.shape.length === 2 ? right(x) : x));
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(1);
    const [, , done, points] = row("01")!;
    expect(done).toBe("0 of 5");
    expect(Number(String(points).split(" ")[0])).toBeGreaterThan(0);
  });

  it("what is broken there is as if it were not", () => {
    check(right);
    for (const text of ["", "[]", '{"best":"all"}']) {
      writeFileSync(join(folder, ".progress", "axes-keep.json"), text);
      expect(row("01")).toEqual(expect.arrayContaining(["0 of 5"]));
    }
    check(right);
    expect(row("01")).toEqual(expect.arrayContaining(["1 of 5"]));
  });

  it("nothing is written where nobody learns, or nothing can be written", () => {
    writeFileSync(join(folder, ".progress"), "a file in the way");
    expect(check(right)).toContain("all");
    rmSync(join(folder, ".progress"));
    rmSync(join(folder, ".versions.json"));
    check(wrongs[0]);
    expect(check(wrongs[1])).not.toContain("reveal");
    expect(existsSync(join(folder, ".progress"))).toBe(false);
  });

  describe("reveal", () => {
    it("shows the solution without its markers", async () => {
      const { "text/markdown": markdown } = await reveal("axes-keep").toBundle();
      expect(markdown).toMatch(/^\*\*axes-keep\*\*, a solution:\n\n```typescript\n[^]*\n```/);
      expect(markdown).not.toContain("SOLUTION");
      expect(markdown).not.toContain("throw new Error");
    });

    it("says why, for every exercise of the course", async () => {
      for (const name of readdirSync(join(root, "lessons")).filter((name) => name.endsWith(".md"))) {
        const { cells } = parseLesson(readFileSync(join(root, "lessons", name), "utf8"), name);
        for (const { attributes, role } of cells) {
          if (role !== "exercise") continue;
          const { "text/markdown": markdown } = await reveal(attributes.id!).toBundle();
          expect(String(markdown).split(/```\n\n/)[1], attributes.id).toMatch(/^[A-Z`$][^]{80,}\.$/);
        }
      }
    });

    it("says which exercises there are", () => {
      expect(() => reveal("axes-kepe")).toThrow(
        /^reveal: the exercise is "axes-kepe"; it must be one of axes-/,
      );
    });

    it("shows no solution of an assignment, and no check offers one", () => {
      writeFileSync(join(folder, "assignment.json"), "{}");
      expect(() => reveal("axes-keep")).toThrow(/none of an assignment/);
      check(wrongs[0]);
      expect(check(wrongs[1])).not.toContain("reveal");
    });
  });
});
