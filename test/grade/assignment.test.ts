import {
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
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assign, type AssignOptions } from "../../dist/grade/assignment/assign";
import { definitionsBefore } from "../../dist/grade/assignment/given";
import { NoAssignment, readManifest } from "../../dist/grade/assignment/manifest";
import { latenessOf, noPolicy, policyOf } from "../../dist/grade/assignment/policy";
import { filesOfZip } from "../../dist/grade/zip";
import { parseLesson } from "../../dist/lesson";

const head = "---\ntitle: A lesson\nminutes: 1\nobjectives:\n  - o\n---\n";
const fence = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const exercise = (id: string, more = "") =>
  [
    fence(
      `ts exercise id=${id} points=3${more}`,
      "function solve(x: number): number {\n  // BEGIN SOLUTION\n  return x + secretOfTheSolution;\n  // END SOLUTION\n}",
    ),
    fence(`ts check id=${id}`, "checks.bnForward(solve);"),
    fence(`ts hidden id=${id}`, 'checks.bnForward(solve, { seed: 7, cases: "hard" });'),
  ].join("\n");
const question =
  ":::question id=why points=2\nWhy?\n<!-- BEGIN SOLUTION -->\nBecause of the sample answer.\n<!-- END SOLUTION -->\n:::\n";

describe("what a lesson gives to an exercise", () => {
  const given = (...cells: string[]) =>
    definitionsBefore(parseLesson([head, ...cells, exercise("a-b")].join("\n"), "x.md"), "a-b");

  it("are imports, functions, classes, types and constants, not what cells do", () => {
    const code = [
      'import { lines, Tensor } from "normlab";',
      "const epsilon = -1e-3;",
      "const table: (string | null)[][] = [];",
      "const f = (x: number) => x * epsilon;",
      "function g() { return f(1); }",
      "interface Sample { x: number }",
      "console.log(f(2));",
      "let count = 0;",
      "count += 1;",
      "const computed = f(3);",
    ];
    const kept = code.filter((line) => !/console|count \+=|computed/.test(line));
    expect(given(fence("ts", code.join("\n")))).toEqual([kept.join("\n")]);
  });

  it("are not what needs a value that was computed, by however many steps", () => {
    const code = "const x = Math.sqrt(2);\nconst f = () => x;\nconst g = () => f();\nconst h = () => 1;";
    expect(given(fence("ts", code))).toEqual(["const h = () => 1;"]);
  });

  it("are as the last cell before it says, and not what another exercise asks for", () => {
    expect(
      given(fence("ts", "const a = 1;"), fence("ts", "const a = Math.sqrt(2);\nconst b = () => a;")),
    ).toEqual([]);
    expect(given(fence("ts", "const a = Math.sqrt(2);"), fence("ts", "const a = 2;"))).toEqual([
      "const a = 2;",
    ]);
    const other = exercise("other").replaceAll("solve", "other");
    expect(given(other, fence("ts", "const viaOther = () => other(1);\nconst fine = 1;"))).toEqual([
      "const fine = 1;",
    ]);
    expect(given(exercise("z").replaceAll("solve", "last"), "")).toEqual([]);
  });

  it("of cells behind it are nothing", () => {
    const text = [head, exercise("a-b"), fence("ts", "const later = 1;")].join("\n");
    expect(definitionsBefore(parseLesson(text, "x.md"), "a-b")).toEqual([]);
  });
});

