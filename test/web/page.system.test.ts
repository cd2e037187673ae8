import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findChromium, launchChromium, newPage } from "../support/browser";
import { shared } from "../support/shared";
import { within } from "../support/within";
import { type Answers, useAll } from "./entry";
import { bundleForPage, serve, type Site } from "./site";

const executable = findChromium();

/** All that a page complains of or asks another machine for. */
function faultsOf(page: Page, { url }: Site): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", ({ message }) => faults.push(`not caught: ${message}`));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${url}/`)) {
      faults.push(`asked for ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`status ${response.status()}: ${response.url()}`);
  });
  return faults;
}

// What docs/architecture.md says to run on a web page: there it gives what it gives in Node, to the last bit.
describe.skipIf(!executable)("normlab on a web page", () => {
  let site: Site;
  let browser: Browser;
  let onPage: Answers;
  let inNode: Answers;
  let faults: string[];
  shared(
    async () => (site = await serve(await bundleForPage(join(__dirname, "entry.ts"), "bundle"))),
    ({ close }) => within(10_000, "the end of the page's server", close()),
  );
  shared(
    async () => (browser = await launchChromium(executable!)),
    (launched) => within(30_000, "the end of Chromium", launched.close()),
  );
  shared(
    async () => {
      const page = await newPage(browser);
      faults = faultsOf(page, site);
      await page.goto(site.url);
      const answers = page.evaluate<Answers>('bundle.useAll("/wasm/")');
      onPage = await within(60_000, "the page's answers", answers, () => faults.join("; "));
      inNode = await useAll();
      return page;
    },
    (page) => within(10_000, "the end of the page", page.close()),
  );

  it("normalizes a batch", () => {
    expect(onPage.batchNorm.y).toHaveLength(72);
    expect(onPage.batchNorm).toEqual(inNode.batchNorm);
  });

  it("encodes a text", () => {
    expect(onPage.text.decoded).toBe("the whale, the white whale 🐳");
    expect(onPage.text).toEqual(inNode.text);
  });

  it("tells a learner what is wrong with an exercise, and that it is right", () => {
    expect(onPage.wrong).toMatchObject({
      status: "failed",
      text: expect.stringContaining("you divided by m − 1") as string,
    });
    expect(onPage.wrong).toEqual(inNode.wrong);
    expect(onPage.right.status).toBe("passed");
    expect(onPage.right).toEqual(inNode.right);
  });

  it("makes a figure, and shows it without a picture", () => {
    expect(onPage.figure).toMatchObject({ data: [{ type: "scatter" }, { type: "scatter" }] });
    expect(onPage.figure).toEqual(inNode.figure);
    expect(Object.keys(onPage.shown)).toEqual(["application/vnd.plotly.v1+json", "text/plain"]);
    expect(onPage.shown).toEqual(inNode.shown);
  });

  it("trains on the wasm kernels with the same losses", () => {
    expect(onPage.training.backend).toBe("wasm");
    expect(onPage.training.kernels).toMatch(/^simd/);
    expect(new Set(onPage.training.losses).size).toBe(10);
    expect(onPage.training).toEqual(inNode.training);
  });

  it("complains of nothing and asks nobody else", () => {
    expect(faults).toEqual([]);
  });
});

describe("a bundle for a web page", () => {
  it("is refused where one of Node's modules is in it", async () => {
    const forNode = join(__dirname, "../../dist/data/mnist.js");
    await expect(bundleForPage(forNode, "bundle")).rejects.toThrow(/Could not resolve 'node:fs'/);
  });
});
