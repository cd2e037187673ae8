import { describe, expect, it } from "vitest";
import {
  fillOutputs,
  keepOutputs,
  type Notebook,
  notebookText,
  renderLesson,
  unexecuted,
} from "../../dist/lesson";
import { kernelInfo } from "../../dist/kernel/router/kernelInfo";
import { example } from "./example";

const render = (text = example, variant = {}) => renderLesson(text, "lessons/00-example.md", variant);
const sourceOf = (notebook: Notebook, id: string) =>
  notebook.cells.find((cell) => cell.id === id)?.source.join("");
const roles = (notebook: Notebook) => notebook.cells.map(({ metadata }) => metadata.normlab.role);

/** The notebook as if each of its code cells had printed something. */
function executed(notebook: Notebook): Notebook {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const run = code.map(({ id }, i) => [
    id,
    {
      execution_count: i + 5,
      outputs: [{ output_type: "stream" as const, name: "stdout", text: `at ${i} in /root/a/x.ts\n` }],
    },
  ]);
  return fillOutputs(notebook, Object.fromEntries(run), "/root/a");
}

describe("the learner's notebook", () => {
  const notebook = render();

  it("is nbformat 4.5 with stable, unique ids", () => {
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    expect(notebook.metadata.kernelspec).toMatchObject({ name: "tslab", language: "typescript" });
    const ids = notebook.cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
    expect(ids).toContain("exercise-double");
    expect(ids).toContain("answer-why");
  });

  // JupyterLab puts the kernel's answer in its place, and marks the notebook as modified where that is another one.
  it("describes its language as the kernel does", () => {
    expect(notebook.metadata.language_info).toEqual(kernelInfo.language_info);
  });

  it("cuts a long id at the 64 characters that nbformat allows", () => {
    const name = "a".repeat(80);
    const ids = render(example.replaceAll("id=double", `id=${name}`)).cells.map(({ id }) => id);
    expect(ids).toContain(`exercise-${name}`.slice(0, 64));
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
  });

  it("says at the top that it is generated, what it teaches and how long it takes", () => {
    const [title] = notebook.cells;
    expect(title.source.join("")).toContain("# An example");
    expect(title.source.join("")).toContain("Generated from `lessons/00-example.md`");
    expect(title.source.join("")).toContain("see every part of a lesson");
  });

  it("has stubs that throw the exercise's name, folded hints, open answers, and no hidden tests", () => {
    expect(sourceOf(notebook, "exercise-double")).toBe(
      "function double(values: number[]): number[] {\n" +
        '  throw new Error("Exercise double: replace this line, run this cell and its check.");\n}',
    );
    expect(roles(notebook)).not.toContain("hidden");
    expect(notebookText(notebook)).not.toContain("SOLUTION");
    expect(notebook.cells.find(({ metadata }) => metadata.normlab.role === "hint")?.source.join("")).toMatch(
      /^<details>\n<summary>Hint<\/summary>\n\nUse \*map\*/,
    );
  });

  it("has the answer to each question folded below the place for the learner's own", () => {
    const notebook = render(example, { course: {} });
    const at = notebook.cells.findIndex(({ id }) => id === "answer-why");
    expect(notebook.cells[at].source.join("")).toBe("*Double-click here and write your answer.*");
    expect(notebook.cells[at + 1]).toMatchObject({ id: "sample-why", metadata: { tags: ["sample"] } });
    expect(notebook.cells[at + 1].source.join("")).toBe(
      "<details>\n<summary>A sample answer</summary>\n\nBecause.\n\n</details>",
    );
    const unanswered = example.replace(/<!-- BEGIN SOLUTION -->[^]*?<!-- END SOLUTION -->\n/, "");
    const without = render(unanswered, { course: {} });
    expect(roles(without)).not.toContain("sample");
  });

  it("hides code that only draws, and no other", () => {
    const hidden = render(example.replace("```ts\n", "```ts folded\n")).cells.filter(
      ({ metadata }) => metadata.jupyter,
    );
    expect(hidden.map(({ metadata }) => metadata.jupyter)).toEqual([{ source_hidden: true }]);
    expect(notebook.cells.filter(({ metadata }) => metadata.jupyter)).toEqual([]);
  });

  it("announces each exercise", () => {
    const at = notebook.cells.findIndex(({ id }) => id === "exercise-double");
    expect(notebook.cells[at - 1].source.join("")).toBe(
      "**Exercise** `double` · difficulty ●●○○○ · about 4 minutes · 3 points",
    );
  });

  it("locks checks, and keeps what is handed in from being deleted", () => {
    const metadata = (id: string) => notebook.cells.find((cell) => cell.id === id)?.metadata;
    expect(metadata("check-double")).toMatchObject({ editable: false, deletable: false });
    expect(metadata("exercise-double")).toMatchObject({
      deletable: false,
      normlab: { exercise: "double", points: 3 },
    });
    expect(metadata("exercise-double")?.editable).toBeUndefined();
    expect(metadata("answer-why")).toMatchObject({ deletable: false });
  });

  it("is the same, byte for byte, when generated again", () => {
    expect(notebookText(render())).toBe(notebookText(notebook));
  });
});

