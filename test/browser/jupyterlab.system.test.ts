import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  cellAt,
  cellIndexOf,
  findChromium,
  keepScreenshot,
  launchChromium,
  openNotebook,
  runAllCells,
  runCell,
  typeIntoCell,
} from "../support/browser";
import { type Jupyter, startJupyter } from "../support/jupyter";

const executable = findChromium();

// What a learner sees: JupyterLab as `npm start` opens it, in a real browser, in the short setting.
describe.skipIf(!executable)("JupyterLab in a browser", () => {
  let jupyter: Jupyter;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [jupyter, browser] = await Promise.all([
      startJupyter("browser", { NORMLAB_QUICK: "1" }),
      launchChromium(executable!),
    ]);
  });
  afterEach(async ({ task }) => {
    await keepScreenshot(page, task.name);
    await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    await jupyter?.stop();
  });

  interface Saved {
    cells: { cell_type: string; outputs?: { output_type: string; data?: Record<string, unknown> }[] }[];
  }
  const saved = (notebook: string) =>
    JSON.parse(readFileSync(join(jupyter.folder, notebook), "utf8")) as Saved;

  it("runs the MNIST comparison to its end and shows its figures", async () => {
    const notebook = "05-mnist.ipynb";
    page = await openNotebook(browser, jupyter, notebook);
    await runAllCells(page, jupyter, notebook, 280_000);
    const outputs = saved(notebook).cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const figures = outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"]);
    expect(figures.length).toBeGreaterThan(2);
    // Drawn by Plotly on the page, not only saved.
    await page.locator(".js-plotly-plot .main-svg").last().scrollIntoViewIfNeeded();
    expect(await page.locator(".js-plotly-plot .main-svg").count()).toBeGreaterThan(0);
  }, 300_000);

  it("tells a learner what is wrong with an exercise, and then that it is right", async () => {
    page = await openNotebook(browser, jupyter, "01-axes.ipynb");
    await runCell(page, await cellIndexOf(page, 'from "normlab"'));
    const exercise = await cellIndexOf(page, "function normalizeColumns");
    const check = await cellIndexOf(page, "checks.axesColumns(");
    const attempt = async (mean: string) => {
      await typeIntoCell(page, exercise, solution(mean));
      await runCell(page, exercise);
      await runCell(page, check);
      return (await cellAt(page, check).locator(".jp-OutputArea").innerText()).trim();
    };
    // Along the rows: a layer norm.
    expect(await attempt("x.map((row) => average(row))[r]")).toContain("this is layer norm");
    expect(await attempt("average(x.map((row) => row[c]))")).toMatch(/all \d+ checks passed/);
  }, 120_000);
});

/** Exercise axes-columns; `mean` is the expression for the mean that belongs to row r, column c. */
function solution(mean: string): string {
  const values = mean.includes("[r]") ? "x[r]" : "x.map((row) => row[c])";
  return `function normalizeColumns(x: number[][], epsilon: number): number[][] {
  const average = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return x.map((row, r) => row.map((value, c) => {
    const mean = ${mean};
    const variance = average(${values}.map((v) => (v - mean) ** 2));
    return (value - mean) / Math.sqrt(variance + epsilon);
  }));
}`;
}
