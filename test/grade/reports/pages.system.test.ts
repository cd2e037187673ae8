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
import { questionsHtml } from "../../../dist/grade/reports/questions";
import { pairsOf, similarHtml } from "../../../dist/grade/reports/similar";
import { findChromium, launchChromium, newPage } from "../../support/browser";
import { gradesOf, question, studentOf, works } from "./classOf";
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
    expect(await page.locator(".answer").innerText()).toContain("<script>document.title = 'run'</script>");
    expect(asked).toEqual([]);
    await page.close();
  });

  it("the page of answers runs none of them, and asks for no picture in them", async () => {
    const pictures = evil.replace(
      /[^]*?(http:[^']*)[^]*/,
      "![x]($1) [x](<javascript:document.title='run'>) [x]($1)",
    );
    const comment = `${evil}\n\n${pictures}`;
    const students = [
      studentOf("ada", { lastName: evil, questions: [question({ comment })] }),
      studentOf("bob"),
    ];
    const entry = { id: "why", notebook: evil, points: 1, text: evil, sample: comment };
    const answers = works({
      ada: { answers: { why: comment } },
      bob: { answers: { why: "$\\hat{x}$ and $\\frac{$" } },
    });
    const page = await open(questionsHtml(gradesOf(students), [entry], answers));
    expect(await page.title()).toBe("ps1: answers in words");
    expect(asked).toEqual([]);
    // A formula is laid out without a script: a hat stands above its letter.
    const [hat, letter] = await Promise.all(
      ["math mover > :nth-child(2)", "math mover > :nth-child(1)"].map((part) =>
        page.locator(part).boundingBox(),
      ),
    );
    expect(hat!.y).toBeLessThan(letter!.y + letter!.height / 2);
    expect(await page.locator("code.broken").innerText()).toBe("$\\frac{$");
    await page.close();
  });

  it("the page of answers keeps the question beside them on a wide screen", async () => {
    const students = Array.from({ length: 40 }, (_, i) => studentOf(`s${i}`));
    const answers = Object.fromEntries(
      students.map(({ student }) => [student, { answers: { why: "so\n\n".repeat(9) } }]),
    );
    const entry = { id: "why", notebook: "02-x.ipynb", points: 1, text: "Why?", sample: "So." };
    const page = await open(questionsHtml(gradesOf(students), [entry], works(answers)));
    await page.locator("article").nth(20).scrollIntoViewIfNeeded();
    await page.getByText("Sample answer").waitFor();
    expect((await page.getByText("Sample answer").boundingBox())!.y).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 420, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
    await page.close();
  });

  it("the page of similar solutions shows them as they are", async () => {
    const code = Array.from({ length: 30 }, (_, i) => `f(${i}, a.b[${i}] + "</pre>") // ${evil}`).join("\n");
    const exercise = { id: "a-b", stub: "", sample: "" };
    const handedIn = works({ ada: { sources: { "a-b": code } }, bob: { sources: { "a-b": code } } });
    const students = [studentOf("ada"), studentOf("bob")];
    const page = await open(
      similarHtml(gradesOf(students), pairsOf(students, [exercise], handedIn), handedIn),
    );
    expect(await page.title()).toBe("ps1: similar solutions");
    expect(await page.locator(".source").count()).toBe(2);
    expect(await page.locator(".source").first().innerText()).toContain(
      "<script>document.title = 'run'</script>",
    );
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
