import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "../../dist/cli/reproduce/manifest";
import { reproduce } from "../../dist/cli/reproduce/reproduce";

const lesson = (name: string, y: string) => `---
title: "A lesson"
minutes: 1
objectives:
  - draw
---

\`\`\`ts
import { isQuick, lines, Table } from "normlab";
const y: number[] = ${y};
\`\`\`

\`\`\`ts
lines([{ name: "batchNorm", y }], { title: isQuick() ? "quick" : "full", xTitle: "x", yTitle: "y" }).named("${name}-curve", { seed: 5 });
\`\`\`

\`\`\`ts
const start = performance.now();
new Table({
  title: "Times",
  columns: ["method", { title: "n", digits: 0 }, { title: "time", unit: "ms", time: true }],
  rows: [["none", y.length, performance.now() - start]],
}).named("${name}-times");
\`\`\`
`;

let folder: string;
let out: string;
let path: (name: string) => string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-reproduce-"));
  out = join(folder, "figures");
  mkdirSync(join(folder, "lessons"));
  path = (name) => join(folder, "lessons", `${name}.md`);
  writeFileSync(path("one"), lesson("one", "[1, 2, 3]"));
  writeFileSync(path("two"), lesson("two", "[3, 1, 2]"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (names: string[], options = {}) => {
  let log = "";
  const manifest = await reproduce({
    lessons: names.map(path),
    out,
    quick: true,
    onProgress: (text) => (log += text),
    ...options,
  });
  return { manifest, log };
};
const contents = () =>
  Object.fromEntries(
    readdirSync(out)
      .filter((name) => name !== "manifest.json")
      .map((name) => [name, readFileSync(join(out, name), "base64")]),
  );
const withoutTimes = (manifest: Manifest) =>
  JSON.parse(
    JSON.stringify(manifest, (key, value: unknown) => (key === "times" ? undefined : value)),
  ) as Manifest;

describe("reproduce", () => {
  it("writes every named figure and table with a manifest, and nothing but times changes the second time", async () => {
    const { manifest, log } = await run(["one"]);
    const names = ["one-curve", "one-times"].flatMap((name) =>
      [".json", ".png", ".svg"].map((end) => name + end),
    );
    expect(readdirSync(out).sort()).toEqual(["manifest.json", ...names]);
    expect(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"))).toEqual(manifest);
    const [curve, times] = manifest.lessons.one.results;
    expect(curve).toMatchObject({ name: "one-curve", kind: "figure", provenance: { seed: 5 } });
    expect(curve.description).toContain("batch norm from 1 to 3");
    expect(curve.files["one-curve.png"]).toMatch(/^[0-9a-f]{64}$/);
    expect(times).toMatchObject({ name: "one-times", kind: "table" });
    expect(Object.keys(manifest.versions)).toEqual(["normlab", "node", "tfjs", "plotly"]);
    const { secondsPerCell, totalSeconds, tables } = manifest.lessons.one.times;
    expect(secondsPerCell).toHaveLength(3);
    const inCells = secondsPerCell.reduce((a, b) => a + b, 0);
    expect(totalSeconds / inCells, "all cells together take the lesson's time").toBeCloseTo(1, 1);
    expect(log).toMatch(/one \(1\/1\): cell 3\/3, .* left/);

    // What the lesson says of a result, and else what was seen: nothing was drawn or read.
    expect(manifest.lessons.one.results).toMatchObject([
      { name: "one-curve", sources: { randomness: "seeds 5", data: "none" } },
      { name: "one-times", sources: { randomness: "none", data: "none" } },
    ]);
    // Times stand in the manifest and not in the files.
    expect(JSON.parse(readFileSync(join(out, "one-times.json"), "utf8"))).toMatchObject({
      columns: [{ title: "method" }, { title: "n" }],
      rows: [["none", 3]],
    });
    expect(readFileSync(join(out, "one-times.svg"), "utf8")).not.toContain("time (ms)");
    expect(Object.keys(tables), "figures have no times").toEqual(["one-times"]);
    expect(tables).toMatchObject({ "one-times": { columns: [{}, {}, { title: "time" }] } });

    const files = contents();
    const second = await run(["one"], { force: true });
    expect(contents()).toEqual(files);
    expect(withoutTimes(second.manifest)).toEqual(withoutTimes(manifest));
  });

  it("goes on where it was interrupted, says what failed, and removes what is no longer named", async () => {
    await run(["one"]);
    const before = statSync(join(out, "one-curve.svg")).mtimeMs;
    writeFileSync(path("two"), lesson("two", '(() => { throw new Error("no such luck"); })()'));
    await expect(run(["one", "two"])).rejects.toThrow(/two\.md ended with status 1:[^]*no such luck/);

    writeFileSync(path("two"), lesson("two", "[3, 1, 2]"));
    const { log, manifest } = await run(["one", "two"]);
    expect(log).toContain("one: up to date");
    expect(log).toContain("two: 2 results");
    expect(statSync(join(out, "one-curve.svg")).mtimeMs).toBe(before);
    expect(Object.keys(manifest.lessons)).toEqual(["one", "two"]);

    rmSync(join(out, "two-curve.png"));
    writeFileSync(path("one"), lesson("uno", "[1]"));
    expect((await run(["one", "two"])).log).toMatch(/one: 2 results[^]*two: 2 results/);
    expect(existsSync(join(out, "two-curve.png"))).toBe(true);
    expect(readdirSync(out).filter((name) => name.startsWith("one-"))).toEqual([]);
  });

  it("interrupted, it ends the lesson under way, however busy that is", async () => {
    writeFileSync(path("two"), lesson("two", "(() => { for (;;); })()"));
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("Ctrl-C"));
    const begun = performance.now();
    await expect(run(["two"], { signal: controller.signal, onProgress })).rejects.toThrow("Ctrl-C");
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(readdirSync(out)).toEqual([]);
  });

  it("makes an altered file anew", async () => {
    await run(["one"]);
    const before = contents();
    writeFileSync(join(out, "one-curve.svg"), "<svg/>");
    expect((await run(["one"])).log).toContain("one: 2 results");
    expect(contents()).toEqual(before);
  });

  it("refuses a name that is used twice", async () => {
    writeFileSync(path("two"), lesson("same", "[1]").replace("same-times", "same-curve"));
    await expect(run(["two"])).rejects.toThrow("these names are used twice: same-curve");
  });
});
