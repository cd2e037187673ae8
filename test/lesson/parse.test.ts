import { describe, expect, it } from "vitest";
import { LessonError, parseLesson } from "../../dist/lesson";
import { applyPasses } from "../../dist/lesson/passes";
import { example, head } from "./example";

const headLines = head.split("\n").length - 1;

/** The message of the error that the text gives, or undefined. `line` counts from the first line after the head. */
function problemOf(body: string): { line: number; problem: string } | undefined {
  try {
    applyPasses(parseLesson(head + body, "lessons/x.md"));
    return undefined;
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    expect(error.message).toBe(`lessons/x.md:${error.line}: ${error.problem}`);
    return { line: error.line - headLines, problem: error.problem };
  }
}

const exercise = (body: string, info = "exercise id=a points=1") => `\`\`\`ts ${info}\n${body}\n\`\`\`\n`;
const solved = "function f() {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n}";

describe("parseLesson", () => {
  it("reads the head, the text and every kind of cell, each with its line", () => {
    const lesson = parseLesson(example, "lessons/00-example.md");
    expect(lesson).toMatchObject({
      id: "00-example",
      title: "An example",
      minutes: 5,
      objectives: ["see every part of a lesson"],
      prerequisites: ["nothing"],
    });
    expect(lesson.cells.map(({ role }) => role)).toEqual([
      "text",
      "code",
      "text",
      "hint",
      "exercise",
      "check",
      "hidden",
      "question",
      "text",
      "code",
    ]);
    const lines = example.split("\n");
    for (const { source, line } of lesson.cells) expect(lines[line - 1]).toBe(source.split("\n")[0]);
    expect(lesson.cells[4].attributes).toEqual({ id: "double", points: 3, difficulty: 2, minutes: 4 });
    expect(lesson.cells[2].source).toContain('print("not a cell")');
    const inWords = ["text", "hint", "question"];
    for (const { kind, role } of lesson.cells)
      expect(kind).toBe(inWords.includes(role) ? "markdown" : "code");
  });

  it("a fence in a container ends with one as long as it is, and not with a shorter one in it", () => {
    const body = ":::hint\n````md\n```\n:::\n```\n````\n:::\n";
    const [hint] = parseLesson(head + body, "x.md").cells;
    expect([hint.role, hint.source]).toEqual(["hint", "````md\n```\n:::\n```\n````"]);
  });

  it("reads lists of what an exercise uses and does without", () => {
    const text =
      head + exercise(solved, "exercise id=a points=1 uses=norm/standardize,norm/affine without=densityOf");
    expect(parseLesson(text, "x.md").cells[0].attributes).toEqual({
      ...{ id: "a", points: 1, uses: ["norm/standardize", "norm/affine"], without: ["densityOf"] },
    });
  });

  it("takes for code what is TypeScript alone", () => {
    const text = `${head}\`\`\`mts\nconst a = 1;\n\`\`\`\n\n\`\`\`typescript\nconst a = 1;\n\`\`\`\n`;
    expect(parseLesson(text, "x.md").cells.map(({ role }) => role)).toEqual(["text"]);
  });

  it("reads a file written on Windows as the same lesson", () => {
    expect(parseLesson(example.replace(/\n/g, "\r\n"), "x.md")).toEqual(parseLesson(example, "x.md"));
  });

  it.each([
    ["no front matter", "text", 1, "begins with front matter"],
    ["front matter that is not closed", "---\ntitle: x\n", 1, "is not closed"],
    ["an unknown key", "---\ntitle: x\nauthor: y\n---\n", 3, 'knows no "author"'],
    ["no title", "---\nminutes: 3\nobjectives:\n  - a\n---\n", 1, "has no title"],
    [
      "minutes that are no number",
      "---\ntitle: x\nminutes: soon\nobjectives:\n  - a\n---\n",
      1,
      "positive number",
    ],
    ["minutes: 0", "---\ntitle: x\nminutes: 0\nobjectives:\n  - a\n---\n", 1, "minutes is 0"],
    ["no objectives", "---\ntitle: x\nminutes: 3\n---\n", 1, "no objectives"],
    ["an unquoted colon", "---\nminutes: 3\ntitle: a: b\n---\n", 3, 'Quote a text that contains ": "'],
    ["the same key twice", "---\ntitle: x\ntitle: y\n---\n", 3, "no YAML"],
    ["a list in one line", "---\ntitle: x\nminutes: 3\nobjectives: a\n---\n", 1, 'objectives is "a"'],
    [
      "an objective that is no text",
      "---\ntitle: x\nminutes: 3\nobjectives:\n  - a: b\n---\n",
      1,
      "list of texts",
    ],
  ])("refuses %s", (_, text, line, problem) => {
    try {
      parseLesson(text, "x.md");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ line, problem: expect.stringContaining(problem) as string });
    }
  });
});