describe("lateness", () => {
  const due = "2027-01-15T23:59+01:00";
  const at = (text: string) => Date.parse(text);
  const policy = policyOf({
    graceMinutes: 15,
    percentPerDay: 10,
    maxPercent: 25,
    extensions: { ada: "2027-01-20T00:00Z" },
  });

  it.each([
    ["2027-01-15T22:59:00Z", 0, 1],
    ["2027-01-15T23:14:00Z", 0, 1],
    ["2027-01-15T23:14:01Z", 1, 0.9],
    ["2027-01-16T23:14:00Z", 1, 0.9],
    ["2027-01-16T23:14:01Z", 2, 0.8],
    ["2027-02-16T23:14:01Z", 33, 0.75],
  ])("of what came at %s: %i days", (moment, daysLate, factor) => {
    const lateness = latenessOf(policy, due, "bob", at(moment));
    expect(lateness.daysLate).toBe(daysLate);
    expect(lateness.factor).toBeCloseTo(factor, 12);
  });

  it("costs nothing with an extension, when there is no due time, and when nobody knows when it came", () => {
    expect(latenessOf(policy, due, "ada", at("2027-01-19T00:00Z")).factor).toBe(1);
    expect(latenessOf(policy, due, "ada", at("2027-01-21T00:00Z")).daysLate).toBe(1);
    expect(latenessOf(policy, undefined, "bob", at("2030-01-01T00:00Z"))).toEqual({ daysLate: 0, factor: 1 });
    expect(latenessOf(policy, due, "bob", undefined)).toEqual({ daysLate: 0, factor: 1 });
    expect(latenessOf(noPolicy, due, "bob", at("2030-01-01T00:00Z")).factor).toBe(1);
  });

  it.each([
    [{ percentPerDy: 10 }, 'policy: "percentPerDy" is not an option; did you mean "percentPerDay"?'],
    [{ percentPerDay: 110 }, "percentPerDay is 110; it must be a number from 0 to 100"],
    [{ graceMinutes: -1 }, "graceMinutes is -1"],
    [
      { extensions: { ada: "tomorrow" } },
      'extensions.ada is "tomorrow"; it must be a moment with its offset',
    ],
    [{ extensions: ["ada"] }, "extensions is an array of 1; it must be an object"],
    [[], "policy is"],
  ])("refuses the policy %j", (given, message) => {
    expect(() => policyOf(given)).toThrow(message);
  });
});

