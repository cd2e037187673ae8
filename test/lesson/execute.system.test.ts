import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, onTestFinished, type TestContext } from "vitest";
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

async function runAll(name: string, variant: Variant = {}): Promise<Notebook> {
  const over = new AbortController();
  onTestFinished(() => over.abort()); // a test that took too long leaves nothing running

  const notebook = renderLesson(
    readFileSync(resolve(root, "lessons", name), "utf8"),
    `lessons/${name}`,
    variant,
  );
  const result = await executeNotebook(notebook, {
    environment: { NORMLAB_QUICK: "1" },
    signal: over.signal,
  });
  expect(result.succeeded, result.log).toBe(true);
  return fillOutputs(notebook, result.executions, root);
}

/** The learner's notebooks after *Run All* in the real kernel, in the reduced setting; each is run once. */
const unsolved = new Map<string, Notebook>();
async function runUnsolved(name: string, { task }: TestContext): Promise<Notebook> {
  if (task.result?.retryCount) unsolved.delete(name); // a second try runs it anew
  const notebook = unsolved.get(name) ?? (await runAll(name));
  unsolved.set(name, notebook);
  return notebook;
}

const codeCells = ({ cells }: Notebook): NotebookCell[] =>
  cells.filter(({ cell_type }) => cell_type === "code");
const dataOf = (output: Output) => (output.data ?? {}) as Record<string, unknown>;
const textOf = ({ outputs = [] }: NotebookCell) =>
  outputs.map((output) => [output.text ?? dataOf(output)["text/plain"] ?? ""].flat().join("")).join("\n");
const checksOf = (notebook: Notebook) =>
  codeCells(notebook).filter(
    ({ metadata }) => metadata.normlab.role === "check" || metadata.normlab.role === "hidden",
  );

for (const name of lessonFiles()) {
  const hasExercises = readFileSync(resolve(root, "lessons", name), "utf8").includes("```ts exercise");

  describe(name, () => {
    it("runs to its end unsolved, with every figure as Plotly JSON, PNG and words", async (context) => {
      const notebook = await runUnsolved(name, context);
      const outputs = codeCells(notebook).flatMap(({ outputs: all = [] }) => all);
      expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
      const figures = outputs.map(dataOf).filter((data) => "application/vnd.plotly.v1+json" in data);
      expect(figures.length).toBeGreaterThan(0);
      for (const data of figures) {
        expect(data).not.toHaveProperty("text/html");
        expect(Buffer.from(data["image/png"] as string, "base64").toString("latin1", 1, 4)).toBe("PNG");
        expect([data["text/plain"]].flat().join("").length).toBeGreaterThan(20);
      }
      for (const check of checksOf(notebook)) expect(textOf(check)).toContain("not done yet");
      expect(notebookText(notebook)).not.toContain(root);
    });

    it.runIf(hasExercises)("passes its own checks and hidden tests when solved", async () => {
      const notebook = await runAll(name, { solutions: true, graded: true });
      const checks = checksOf(notebook);
      expect(checks.length).toBeGreaterThan(0);
      for (const check of checks) expect(textOf(check)).toMatch(/: (all \d+ checks )?passed/);
    });
  });
}

describe("the comparison on MNIST", () => {
  it("learns in the reduced setting more than a linear model does from all of MNIST", async (context) => {
    const notebook = await runUnsolved("06-mnist.md", context);
    const results = codeCells(notebook)
      .map(textOf)
      .find((text) => text.startsWith("After 2 epochs"));
    const accuracies = [...(results ?? "").matchAll(/^(no normalization|batch norm|layer norm) +([\d.]+)/gm)];
    expect(accuracies.map(([, method]) => method)).toEqual(["no normalization", "batch norm", "layer norm"]);
    // Linear classifiers of the raw pixels: 7.6 to 12 % wrong, Y. LeCun et al., "Gradient-based learning applied
    // to document recognition" (1998), figure 9.
    for (const [, , accuracy] of accuracies) expect(Number(accuracy)).toBeGreaterThan(92.5);
  });
});