describe("the other variants", () => {
  it("--solutions shows solutions and sample answers, without markers", () => {
    const notebook = render(example, { solutions: true });
    expect(sourceOf(notebook, "exercise-double")).toContain(
      "  const result = values.map((v) => 2 * v);\n  return result;\n}",
    );
    expect(sourceOf(notebook, "answer-why")).toBe("Because.");
    expect(notebookText(notebook)).not.toContain("SOLUTION");
    expect(roles(notebook)).not.toContain("hidden");
  });

  it("what is handed out as coursework has no answers and no links", () => {
    const links = { previous: { id: "00-a", title: "A" }, next: { id: "02-b", title: "B" } };
    const linked = `${example}\nNext: [the second](02-b.md#there), or [elsewhere](https://x.org/02-b.md).\n`;
    const notebook = render(linked);
    expect(roles(notebook)).not.toContain("sample");
    expect(notebookText(notebook)).not.toContain("Because.");
    expect(notebookText(notebook)).not.toMatch(/ipynb/);
    expect(notebookText(notebook)).toContain("Next: the second, or [elsewhere](https://x.org/02-b.md).");
    expect(notebookText(render(linked, { course: links }))).toContain(
      "Next: [the second](02-b.ipynb#there), or [elsewhere](https://x.org/02-b.md).",
    );
  });

  it("--graded has the stubs and the hidden tests", () => {
    const notebook = render(example, { graded: true });
    expect(sourceOf(notebook, "hidden-double")).toBe("console.log(double([1, 2]));");
    expect(sourceOf(notebook, "exercise-double")).toContain("throw new Error");
    expect(notebookText(notebook)).not.toContain("Because.");
  });
});

describe("outputs", () => {
  const notebook = executed(render());
  const outputs = (n: Notebook) =>
    n.cells.filter((c) => c.cell_type === "code").map((c) => c.outputs?.length ?? 0);

  it("are written without what differs from machine to machine", () => {
    const first = notebook.cells.find(({ cell_type }) => cell_type === "code");
    expect(first).toMatchObject({ execution_count: 1, outputs: [{ text: ["at 0 in ./x.ts\n"] }] });
    expect(unexecuted(notebook)).toBe(0);
  });

  it("joins neighbouring pieces of a stream, and numbers results as their cells", () => {
    const [cell] = render().cells.filter(({ cell_type }) => cell_type === "code");
    const piece = (text: string) => ({ output_type: "stream" as const, name: "stdout", text });
    const result = {
      output_type: "execute_result" as const,
      execution_count: 9,
      metadata: {},
      data: { "text/plain": "7", "image/png": "QQ==\n" },
    };
    const run = { [cell.id]: { execution_count: 9, outputs: [piece("a"), piece("b\n"), result] } };
    const filled = fillOutputs(render(), run, "/r").cells.find(({ id }) => id === cell.id);
    expect(filled?.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["ab\n"] },
      { ...result, execution_count: 1, data: { "text/plain": ["7"], "image/png": "QQ==" } },
    ]);
  });

  it("keeps the two streams apart", () => {
    const [cell] = render().cells.filter(({ cell_type }) => cell_type === "code");
    const piece = (name: "stdout" | "stderr", text: string) => ({
      output_type: "stream" as const,
      name,
      text,
    });
    const outputs = [piece("stdout", "a\n"), piece("stderr", "b\n"), piece("stdout", "c\n")];
    const run = { [cell.id]: { execution_count: 1, outputs } };
    const filled = fillOutputs(render(), run, "/r").cells.find(({ id }) => id === cell.id);
    expect(filled?.outputs?.map(({ name, text }) => [name, text])).toEqual([
      ["stdout", ["a\n"]],
      ["stderr", ["b\n"]],
      ["stdout", ["c\n"]],
    ]);
  });

  it("stay when nothing changed: the file is the same, byte for byte", () => {
    const text = notebookText(notebook);
    expect(notebookText(keepOutputs(render(), JSON.parse(text) as Notebook))).toBe(text);
  });

  it("stay when only text changed", () => {
    const changed = render(example.replace("Some text", "Another text"));
    expect(unexecuted(keepOutputs(changed, notebook))).toBe(0);
  });

  it("stay when the lesson moves to another place in the course", () => {
    const moved = renderLesson(example, "lessons/07-example.md");
    expect(unexecuted(keepOutputs(moved, notebook))).toBe(0);
  });

  it("go from the changed cell on", () => {
    const last = keepOutputs(render(example.replace("x.shape, 7", "x.shape, 8")), notebook);
    expect(outputs(last)).toEqual([1, 1, 1, 0]);
    const middle = keepOutputs(render(example.replace("double([1])", "double([3])")), notebook);
    expect(outputs(middle)).toEqual([1, 1, 0, 0]);
    const first = keepOutputs(render(example.replace("[4, 5, 6]", "[4, 5, 7]")), notebook);
    expect(outputs(first)).toEqual([0, 0, 0, 0]);
    expect(unexecuted(first)).toBe(4);
  });

  it("stay when the solution changed, which the learner's notebook does not have", () => {
    expect(unexecuted(keepOutputs(render(example.replace("2 * v", "v + v")), notebook))).toBe(0);
  });
});
