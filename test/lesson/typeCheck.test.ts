import tslabCompiler from "@tslab/typescript-for-tslab";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";
import { parseLesson } from "../../dist/lesson";
import { type LessonProgram, lessonProgram } from "../../dist/lesson/program";
import { type Compiler, typeCheck } from "../../dist/lesson/typeCheck";
import { example, head } from "./example";

const root = resolve(__dirname, "../..");
const programs = (text: string, name = "x.md"): LessonProgram[] =>
  [true, false].map((solutions) => lessonProgram(parseLesson(text, `lessons/${name}`), { solutions }));
const cells = (...sources: string[]) =>
  head + sources.map((source) => `\`\`\`ts\n${source}\n\`\`\`\n`).join("\n");
/** Where the first cell's first line stands. */
const first = head.split("\n").length + 1;

describe("cells of all lessons", () => {
  const all = lessonFiles().flatMap((name) =>
    programs(readFileSync(resolve(root, "lessons", name), "utf8"), name),
  );

  it("are right under TypeScript 5.9 --strict, with solutions and with stubs", () => {
    expect(all.length).toBeGreaterThan(0);
    expect(typeCheck(all, { root })).toEqual([]);
  });

  it("are right under tslab's own TypeScript, which is what learners get", () => {
    expect(typeCheck(all, { root, strict: false, compiler: tslabCompiler as unknown as Compiler })).toEqual(
      [],
    );
  });
});

describe("typeCheck", () => {
  const check = (text: string) => typeCheck(programs(text).slice(0, 1), { root });

  it("accepts what a notebook accepts: names anew, imports twice, await, stubs", () => {
    expect(typeCheck(programs(example), { root })).toEqual([]);
    const text = cells(
      'import { tensor } from "normlab";\nlet a = tensor([1]);\nconst b = 1;',
      'import { tensor, type Tensor } from "normlab";\nconst b = "text";\na = tensor([2]);\nconst c: Tensor = a;',
      "console.log(await Promise.resolve(b.length), c.shape);",
    );
    expect(check(text)).toEqual([]);
  });

  it("finds mistakes on their line of the Markdown", () => {
    const text = cells(
      "const a = 1;",
      'const b: number = "2";\nconst c: string = null;',
      "console.log(a, d);",
    );
    expect(check(text)).toMatchObject([
      {
        file: "lessons/x.md",
        line: first + 4,
        message: expect.stringContaining("'string' is not assignable") as string,
      },
      { line: first + 5, message: expect.stringContaining("'null' is not assignable") as string },
      { line: first + 9, message: expect.stringContaining("Cannot find name 'd'") as string },
    ]);
  });

  it("finds a wrong import on its line, and a name imported from two places", () => {
    const text = cells("const a = 1;", 'import {\n  tensor,\n  tenser,\n} from "normlab";\ntensor([a]);');
    expect(check(text)).toMatchObject([
      { line: first + 6, message: expect.stringContaining("tenser") as string },
    ]);
    const twice = cells('import { tensor } from "normlab";', 'import { tensor } from "@tensorflow/tfjs";');
    expect(() => programs(twice)).toThrow(
      `lessons/x.md:${first + 4}: "tensor" was imported from "normlab" before`,
    );
  });

  it("does not let a cell use what a later one declares", () => {
    expect(check(cells("console.log(later);", "const later = 1;"))).toMatchObject([{ line: first }]);
  });

  it("finds variables that are silently any", () => {
    expect(check(cells('const a = JSON.parse("1");'))).toMatchObject([
      { line: first, message: expect.stringContaining('"a" is silently of type any') as string },
    ]);
  });

  it("checks the stubbed form too: an exercise's other code must not need the solution's names", () => {
    const text = `${head}\n\`\`\`ts exercise id=a points=1\nfunction f(): number {\n  // BEGIN SOLUTION\n  const y = 1;\n  // END SOLUTION\n  return y;\n}\n\`\`\`\n`;
    const [solved, stubbed] = programs(text);
    expect(typeCheck([solved], { root })).toEqual([]);
    expect(typeCheck([stubbed], { root })).toMatchObject([{ line: head.split("\n").length + 6 }]);
  });
});
