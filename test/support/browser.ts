/** An installed Chromium, driven by playwright-core; no browser is ever downloaded. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { type Jupyter, outputFolder } from "./jupyter";

const places = [
  process.env.NORMLAB_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Where Chromium is. Without one: undefined on a person's machine, an error where CI is set. */
export function findChromium(): string | undefined {
  const path = places.find((place) => place && existsSync(place));
  if (path) return path;
  const message = "no Chromium found: install it, or name it in NORMLAB_CHROMIUM; without it";
  if (process.env.CI) throw new Error(`${message} the browser tests fail, because CI is set`);
  console.warn(`${message} the browser tests are skipped`);
  return undefined;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  // Chromium's own background traffic (updates, suggestions) has no place in a test.
  const quiet = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
  ];
  return chromium.launch({ executablePath, args: [...quiet, ...(isRoot ? ["--no-sandbox"] : [])] });
}

/** Writes a notebook of code cells into the folder that JupyterLab shows. */
export function placeNotebook(jupyter: Jupyter, name: string, sources: string[]): void {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
  writeFileSync(join(jupyter.folder, name), JSON.stringify(notebook));
}

/** Takes the outputs away from a copy of a notebook, so that what is seen afterwards is new. */
export function clearOutputs(jupyter: Jupyter, name: string): void {
  const path = join(jupyter.folder, name);
  const notebook = JSON.parse(readFileSync(path, "utf8")) as { cells: { cell_type: string }[] };
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  writeFileSync(path, JSON.stringify({ ...notebook, cells }));
}

export function newPage(browser: Browser): Promise<Page> {
  return browser.newPage({ viewport: { width: 1280, height: 1000 } });
}

/** Opens a notebook in JupyterLab and waits until its kernel is ready. */
export async function openNotebook(page: Page, jupyter: Jupyter, notebook: string): Promise<void> {
  await page.goto(`${jupyter.url}/lab/tree/${notebook}?token=${jupyter.token}&reset`);
  await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: 60_000 });
  await kernelIdle(page, 60_000);
}

/** Waits until the status bar says that the notebook's kernel is connected and idle. */
export async function kernelIdle(page: Page, timeout: number): Promise<void> {
  await page.getByText("TypeScript (normlab) | Idle").first().waitFor({ timeout });
}

/** One of the notebook's cells, by its place. */
export function cellAt(page: Page, index: number): Locator {
  return page.locator(".jp-Notebook .jp-Cell").nth(index);
}

/** The place of the first code cell whose source contains `source`; JupyterLab draws cells one after the other. */
export async function cellIndexOf(page: Page, source: string): Promise<number> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const sources = await page
      .locator(".jp-Notebook .jp-Cell")
      .evaluateAll((cells) =>
        cells.map((cell) => (cell.classList.contains("jp-CodeCell") ? (cell.textContent ?? "") : "")),
      );
    const index = sources.findIndex((text) => text.includes(source));
    if (index >= 0) return index;
    if (Date.now() > deadline)
      throw new Error(`no code cell contains ${JSON.stringify(source)}, after waiting 30 s for one`);
    await page.waitForTimeout(100);
  }
}

/**
 * Moves the pointer from outside onto the middle of an element. To be repeated until what it should do is done: a
 * notebook lays out its cells while it is scrolled, so the element may have moved before the pointer arrives.
 */
