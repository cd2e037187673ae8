/** The pages of grading in a browser: what a student wrote into them does not run, and asks nobody for anything. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { feedbackHtml } from "../../../dist/grade/reports/feedback";
import { pageHtml } from "../../../dist/grade/reports/html";
import { findChromium, launchChromium, newPage } from "../../support/browser";
import { student } from "./student";

const chromium = findChromium();
const evilFor = (port: number) =>
  [
    "<script>document.title = 'run'</script>",
    `<img src='http://127.0.0.1:${port}/x.png' onerror="document.title = 'run'">`,
    "<iframe srcdoc=\"<script>parent.document.title = 'run'</script>\"></iframe>",
    "<a href=\"javascript:document.title = 'run'\">x</a>",
    `<style>body { background: url('http://127.0.0.1:${port}/y.png') }</style>`,
  ].join("\n");

describe.skipIf(!chromium)("in a browser", () => {
  let browser: Browser;
  let folder: string;
  let server: Server;
  /** What the pages asked of a server. */
  const asked: string[] = [];
  let evil: string;
  beforeAll(async () => {
    browser = await launchChromium(chromium!);
    server = createServer(({ url }, response) => {
      asked.push(url!);
      response.end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    evil = evilFor((server.address() as AddressInfo).port);
    folder = mkdtempSync(join(tmpdir(), "normlab-pages-"));
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function open(html: string) {
    const path = join(folder, "page.html");
    writeFileSync(path, html);
    const page = await newPage(browser);
    await page.goto(pathToFileURL(path).href, { waitUntil: "load" });
    await page.waitForTimeout(300);
    return page;
  }

  it("a student's feedback shows what they wrote as it is", async () => {
    const grades = { assignment: "ps1", sandbox: "bubblewrap" } as const;
    const page = await open(feedbackHtml(grades, { ...student, remarks: [evil] }, { why: evil }));
    expect(await page.title()).toBe("ps1: Ada Lovelace");
    expect(await page.locator("pre").innerText()).toBe(evil);
    expect(asked).toEqual([]);
    await page.close();
  });

  it("a page without the policy would", async () => {
    const page = await open(pageHtml("quiet", evil).replace(/<meta http-equiv[^>]*>/, ""));
    expect(await page.title()).toBe("run");
    expect(asked.splice(0)).toContain("/x.png");
    await page.close();
  });

  it("no page runs a script, even if one got in", async () => {
    const page = await open(pageHtml("quiet", evil));
    await page.locator("a").click();
    await page.waitForTimeout(300);
    expect(await page.title()).toBe("quiet");
    expect(asked).toEqual([]);
    await page.close();
  });
});