describe("mistakes in a lesson", () => {
  it("are none in a right one", () => {
    expect(problemOf(exercise(solved))).toBeUndefined();
  });

  it.each<[string, string, number, string]>([
    ["an unclosed fence", "\n```ts\nconst a = 1;\n", 2, "is not closed"],
    ["an unclosed container", "\n:::hint\ntext\n", 2, "is not closed"],
    ["a nested container", ":::hint\n:::question id=q points=1\n:::\n:::\n", 2, "stands inside another"],
    ["a container's end alone", "text\n\n:::\n", 3, "closes nothing"],
    ["an unknown container", ":::tip\ntext\n:::\n", 1, 'unknown container ":::tip"'],
    ["an unknown role", "```ts exercize id=a\n```\n", 1, 'unknown role "exercize"'],
    [
      "an unknown attribute",
      exercise(solved, "exercise id=a points=1 colour=red"),
      1,
      'can\'t read "colour=red"',
    ],
    [
      "points that are no number",
      exercise(solved, "exercise id=a points=many"),
      1,
      'points is "many"; it must be a positive number.',
    ],
    ["points without a number", exercise(solved, "exercise id=a points"), 1, 'points is ""; it must be'],
    [
      "folded with a value",
      "```ts folded=yes\n```\n",
      1,
      'folded is "yes"; it must be given without a value',
    ],
    ["points below 0", exercise(solved, "exercise id=a points=-1"), 1, 'points is "-1"'],
    [
      "minutes that are no number",
      exercise(solved, "exercise id=a points=1 minutes=x"),
      1,
      'minutes is "x"; it must be a positive number.',
    ],
    ["an attribute twice", exercise(solved, "exercise id=a points=1 points=2"), 1, "points is given twice"],
    [
      "what it uses, if that is no list of files",
      exercise(solved, "exercise id=a points=1 uses=norm/standardize,"),
      1,
      'uses is "norm/standardize,"; it must be files of src, such as norm/standardize, with commas between them.',
    ],
    [
      "what it does without, if these are no names",
      exercise(solved, "exercise id=a points=1 without=a,b-c"),
      1,
      'without is "a,b-c"; it must be names that normlab exports, with commas between them.',
    ],
    [
      "a check without an id",
      exercise(solved) + "\n```ts check\n1;\n```\n",
      9,
      "check without id=…: it must name its exercise",
    ],
    ["a difficulty above 5", exercise(solved, "exercise id=a points=1 difficulty=6"), 1, "from 1 to 5"],
    ["a bad id", exercise(solved, "exercise id=A_b points=1"), 1, 'id is "A_b"'],
    ["a cell in a list", "- item\n\n  ```ts\n  const a = 1;\n  ```\n", 3, "inside a list"],
    [
      "an unclosed solution",
      exercise("function f() {\n  // BEGIN SOLUTION\n  return 1;\n}"),
      3,
      "BEGIN SOLUTION is not closed",
    ],
    [
      "a nested solution",
      exercise("function f() {\n  // BEGIN SOLUTION\n  // BEGIN SOLUTION\n  // END SOLUTION\n}"),
      4,
      "inside the solution that begins in line",
    ],
    ["a solution's end alone", exercise("function f() {\n  // END SOLUTION\n}"), 3, "without BEGIN SOLUTION"],
    ["a misspelt marker", exercise("function f() {\n  // Begin solution\n}"), 3, "can't read the marker"],
    ["a solution in a plain cell", "```ts\n" + solved + "\n```\n", 3, "outside an exercise"],
    ["an exercise without a solution", exercise("function f() {}"), 2, "without a solution"],
    ["an exercise without points", exercise(solved, "exercise id=a"), 1, "without points"],
    ["an exercise without an id", exercise(solved, "exercise points=2"), 1, "without id"],
    ["a question without points", ":::question id=q\nWhy?\n:::\n", 1, "without points"],
    ["a duplicate id", exercise(solved) + "\n" + exercise(solved), 9, "already that of the exercise in line"],
    ["a check without an exercise", "```ts check id=b\n1;\n```\n", 1, "without an exercise"],
    [
      "a check above its exercise",
      "```ts check id=a\n1;\n```\n\n" + exercise(solved),
      1,
      "without an exercise",
    ],
    [
      "two checks of one exercise",
      exercise(solved) + "\n```ts check id=a\n1;\n```\n\n```ts check id=a\n2;\n```\n",
      13,
      "two check cells",
    ],
    [
      "a solution outside a function",
      exercise("// BEGIN SOLUTION\nconst a = 1;\n// END SOLUTION"),
      2,
      "inside a function's body",
    ],
    [
      "a solution that cuts a block",
      exercise("function f(a: boolean) {\n  // BEGIN SOLUTION\n  if (a) {\n  // END SOLUTION\n  }\n}"),
      3,
      "around whole statements",
    ],
    [
      "a call in a plain cell",
      exercise(solved) + "\n```ts\nconst a = 1;\nconsole.log(f());\n```\n",
      11,
      'belongs to the exercise "a"',
    ],
    [
      "a call inside a function of a plain cell",
      exercise(solved) + "\n```ts\nconst g = () => f() + 1;\n```\n",
      10,
      "only its check may call it",
    ],
    ["a call in its own cell", exercise(solved + "\nf();"), 7, 'belongs to the exercise "a"'],
    [
      "an exercise's class made in a plain cell",
      exercise("class K {\n  m() {\n    // BEGIN SOLUTION\n    // END SOLUTION\n  }\n}") +
        "\n```ts\nnew K();\n```\n",
      11,
      "K() belongs",
    ],
    [
      "a line of code that is too wide to be read",
      `\`\`\`ts\nconst a = 1;\nconst b = "${"x".repeat(88)}";\n\`\`\`\n`,
      3,
      "this line of code has 101 characters; it must have at most 100",
    ],
  ])("%s: file, line and what is wrong", (_, body, line, problem) => {
    expect(problemOf(body)).toEqual({ line, problem: expect.stringContaining(problem) as string });
  });

  it("a name that a plain cell declares anew is no longer the exercise's", () => {
    expect(problemOf(exercise(solved) + "\n```ts\nfunction f() { return 2; }\nf();\n```\n")).toBeUndefined();
  });

  it("an exercise may call itself", () => {
    const recursive =
      "function f(n: number): number {\n  if (n > 9) return f(n - 1);\n  // BEGIN SOLUTION\n  return f(2);\n  // END SOLUTION\n}";
    expect(problemOf(exercise(recursive))).toBeUndefined();
  });
});
