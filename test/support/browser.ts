/** An installed Chromium, driven by playwright-core; no browser is ever downloaded. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
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

/** Opens a notebook in JupyterLab and waits until its kernel is ready. */
export async function openNotebook(browser: Browser, jupyter: Jupyter, notebook: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(`${jupyter.url}/lab/tree/${notebook}?token=${jupyter.token}&reset`);
  await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: 60_000 });
  await page.waitForSelector('[data-status="idle"], [title^="Kernel status: Idle"]', {
    timeout: 60_000,
    state: "attached",
  });
  return page;
}

/** Runs one of JupyterLab's commands, the way its menus do. */
export async function runCommand(page: Page, menu: string, item: string | RegExp): Promise<void> {
  await page.locator(".lm-MenuBar-item", { hasText: new RegExp(`^${menu}$`) }).click();
  await page.locator(".lm-Menu-item", { hasText: item }).first().click();
}

/** Keeps a picture of the page under test/output/screenshots. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(outputFolder, "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