export async function pointAt(page: Page, element: Locator): Promise<void> {
  await element.evaluate((node) => node.scrollIntoView({ block: "center" }));
  const box = await element.boundingBox();
  if (!box) return;
  await page.mouse.move(0, 0);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

/** Drags a figure's slider with the mouse from where it is to one of its ends. */
export async function dragSlider(page: Page, figure: Locator, end: "first" | "last"): Promise<void> {
  const grip = figure.locator(".slider-grip-rect");
  await grip.evaluate((node) => node.scrollIntoView({ block: "center" }));
  const from = await grip.boundingBox();
  if (!from) throw new Error("the figure has no slider that can be seen");
  const y = from.y + from.height / 2;
  const endOfRail = async () => {
    const rail = (await figure.locator(".slider-rail-touch-rect").boundingBox())!;
    return end === "first" ? rail.x + 1 : rail.x + rail.width - 1;
  };
  await page.mouse.move(from.x + from.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(await endOfRail(), y, { steps: 10 });
  // A figure that has just been drawn gets its final width now and then only now.
  await page.mouse.move(await endOfRail(), y, { steps: 2 });
  await page.mouse.up();
}

/** What of a figure can be seen to move: the lines and points that Plotly has drawn, and what its slider says. */
export async function drawnIn(figure: Locator): Promise<{ curves: string; value: string }> {
  const curves = await figure
    .locator(".scatterlayer path, .barlayer path")
    .evaluateAll((paths) =>
      paths.map((path) => `${path.getAttribute("d")} ${path.getAttribute("transform")}`),
    );
  return {
    curves: curves.join("\n"),
    value: (await figure.locator(".slider-label").first().textContent()) ?? "",
  };
}

/** Clicks into a cell's editor. */
export async function editCell(page: Page, index: number): Promise<void> {
  const cell = cellAt(page, index);
  await cell.scrollIntoViewIfNeeded();
  await cell.locator(".cm-content").click();
}

/** Replaces a cell's source, as pasting does. */
export async function typeIntoCell(page: Page, index: number, source: string): Promise<void> {
  await editCell(page, index);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(source);
}

/** Runs one cell with the keyboard and waits until it has ended: its number is then another. */
export async function runCell(page: Page, index: number, timeout = 60_000): Promise<void> {
  await editCell(page, index);
  const prompt = cellAt(page, index).locator(".jp-InputPrompt");
  const before = await prompt.innerText();
  await page.keyboard.press("ControlOrMeta+Enter");
  const started = Date.now();
  for (;;) {
    const now = await prompt.innerText();
    if (/\[\d+\]/.test(now) && now !== before) return;
    if (Date.now() - started > timeout)
      throw new Error(`cell ${index} has not ended after ${timeout / 1000} s`);
    await page.waitForTimeout(100);
  }
}

/** *Run All Above Selected Cell* from the menu; ends when the kernel has run them and the notebook is saved. */
export async function runAllAbove(
  page: Page,
  jupyter: Jupyter,
  notebook: string,
  index: number,
  timeout: number,
): Promise<void> {
  await editCell(page, index);
  await runCommand(page, "Run", "Run All Above Selected Cell");
  const started = Date.now();
  for (;;) {
    await page.keyboard.press("ControlOrMeta+S");
    await page.waitForTimeout(2000);
    const above = savedCells(join(jupyter.folder, notebook)).slice(0, index);
    const code = above.filter(({ cell_type }) => cell_type === "code");
    if (code.length > 0 && code.every(({ execution_count }) => execution_count))
      return kernelIdle(page, timeout);
    if (Date.now() - started > timeout) {
      throw new Error(
        `after ${timeout / 1000} s, ${code.filter((cell) => !cell.execution_count).length} cells have not run`,
      );
    }
  }
}

interface SavedCell {
  cell_type: string;
  execution_count?: number | null;
}

/** The cells of a notebook on disk; none while it is being written. */
function savedCells(path: string): SavedCell[] {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { cells: SavedCell[] }).cells;
  } catch {
    return [];
  }
}

/** Runs one of JupyterLab's commands, the way its menus do. */
export async function runCommand(page: Page, menu: string, item: string | RegExp): Promise<void> {
  await page.locator(".lm-MenuBar-item", { hasText: new RegExp(`^${menu}$`) }).click();
  await page.locator(".lm-Menu-item", { hasText: item }).first().click();
}

/** Chooses JupyterLab's theme, for pages that are opened from now on. */
export async function setTheme({ url, token }: Jupyter, theme: string): Promise<void> {
  const response = await fetch(`${url}/lab/api/settings/@jupyterlab/apputils-extension:themes`, {
    method: "PUT",
    headers: { Authorization: `token ${token}` },
    body: JSON.stringify({ raw: JSON.stringify({ theme }) }),
  });
  if (!response.ok) throw new Error(`the theme could not be set: ${response.status} ${response.statusText}`);
}

/** Keeps a picture of the page under test/output/screenshots. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(outputFolder, "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/\W+/g, "-")}.png`) });
}
