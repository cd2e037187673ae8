/** What a student does with an assignment: opens it, works, looks what is missing, hands it in. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { assignmentIn, unpackAssignment } from "../../../dist/cli/assignment";
import { main as submit } from "../../../dist/cli/submit";
import { assign } from "../../../dist/grade/assignment/assign";
import { noPolicy } from "../../../dist/grade/assignment/policy";
import { hashOf } from "../../../dist/grade/assignment/release";
import { workIn } from "../../../dist/grade/collect/work";
import { filesOfZip, zipOf } from "../../../dist/grade/zip";
import type { Notebook } from "../../../dist/lesson";

const root = join(__dirname, "..", "..", "..");
const notebook = "02-batch-norm.ipynb";

describe("a student", () => {
  let given: string;
  let work: string;
  beforeAll(async () => {
    given = mkdtempSync(join(tmpdir(), "normlab-given é "));
    const lessons = ["02-batch-norm", "03-backward"].map((name) => ({
      path: join(root, "lessons", `${name}.md`),
      notebook: "none",
    }));
    await assign({ name: "ps1", lessons, due: "2027-01-15T23:59+01:00", policy: noPolicy, out: given });
  });
  afterAll(() => rmSync(given, { recursive: true }));
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "normlab-work é "));
  });
  afterEach(() => rmSync(work, { recursive: true }));

  const zip = () => join(given, "release", "ps1.zip");
  const path = (name: string) => join(work, "ps1", name);
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(path(name), change(readFileSync(path(name), "utf8")));
  /** Replaces the source of cells. */
  const write = (sources: Record<string, (source: string) => string>) =>
    edit(notebook, (text) => {
      const { cells, ...rest } = JSON.parse(text) as Notebook;
      const changed = cells.map((cell) =>
        cell.id in sources ? { ...cell, source: [sources[cell.id](cell.source.join(""))] } : cell,
      );
      return JSON.stringify({ ...rest, cells: changed });
    });

  describe("who opens what was handed out", () => {
    it.each(["ps1.zip", "the folder of it", "a folder around that"])("gets it from %s", async (which) => {
      const folder = join(work, "downloads");
      mkdirSync(folder);
      for (const [file, content] of await filesOfZip(readFileSync(zip()))) {
        mkdirSync(join(folder, file, ".."), { recursive: true });
        writeFileSync(join(folder, file), content);
      }
      const from = { "ps1.zip": zip(), "the folder of it": join(folder, "ps1") }[which] ?? folder;
      const { opened, sentences } = await unpackAssignment(from, work);
      expect(opened).toBe("ps1/02-batch-norm.ipynb");
      expect(sentences).toEqual([
        expect.stringMatching(
          /^ps1 unpacked into .*ps1, due 2027-01-15T23:59\+01:00; `npx normlab submit ps1`/,
        ),
      ]);
      expect(readdirSync(join(work, "ps1")).sort()).toEqual([
        ".versions.json",
        "02-batch-norm.ipynb",
        "03-backward.ipynb",
        "README.md",
        "assignment.json",
      ]);
    });

    it("finds their work as it was when they open it again", async () => {
      await unpackAssignment(zip(), work);
      edit(notebook, (text) => text.replace("replace this line", "my work"));
      rmSync(path("03-backward.ipynb"));
      const { sentences } = await unpackAssignment(zip(), work);
      expect(sentences).toEqual([expect.stringMatching(/^ps1 is in /)]);
      expect(readFileSync(path(notebook), "utf8")).toContain("my work");
      expect(existsSync(path("03-backward.ipynb"))).toBe(true);
    });

    it("gets a corrected notebook beside their own, and the list of tasks anew", async () => {
      await unpackAssignment(zip(), work);
      edit(notebook, (text) => text.replace("replace this line", "my work"));
      const corrected = join(work, "corrected");
      cpSync(join(given, "release"), corrected, { recursive: true });
      const change = (file: string, from: string, to: string) =>
        writeFileSync(join(corrected, file), readFileSync(join(corrected, file), "utf8").replace(from, to));
      change(notebook, "replace this line", "replace that line");
      change("assignment.json", "2027-01-15", "2027-01-22");
      const { sentences } = await unpackAssignment(corrected, work);
      expect(sentences[1]).toMatch(
        /^02-batch-norm\.ipynb has a newer version; yours is untouched, the new one is .*\.new-\w+\.ipynb$/,
      );
      expect(readFileSync(path(notebook), "utf8")).toContain("my work");
      expect(assignmentIn(work, "ps1").handout.due).toMatch(/^2027-01-22/);
    });

    const wrong = async (files: Record<string, string>) => {
      const file = join(work, "wrong.zip");
      writeFileSync(
        file,
        await zipOf(new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
      );
      return unpackAssignment(file, work);
    };
    const handout = { format: "normlab-handout/1", name: "ps1", notebooks: [], exercises: [], questions: [] };
    it.each([
      ["no assignment", { "a.txt": "" }, /is no assignment: there is no assignment\.json in it/],
      [
        "of another version",
        { "assignment.json": '{"format":"normlab-handout/2"}' },
        /format "normlab-handout\/2"; this version reads normlab-handout\/1/,
      ],
      ["no JSON", { "assignment.json": "{" }, /damaged \(it is not JSON\)/],
      [
        "named as a folder elsewhere",
        { "assignment.json": JSON.stringify({ ...handout, name: "../x" }) },
        /is damaged/,
      ],
      [
        "with a notebook elsewhere",
        {
          "assignment.json": JSON.stringify({ ...handout, notebooks: [{ file: "../x.ipynb", locked: {} }] }),
        },
        /is damaged/,
      ],
      [
        "without its notebook",
        { "assignment.json": JSON.stringify({ ...handout, notebooks: [{ file: "x.ipynb", locked: {} }] }) },
        /lacks x\.ipynb; download it again/,
      ],
    ])("is told of a zip that is %s", async (_, files, message) => {
      await expect(wrong(files)).rejects.toThrow(message);
      expect(readdirSync(work)).toEqual(["wrong.zip"]);
    });

    it("is told of a zip that came half, and of one that isn't there", async () => {
      writeFileSync(join(work, "half.zip"), readFileSync(zip()).subarray(0, 5000));
      await expect(unpackAssignment(join(work, "half.zip"), work)).rejects.toThrow(
        /half\.zip: .*download it again/,
      );
      await expect(unpackAssignment(join(work, "none.zip"), work)).rejects.toThrow(/none\.zip is not there/);
    });
  });

  describe("who hands in", () => {
    let said: string[];
    beforeEach(async () => {
      said = [];
      vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
      await unpackAssignment(zip(), work);
    });
    afterEach(() => void vi.restoreAllMocks());
    const handIn = (...more: string[]) => submit(["ps1", "--work", work, ...more]);

    it("reads what is not done, and gets the rest packed", async () => {
      write({
        "exercise-bn-forward": (source) => source.replace(/throw new Error.*/, "return x as never;"),
        "exercise-bn-moving": (source) => `${source}\n// a thought`,
        "exercise-bn-fold": (source) =>
          `// throw new Error("Exercise bn-fold: …\n${source.replace(/throw .*/, "return x as never;")}`,
        "answer-bn-two": () => "Because.",
      });
      expect(await handIn()).toBe(0);
      const text = said.join("\n");
      expect(text).toMatch(
        /^02-batch-norm\.ipynb, saved 20\d\d-\d\d-\d\d \d\d:\d\d: 2 of 6 exercises, 1 of 5 questions answered$/m,
      );
      expect(text).toMatch(/^03-backward\.ipynb, saved .*: 0 of 2 exercises, 0 of 3 questions answered$/m);
      expect(text).toMatch(/not done: bn-moving {5}3 points, still has the line that throws/);
      expect(text).toMatch(/not done: bn-channels {3}3 points, as it was handed out/);
      expect(text).toMatch(/not done: bn-modes {6}2 points, no answer/);
      expect(text).not.toMatch(/not done: (bn-forward|bn-fold|bn-two) /);
      expect(text).toMatch(/Not done yet: 34 points\./);
      expect(text).toMatch(/^(Due|It was due) 2027-01-15T23:59\+01:00, /m);

      const packed = readFileSync(join(work, "ps1-submission.zip"));
      expect(text).toContain(`Receipt (SHA-256 of the file): ${hashOf(packed)}`);
      const files = await filesOfZip(packed);
      expect([...files.keys()]).toEqual(["ps1/02-batch-norm.ipynb", "ps1/03-backward.ipynb"]);
      const { exercises, answers, remarks } = workIn(files, assignmentIn(work, "ps1").handout);
      expect(exercises["bn-forward"]).toContain("return x as never;");
      expect([answers, remarks]).toEqual([{ "bn-two": "Because." }, []]);
    });

    it("gets the same file for the same work", async () => {
      await handIn();
      const first = readFileSync(join(work, "ps1-submission.zip"));
      await handIn("--out", join(work, "again.zip"));
      expect(readFileSync(join(work, "again.zip"))).toEqual(first);
    });

    it("is told of what will not count, and gets it packed all the same", async () => {
      write({ "check-bn-forward": () => "checks.nothing();", "exercise-bn-fold": () => "// mine" });
      edit("03-backward.ipynb", (text) => text.slice(0, 5000));
      writeFileSync(path("02-batch-norm.new-0123abc.ipynb"), "{}");
      expect(await handIn()).toBe(1);
      const text = said.join("\n");
      expect(text).toMatch(/look: 02-batch-norm\.ipynb: the locked cell check-bn-forward was edited/);
      expect(text).toMatch(/look: 03-backward\.ipynb can't be read: it is no notebook/);
      expect(text).toMatch(/not done: bn-backward-graph {3}8 points, its cell is gone/);
      expect(text).toMatch(/look: 02-batch-norm\.new-0123abc\.ipynb is not handed in/);
      expect(existsSync(join(work, "ps1-submission.zip"))).toBe(true);
    });

    it("is told which notebook is gone", async () => {
      rmSync(path("03-backward.ipynb"));
      expect(await handIn()).toBe(1);
      expect(said.join("\n")).toContain("look: 03-backward.ipynb is missing");
      expect(said.join("\n")).not.toContain("is gone");
      rmSync(path(notebook));
      await expect(handIn()).rejects.toThrow(
        /there is nothing to hand in: .* has none of 02-batch-norm\.ipynb, 03-backward\.ipynb/,
      );
    });

    it("is told which assignments there are", async () => {
      await expect(submit(["ps2", "--work", work])).rejects.toThrow(/has no assignment "ps2": there is ps1/);
      await expect(submit(["../ps1", "--work", join(work, "ps1")])).rejects.toThrow(
        /has no assignment "\.\.\/ps1"/,
      );
      await expect(submit(["ps2", "--work", join(work, "none")])).rejects.toThrow(
        /`npm start -- --assignment ps2\.zip` unpacks one/,
      );
      await expect(submit(["--work", work])).rejects.toThrow(/give the NAME/);
    });
  });
});
