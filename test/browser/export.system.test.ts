/**
 * A lesson exported by Jupyter (`nbconvert --to html`) can be read without a network and without seeing its pictures,
 * and its sliders need neither network nor kernel.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { pythonIn } from "../../scripts/setup/python-packages.mjs";
import { dragSlider, drawnIn, findChromium, launchChromium, newPage } from "../support/browser";
import { root } from "../support/jupyter";
import { runProgram } from "../support/process";
import { shared } from "../support/shared";
import { within } from "../support/within";

const executable = findChromium();

describe.skipIf(!executable)("an exported lesson", () => {
  let folder: string;
  let browser: Browser;
  shared(
    async () => (browser = await launchChromium(executable!)),
    (launched) => within(30_000, "the end of Chromium", launched.close()),
  );
  shared(
    async () => {
      folder = mkdtempSync(join(tmpdir(), "normlab-export-"));
      const notebook = join(root, "notebooks", "02-batch-norm.ipynb");
      const args = ["-m", "nbconvert", "--to", "html", "--output-dir", folder, notebook];
      const { status, stderr } = await runProgram(120_000, pythonIn(join(root, ".venv")), args);
      expect(status, stderr).toBe(0);
    },
    async () => rmSync(folder, { recursive: true }),
  );

  it("has sliders that move, with the words of the pictures they replace", async () => {
    const page = await newPage(browser);
    try {
      await page.route(/^https?:/, (route) => route.abort());
      await page.goto(pathToFileURL(join(folder, "02-batch-norm.html")).href);
      const figures = page.locator(".js-plotly-plot");
      expect(await figures.count()).toBe(3);
      for (const [i, first] of ["ε: 10⁻⁸", "γ: 0.25", "batch size N: 2"].entries()) {
        const figure = figures.nth(i);
        expect(await figure.getAttribute("aria-label")).toMatch(/^A figure with a slider, "/);
        const before = await drawnIn(figure);
        expect(before.value).not.toBe(first);
        await dragSlider(page, figure, "first");
        await expect.poll(() => drawnIn(figure).then(({ value }) => value), { timeout: 20_000 }).toBe(first);
        expect((await drawnIn(figure)).curves).not.toBe(before.curves);
      }
    } finally {
      await page.close();
    }
  });

  // That Temml understands the formulas of all lessons is shown without a browser, in test/lesson/formulas.test.ts.
  it("shows its formulas and describes its pictures", async () => {
    const page = await newPage(browser);
    try {
      await page.route(/^https?:/, (route) => route.abort());
      await page.goto(pathToFileURL(join(folder, "02-batch-norm.html")).href);
      const seen = await page.evaluate(() => ({
        formulas: document.querySelectorAll("math").length,
        leftAsTex: [...document.querySelectorAll<HTMLElement>(".jp-RenderedMarkdown")]
          .map((text) => text.innerText)
          .filter((text) => /\$.*\$|\\[a-z]+\{/.test(text)),
        pictures: document.images.length,
        inFewWords: [...document.images].filter(({ alt }) => alt.length < 20).map(({ alt }) => alt),
      }));
      expect(seen).toMatchObject({ leftAsTex: [], inFewWords: [] });
      expect(seen.formulas).toBeGreaterThan(20);
      expect(seen.pictures).toBeGreaterThan(2);
    } finally {
      await page.close();
    }
  });
});
