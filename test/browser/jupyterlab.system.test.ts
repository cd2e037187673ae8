import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  cellAt,
  cellIndexOf,
  clearOutputs,
  dragSlider,
  drawnIn,
  editCell,
  findChromium,
  keepScreenshot,
  launchChromium,
  newPage,
  openNotebook,
  placeNotebook,
  pointAt,
  runAllAbove,
  runCell,
  runCommand,
  setTheme,
  typeIntoCell,
} from "../support/browser";
import { type Jupyter, startJupyter } from "../support/jupyter";
import { shared } from "../support/shared";

const executable = findChromium();

// What a learner sees: JupyterLab as `npm start` opens it, in a real browser, in the short setting.
describe.skipIf(!executable)("JupyterLab in a browser", () => {
  let jupyter: Jupyter;
  let browser: Browser;
  let page: Page;
  shared(
    async () => (jupyter = await startJupyter("browser", { NORMLAB_QUICK: "1" })),
    ({ stop }) => stop(),
  );
  shared(
    async () => (browser = await launchChromium(executable!)),
    (launched) => launched.close(),
  );
  beforeEach(async () => {
    page = await newPage(browser);
  });
  afterEach(async ({ task }) => {
    await keepScreenshot(page, task.name);
    await page.close();
  });

  interface Saved {
    cells: { cell_type: string; outputs?: { output_type: string; data?: Record<string, unknown> }[] }[];
  }
  const saved = (notebook: string) =>
    JSON.parse(readFileSync(join(jupyter.folder, notebook), "utf8")) as Saved;

  it("runs the MNIST comparison and shows its figures", async () => {
    const notebook = "06-mnist.ipynb";
    clearOutputs(jupyter, notebook);
    await openNotebook(page, jupyter, notebook);
    // The first three networks and their curves; test/lesson executes the rest of the lesson.
    const next = await cellIndexOf(page, "comparisonTable(runs");
    await runAllAbove(page, jupyter, notebook, next, 350_000);
    const outputs = saved(notebook).cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const figures = outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"]);
    expect(figures.length).toBe(2); // sample images, curves
    // Drawn by Plotly on the page, not only saved: the extension shows the picture until the pointer enters it.
    const picture = page.locator(".plot-img").filter({ visible: true }).last();
    const drawn = page.locator(".js-plotly-plot .main-svg").filter({ visible: true });
    const drawnWhenTouched = async () => {
      if (!(await drawn.count())) await pointAt(page, picture);
      return drawn.count();
    };
    const message = "figures that Plotly has drawn";
    await expect.poll(drawnWhenTouched, { timeout: 120_000, interval: 1000, message }).toBeGreaterThan(0);
  }, 480_000);

  it("tells a learner what is wrong with an exercise, and then that it is right", async () => {
    clearOutputs(jupyter, "01-axes.ipynb");
    await openNotebook(page, jupyter, "01-axes.ipynb");
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
  }, 240_000);

  it("opens a lesson without changing it; its figures follow the dark theme and have a description", async () => {
    await setTheme(jupyter, "JupyterLab Dark");
    onTestFinished(() => setTheme(jupyter, "JupyterLab Light"));
    await openNotebook(page, jupyter, "02-batch-norm.ipynb");
    const figure = page.locator(".jp-RenderedPlotly").first();
    const picture = figure.locator(".plot-img");
    expect(await picture.getAttribute("alt")).toMatch(/\w+ \w+/);
    // Twice as dense as it is shown.
    expect(await picture.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.width])).toEqual([
      1520, 760,
    ]);
    expect(await figure.evaluate((node) => getComputedStyle(node).filter)).toContain("invert");

    await expect
      .poll(() => pointAt(page, picture).then(() => figure.locator(".main-svg").count()), {
        timeout: 60_000,
        interval: 1000,
      })
      .toBeGreaterThan(0);
    expect(await figure.getAttribute("aria-label")).toMatch(/\w+ \w+/);
    expect(await page.locator(".lm-TabBar-tab.jp-mod-dirty").count()).toBe(0);
  }, 240_000);

  it("lets a reader drag a figure's slider, before any cell has run", async () => {
    await openNotebook(page, jupyter, "02-batch-norm.ipynb");
    const figure = page.locator(".jp-RenderedPlotly", { has: page.locator(".slider-grip-rect") }).first();
    // The slider stands in the next cell, which is folded: its text is not on the page.
    await cellAt(page, (await cellIndexOf(page, "const rowOf")) + 1).scrollIntoViewIfNeeded();
    // Drawn without the pointer having been near: a slider in a still picture could not be found.
    await figure.locator(".scatterlayer path").first().waitFor({ timeout: 60_000 });
    const before = await drawnIn(figure);
    expect(before.value).toBe("ε: 10⁻³");
    await dragSlider(page, figure, "last");
    await expect.poll(() => drawnIn(figure).then(({ value }) => value), { timeout: 20_000 }).toBe("ε: 1");
    const wide = await drawnIn(figure);
    expect(wide.curves).not.toBe(before.curves);
    await dragSlider(page, figure, "first");
    await expect.poll(() => drawnIn(figure).then(({ value }) => value), { timeout: 20_000 }).toBe("ε: 10⁻⁸");
    expect((await drawnIn(figure)).curves).not.toBe(wide.curves);
    expect(await page.locator(".lm-TabBar-tab.jp-mod-dirty").count()).toBe(0);
  }, 240_000);

  it("shows an error at its line, completes a name, and goes on", async () => {
    placeNotebook(jupyter, "kernel.ipynb", [
      'const shape = [2, 3];\nthrow new Error("something went wrong");',
      'import { batchNorm } from "normlab";\nbatchNo',
      "1 + 1",
    ]);
    await openNotebook(page, jupyter, "kernel.ipynb");
    await runCell(page, 0);
    const error = await cellAt(page, 0).locator(".jp-OutputArea").innerText();
    expect(error).toContain("something went wrong");
    expect(error).toMatch(/Cell In \[1\], line 2/);

    await editCell(page, 1);
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.press("Tab");
    await page.locator(".jp-Completer").waitFor({ timeout: 20_000 });
    expect(await page.locator(".jp-Completer").innerText()).toContain("batchNorm");
    await page.keyboard.press("Escape");

    await runCell(page, 2);
    expect(await cellAt(page, 2).locator(".jp-OutputArea").innerText()).toContain("2");
  }, 240_000);

  it("draws curves while it trains, and stops when it is interrupted", async () => {
    placeNotebook(jupyter, "training.ipynb", [training, "run.ended.how"]);
    await openNotebook(page, jupyter, "training.ipynb");
    await editCell(page, 0);
    await page.keyboard.press("ControlOrMeta+Enter");
    const pointsDrawn = () =>
      page.evaluate(() => {
        interface Plot extends Element {
          data?: { x?: ArrayLike<number> }[];
        }
        const plot = document.querySelector<Plot>(".js-plotly-plot");
        return (plot?.data ?? []).reduce((most, { x }) => Math.max(most, x?.length ?? 0), 0);
      });
    const message = "points of the curves";
    await expect.poll(pointsDrawn, { timeout: 120_000, message }).toBeGreaterThan(1);
    const before = await pointsDrawn();
    await expect.poll(pointsDrawn, { timeout: 120_000, message }).toBeGreaterThan(before);

    await runCommand(page, "Kernel", "Interrupt Kernel");
    await cellAt(page, 0).getByText("Interrupted").first().waitFor({ timeout: 20_000 });
    await runCell(page, 1);
    expect(await cellAt(page, 1).locator(".jp-OutputArea").innerText()).toContain("interrupted");
  }, 360_000);
});

/** A training that no test waits for: it is interrupted. */
const training = `import * as tf from "@tensorflow/tfjs";
import { initBackend, liveDisplay, loadMnist, train, trainingCurves } from "normlab";
await initBackend();
const model = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [28, 28, 1] }),
  tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
] });
model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
const live = liveDisplay();
const run = await train(model, loadMnist({ limit: 6000 }), {
  name: "none", epochs: 500, seed: 1, onProgress: ({ run }) => live.update(trainingCurves([run])),
});`;

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
