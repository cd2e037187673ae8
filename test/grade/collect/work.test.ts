import { describe, expect, it } from "vitest";
import { hashOf } from "../../../dist/grade/assignment/release";
import { workIn } from "../../../dist/grade/collect/work";

interface Cell {
  id?: string;
  cell_type?: string;
  source: unknown;
  metadata?: unknown;
}

const assigned = {
  notebooks: [{ file: "02-x.ipynb", title: "X", hash: "", locked: { "check-a-b": hashOf("checks.aB(f);") } }],
  exercises: [{ id: "a-b", notebook: "02-x.ipynb", points: 3, stub: "stub" }],
  questions: [{ id: "why", notebook: "02-x.ipynb", points: 2 }],
};
const exercise: Cell = {
  id: "exercise-a-b",
  cell_type: "code",
  source: ["function f() {\n", "}"],
  metadata: {},
};
const answer: Cell = { id: "answer-why", cell_type: "markdown", source: "Because." };
const check: Cell = { id: "check-a-b", cell_type: "code", source: "checks.aB(f);" };

const notebook = (cells: unknown) => Buffer.from(JSON.stringify({ cells, nbformat: 4, metadata: {} }));
const workOf = (bytes: Uint8Array, path = "02-x.ipynb") => workIn(new Map([[path, bytes]]), assigned);
const honest = { exercises: { "a-b": "function f() {\n}" }, answers: { why: "Because." }, remarks: [] };