describe("assign", () => {
  let folder: string;
  let options: AssignOptions;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-assign-"));
    const path = join(folder, "02-x.md");
    writeFileSync(
      path,
      [head, fence("ts", 'import { checks } from "normlab";'), exercise("a-b"), question].join("\n"),
    );
    options = {
      ...{ name: "ps1", policy: noPolicy, out: join(folder, "out"), due: "2027-01-15T23:59+01:00" },
      lessons: [{ path, notebook: join(folder, "02-x.ipynb") }],
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const release = () => join(options.out, "release");
  const read = (name: string) => readFileSync(join(release(), name), "utf8");

  it("hands out notebooks, a page and a zip, in none of which an answer, a seed or a hidden test is", async () => {
    const { exercises } = await assign(options);
    expect(readdirSync(release()).sort()).toEqual(["02-x.ipynb", "README.md", "assignment.json", "ps1.zip"]);
    const zip = await filesOfZip(readFileSync(join(release(), "ps1.zip")));
    expect([...zip.keys()]).toEqual(["ps1/02-x.ipynb", "ps1/README.md", "ps1/assignment.json"]);
    for (const name of ["02-x.ipynb", "README.md", "assignment.json"]) {
      expect(Buffer.from(zip.get(`ps1/${name}`)!).toString()).toBe(read(name));
      expect(read(name)).not.toMatch(/secretOfTheSolution|sample answer|hard|seed/);
      expect(read(name)).not.toContain(String(exercises[0].seed));
    }
    expect(read("README.md")).toMatch(
      /5 points, due 2027-01-15T23:59\+01:00[^]*`02-x.ipynb` \| A lesson \| 1 \| 1 \| 5 \|/,
    );
    expect(JSON.parse(read("02-x.ipynb"))).toMatchObject({ metadata: { normlab: { assignment: "ps1" } } });
  });

  it("keeps for grading what was handed out, whose check it is, and the sample answers", async () => {
    const manifest = await assign(options);
    expect(readManifest(join(options.out, "grader"))).toEqual(manifest);
    expect(manifest.exercises).toMatchObject([
      {
        ...{ id: "a-b", notebook: "02-x.ipynb", points: 3, solution: "solve", check: { name: "bnForward" } },
        ...{ modules: ["tensor", "display"], forbidden: [], given: ['import { checks } from "normlab";'] },
        stub: expect.stringContaining('throw new Error("Exercise a-b'),
      },
    ]);
    expect(manifest.questions).toEqual([
      { id: "why", notebook: "02-x.ipynb", points: 2, text: "Why?", sample: "Because of the sample answer." },
    ]);
    expect(Object.keys(manifest.notebooks[0].locked)).toEqual(["check-a-b"]);
  });

  it("done again changes nothing: seeds are drawn once", async () => {
    const first = await assign(options);
    const zip = readFileSync(join(release(), "ps1.zip"));
    expect(await assign(options)).toEqual(first);
    expect(readFileSync(join(release(), "ps1.zip"))).toEqual(zip);
    const other = await assign({ ...options, out: join(folder, "other") });
    expect(other.exercises[0].seed).not.toBe(first.exercises[0].seed);
  });

  it("of other lessons leaves none of the old notebooks there", async () => {
    await assign(options);
    writeFileSync(join(folder, "03-y.md"), [head, exercise("c-d")].join("\n"));
    await assign({ ...options, lessons: [{ path: join(folder, "03-y.md"), notebook: "none" }] });
    expect(readdirSync(release()).sort()).toEqual(["03-y.ipynb", "README.md", "assignment.json", "ps1.zip"]);
  });

  it("takes the instructor's own seeds and tests, and leaves them out of what is handed out", async () => {
    const own = join(folder, "private");
    mkdirSync(join(own, "checks"), { recursive: true });
    writeFileSync(join(own, "seeds.json"), '{ "a-b": 4711 }');
    writeFileSync(join(own, "checks", "a-b.ts"), 'const id: string = "mine";\nexport const check = id;');
    const { exercises } = await assign({ ...options, private: own });
    expect(exercises).toMatchObject([
      { seed: 4711, check: { file: "checks/a-b.js", hash: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    expect(readFileSync(join(options.out, "grader", "checks", "a-b.js"), "utf8")).toContain('id = "mine"');
    for (const name of readdirSync(release())) expect(read(name)).not.toMatch(/4711|"mine"/);

    writeFileSync(join(own, "seeds.json"), '{ "a-c": 1 }');
    await expect(assign({ ...options, private: own })).rejects.toThrow(
      'an exercise is "a-c"; it must be one of a-b',
    );
    writeFileSync(join(own, "seeds.json"), '{ "a-b": "x" }');
    await expect(assign({ ...options, private: own })).rejects.toThrow(
      'a-b is "x"; it must be a whole number',
    );
  });

  it("can be of some exercises and questions", async () => {
    const { exercises, questions } = await assign({ ...options, only: ["a-b"] });
    expect([exercises.length, questions.length]).toEqual([1, 0]);
    await expect(assign({ ...options, only: ["a-c"] })).rejects.toThrow(
      '--exercises is "a-c"; it must be one of a-b, why',
    );
  });

  it.each([
    [{ name: "p s" }, /NAME is "p s"; it must be made of letters, digits, hyphens and underscores/],
    [{ name: "../x" }, /NAME is/],
    [{ due: "2027-01-15" }, /--due is "2027-01-15"; it must be a moment with its offset/],
    [{ due: "2027-13-15T00:00Z" }, /--due/],
  ])("refuses %j and writes nothing", async (wrong, message) => {
    await expect(assign({ ...options, ...wrong })).rejects.toThrow(message);
    expect(existsSync(options.out)).toBe(false);
  });

  it("is not made of lessons in which there is nothing to grade", async () => {
    writeFileSync(options.lessons[0].path, `${head}\nText.\n`);
    await expect(assign(options)).rejects.toThrow("there is nothing to grade in 02-x.ipynb");
    expect(existsSync(options.out)).toBe(false);
  });

  it("says of an exercise that nothing can grade what is missing", async () => {
    const [{ path }] = options.lessons;
    writeFileSync(path, [head, exercise("a-b").replace(/```ts hidden[^]*/, "")].join("\n"));
    await expect(assign(options)).rejects.toThrow('lessons/02-x.md:8: exercise "a-b" has no hidden tests');
    writeFileSync(
      path,
      [head, exercise("a-b").replace("checks.bnForward(solve, {", "check(solve, {")].join("\n"),
    );
    await expect(assign(options)).rejects.toThrow("hidden tests that can't be graded outside the notebook");
  });
});

describe("a manifest", () => {
  it("that is none is refused with what it is", () => {
    const folder = mkdtempSync(join(tmpdir(), "normlab-manifest-"));
    expect(() => readManifest(folder)).toThrow(/has no manifest.json; give the folder grader\//);
    writeFileSync(join(folder, "manifest.json"), "{");
    expect(() => readManifest(folder)).toThrow(/is not JSON/);
    writeFileSync(join(folder, "manifest.json"), '{ "format": "normlab-assignment/2" }');
    expect(() => readManifest(folder)).toThrow(NoAssignment);
    expect(() => readManifest(folder)).toThrow(/of the format "normlab-assignment\/2"/);
    rmSync(folder, { recursive: true });
  });
});
