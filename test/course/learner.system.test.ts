/** A learner in the real kernel: solves, is offered a solution, sees their progress after a restart. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";

/** As `npm start` makes it. */
const learnersFolder = { ".versions.json": "{}" };

describe("a learner's kernel", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started), { files: learnersFolder });
  const shown = async (code: string) => {
    const { messages } = await kernel.run(code);
    return messages
      .map(({ content }) => (content as { data?: Record<string, string> }).data?.["text/plain"] ?? "")
      .join("\n");
  };
  const check = (body: string) =>
    shown(`import { checks, type Tensor } from "normlab"; checks.axesKeep((x: Tensor) => ${body})`);

  it("keeps what the checks say, in its folder, and offers the solution after the second failed answer", async () => {
    expect(await check("x")).not.toContain("reveal");
    expect(await check("x.mul(2)")).toContain('reveal("axes-keep")');
    expect(await shown('import { reveal } from "normlab"; reveal("axes-keep")')).toMatch(
      /a solution:[^]*x\.mean\(/,
    );
    expect(await check("x.sub(x.mean([-1], true))")).toMatch(/all \d+ checks passed/);
    const kept = readFileSync(join(kernel.folder, ".progress", "axes-keep.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ best: 1, failures: 0 });
  });
});

describe("a learner's next kernel", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started), { files: learnersFolder });

  it("shows their progress", async () => {
    mkdirSync(join(kernel.folder, ".progress"));
    writeFileSync(join(kernel.folder, ".progress", "axes-keep.json"), '{"best":1,"failures":0,"last":""}');
    const { messages } = await kernel.run('import { progress } from "normlab"; progress()');
    const { data } = messages[0].content as { data: Record<string, string> };
    expect(data["text/plain"]).toMatch(/^01 One matrix, two ways to normalize +90 +1 of 5 +2 of 15/m);
  });
});