describe("the work in a submission", () => {
  it("are the exercises' cells and the answers, wherever they stand, and no other cell", () => {
    expect(workOf(notebook([answer, { source: "more" }, check, exercise]))).toEqual(honest);
  });

  it.each(["02-x.ipynb", "ada/ps1/02-x.ipynb", "02-x-1.ipynb", "02-x (1).ipynb", "my homework.ipynb"])(
    "is found in %s",
    (path) => {
      expect(workOf(notebook([exercise, answer]), path)).toEqual(honest);
    },
  );

  it("is not looked for in the one notebook that is another lesson's", () => {
    const two = {
      ...assigned,
      notebooks: [...assigned.notebooks, { ...assigned.notebooks[0], file: "03-y.ipynb" }],
    };
    const { exercises, remarks } = workIn(new Map([["03-y.ipynb", notebook([exercise, answer])]]), two);
    expect([exercises, remarks]).toEqual([{}, ["02-x.ipynb is missing"]]);
  });

  it("is that of the file of the right name, when there are copies", () => {
    const other = { ...exercise, source: "other" };
    const files = new Map([
      ["02-x-Copy1.ipynb", notebook([other, answer])],
      ["deep/02-x.ipynb", notebook([exercise, answer])],
    ]);
    expect(workIn(files, assigned)).toEqual(honest);
  });

  it("is that of this assignment where a student's folder has several, and else what is there", () => {
    const other = { ...exercise, source: "other" };
    const files = new Map([
      ["ada/p/02-x.ipynb", notebook([other, answer])],
      ["ada/ps1/02-x.ipynb", notebook([exercise, answer])],
    ]);
    expect(workIn(files, { ...assigned, name: "ps1" })).toEqual(honest);
    expect(workIn(files, { ...assigned, name: "p" }).exercises).toEqual({ "a-b": "other" });
    expect(workIn(files, { ...assigned, name: "ps3" }).exercises).toEqual({ "a-b": "other" });
  });

  it.each([
    ["edited metadata", [{ ...exercise, metadata: { normlab: { points: 100, role: "check" } } }, answer]],
    [
      "no ids, as an old editor leaves it",
      [
        { ...exercise, id: undefined, metadata: { normlab: { role: "exercise", exercise: "a-b" } } },
        { ...answer, id: undefined, metadata: { normlab: { role: "answer", exercise: "why" } } },
      ],
    ],
    [
      "new ids",
      [{ ...exercise, id: "5f1d", metadata: { normlab: { role: "exercise", exercise: "a-b" } } }, answer],
    ],
    ["text in place of lines", [{ ...exercise, source: "function f() {\n}" }, answer]],
    ["the ends of lines of Windows", [{ ...exercise, source: ["function f() {\r\n", "}"] }, answer]],
    [
      "ids of what every object has",
      [{ id: "__proto__", source: "x" }, { id: "constructor", source: "x" }, exercise, answer],
    ],
    ["cells that are none", [null, 1, { source: 5 }, { id: {}, source: [1] }, exercise, answer]],
  ])("is there with %s", (_, cells) => {
    expect(workOf(notebook(cells))).toEqual(honest);
  });

  it("is found by what it declares when an editor has lost ids and metadata", () => {
    const bare = { cell_type: "code", source: "function f() {\n}" };
    const cells = [
      { ...bare, cell_type: "markdown", source: "function f() { /* in words */ }" },
      { ...bare, source: "f(1);" },
      { ...bare, source: "function g() { function f() {} }" },
      bare,
    ];
    const lost = (all: Cell[]) =>
      workIn(new Map([["02-x.ipynb", notebook(all)]]), {
        ...assigned,
        exercises: [{ ...assigned.exercises[0], stub: "function f() {\n  // your code\n}" }],
        questions: [],
      });
    expect(lost(cells)).toEqual({ exercises: honest.exercises, answers: {}, remarks: [] });
    expect(lost([...cells, { ...bare, source: "const f = 1;" }])).toMatchObject({
      exercises: honest.exercises,
      remarks: ["02-x.ipynb: 2 cells are called exercise-a-b; the first counts"],
    });
    // Where there is an id, nothing else counts.
    expect(lost([bare, { ...exercise, source: "mine" }]).exercises).toEqual({ "a-b": "mine" });
  });

  it("is that of locked cells as they were, also with the ends of lines of Windows", () => {
    const lines = { ...check, source: "checks.aB(f);\r\n" };
    const handedOut = {
      ...assigned,
      notebooks: [{ ...assigned.notebooks[0], locked: { "check-a-b": hashOf("checks.aB(f);\n") } }],
    };
    const files = new Map([["02-x.ipynb", notebook([exercise, answer, lines])]]);
    expect(workIn(files, handedOut)).toEqual(honest);
  });

  it("is not what was handed out: an answer that nobody wrote", () => {
    for (const source of ["*Double-click here and write your answer.*", " \n"]) {
      expect(workOf(notebook([exercise, { ...answer, source }])).answers).toEqual({});
    }
  });

  it("that is gone, doubled or locked and edited is told", () => {
    expect(workOf(notebook([answer])).remarks).toEqual(["02-x.ipynb: the cell exercise-a-b is gone"]);
    const twice = workOf(notebook([exercise, { ...exercise, source: "second" }, answer]));
    expect(twice.exercises).toEqual(honest.exercises);
    expect(twice.remarks).toEqual(["02-x.ipynb: 2 cells are called exercise-a-b; the first counts"]);
    const edited = workOf(notebook([exercise, answer, { ...check, source: "checks.aB(() => 1);" }]));
    expect(edited.remarks).toEqual(["02-x.ipynb: the locked cell check-a-b was edited; it is not read"]);
  });

  const text = notebook([exercise, answer]).toString();
  it.each([
    ["UTF-8 with its mark", Buffer.from("\uFEFF" + text)],
    ["UTF-16", Buffer.from("\uFEFF" + text, "utf16le")],
    [
      "the old Windows set",
      Buffer.from(text.replace("Because.", "na\u00efve").replace("na\u00efve", "Because."), "latin1"),
    ],
  ])("is read from %s", (_, bytes) => {
    expect(workOf(bytes)).toEqual(honest);
  });

  it("keeps the letters of the old Windows set", () => {
    const bytes = Buffer.from(notebook([exercise, { ...answer, source: "naïve" }]).toString(), "latin1");
    expect(workOf(bytes).answers).toEqual({ why: "naïve" });
  });

  it.each([
    ["cut off", Buffer.from(text.slice(0, 50)), /can't be read: it is no notebook: /],
    ["empty", Buffer.alloc(0), /can't be read: it is no notebook: /],
    [
      "with a byte that is none",
      Buffer.from(text.replace("Because", "\0")),
      /can't be read: it is no notebook: /,
    ],
    ["a list", Buffer.from("[]"), /it has no cells/],
    ["null", Buffer.from("null"), /it has no cells/],
    ["brackets in brackets", Buffer.from("[".repeat(2e5) + "]".repeat(2e5)), /it has no cells/],
    ["cells by name", Buffer.from('{"cells":{"length":1,"0":{}}}'), /it has no cells/],
    ["without cells", Buffer.from("{}"), /it has no cells/],
  ])("that is %s is told, and nothing is graded", (_, bytes, message) => {
    const work = workOf(bytes);
    expect(work).toMatchObject({ exercises: {}, answers: {} });
    expect(work.remarks.join()).toMatch(message);
  });

  it("that was not handed in is told", () => {
    expect(workIn(new Map(), assigned)).toEqual({
      ...{ exercises: {}, answers: {} },
      remarks: ["02-x.ipynb is missing"],
    });
  });
});
