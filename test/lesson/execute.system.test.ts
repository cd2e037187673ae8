import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { executeNotebook } from "../../dist/cli/executeNotebook";
import {
  fillOutputs,
  type Notebook,
  notebookText,
  type NotebookCell,
  type Output,
  renderLesson,
  type Variant,
} from "../../dist/lesson";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";

const root = resolve(__dirname, "../..");

const cellsOf = (name: string, variant: Variant = {}): Notebook =>
  renderLesson(readFileSync(resolve(root, "lessons", name), "utf8"), `lessons/${name}`, variant);
const codeCells = ({ cells }: Notebook): NotebookCell[] =>
  cells.filter(({ cell_type }) => cell_type === "code");
const dataOf = (output: Output) => (output.data ?? {}) as Record<string, unknown>;
const textOf = ({ outputs = [] }: NotebookCell) =>
  outputs.map((output) => [output.text ?? dataOf(output)["text/plain"] ?? ""].flat().join("")).join("\n");
/** The cell in which the learner's functions make a layer of a network that trains. */
const isOwnLayer = (source: string) => source.includes("trainBeside(");
const sourceOf = ({ source }: NotebookCell) => [source].flat().join("");
const isCheck = ({ metadata }: NotebookCell) =>
  metadata.normlab.role === "check" || metadata.normlab.role === "hidden";

/**
 * A lesson in the real kernel, in the reduced setting, as a learner goes through it: *Run All*, then back to the
 * exercises, each of which is solved and checked, by the hidden tests too. One kernel, because most of the time goes
 * into its start and into training.
 */
async function workThrough(name: string, signal: AbortSignal) {
  const unsolved = cellsOf(name);
  const sources = new Set(codeCells(unsolved).map(sourceOf));
  const solved = codeCells(cellsOf(name, { solutions: true, graded: true }))
    .filter((cell) => isCheck(cell) || !sources.has(sourceOf(cell)) || isOwnLayer(sourceOf(cell)))
    .map((cell) => ({ ...cell, id: `solved-${cell.id}` }));
  const both = { ...unsolved, cells: [...unsolved.cells, ...solved] };
  const result = await executeNotebook(both, { environment: { NORMLAB_QUICK: "1" }, signal });
  expect(result.succeeded, result.log).toBe(true);
  const { cells } = fillOutputs(both, result.executions, root);
  const known = unsolved.cells.length;
  return { unsolved: { ...unsolved, cells: cells.slice(0, known) }, solved: cells.slice(known) };
}

const executed = new Map<string, Notebook>();

describe.concurrent("a lesson, in the real kernel", () => {
  // Two at a time: the last lesson trains longest, so it comes first, and the others pass by it.
  for (const name of lessonFiles()
    .toReversed()
    .filter((name) => codeCells(cellsOf(name)).length > 0)) {
    it(`${name} runs to its end unsolved, and passes its checks when solved`, async (context: TestContext) => {
      const over = new AbortController();
      context.onTestFinished(() => over.abort()); // a test that took too long leaves nothing running
      const { unsolved, solved } = await workThrough(name, over.signal);
      executed.set(name, unsolved);

      const outputs = codeCells(unsolved).flatMap(({ outputs: all = [] }) => all);
      const figures = outputs.map(dataOf).filter((data) => "application/vnd.plotly.v1+json" in data);
      const isPictured = /\.named\(/.test(notebookText(unsolved));
      expect(figures.length > 0).toBe(isPictured);
      for (const data of figures) {
        expect(data).not.toHaveProperty("text/html");
        expect(Buffer.from(data["image/png"] as string, "base64").toString("latin1", 1, 4)).toBe("PNG");
        expect([data["text/plain"]].flat().join("").length).toBeGreaterThan(20);
      }
      for (const check of codeCells(unsolved).filter(isCheck)) {
        expect(textOf(check)).toContain("not done yet");
      }
      expect(notebookText(unsolved)).not.toContain(root);

      const checks = solved.filter(isCheck);
      expect(checks.length).toBe(2 * codeCells(unsolved).filter(isCheck).length);
      for (const check of checks) expect(textOf(check)).toMatch(/: (all \d+ checks )?passed/);

      for (const cell of codeCells(unsolved).filter((one) => isOwnLayer(sourceOf(one)))) {
        expect(textOf(cell)).toContain("backward: the package's takes its place: not done yet");
      }
      for (const cell of solved.filter((one) => isOwnLayer(sourceOf(one)))) {
        expect(textOf(cell)).toContain("✓ backward: yours");
        expect(textOf(cell)).toMatch(/The two losses are the same(, to the last digit| but for rounding)/);
      }
    });
  }
});

describe("the comparison on MNIST", () => {
  it("learns in the reduced setting more than a linear model does from all of MNIST", () => {
    const results = codeCells(executed.get("06-mnist.md")!)
      .map(textOf)
      .find((text) => text.startsWith("After 2 epochs"));
    const accuracies = [...(results ?? "").matchAll(/^(no normalization|batch norm|layer norm) +([\d.]+)/gm)];
    expect(accuracies.map(([, method]) => method)).toEqual(["no normalization", "batch norm", "layer norm"]);
    // Linear classifiers of the raw pixels: 7.6 to 12 % wrong, Y. LeCun et al., "Gradient-based learning applied
    // to document recognition" (1998), figure 9.
    for (const [, , accuracy] of accuracies) expect(Number(accuracy)).toBeGreaterThan(92.5);
  });
});
