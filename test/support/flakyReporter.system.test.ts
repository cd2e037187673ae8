import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { outputFolder, root } from "./jupyter";
import { runProgram } from "./process";

const folder = join(outputFolder, "flaky");

/** Runs the project's own vitest, with its own configuration, on one file of tests. */
async function vitest(
  name: string,
  tests: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  mkdirSync(join(folder, "test"), { recursive: true });
  writeFileSync(join(folder, "test", name), tests);
  const args = ["run", "--root", folder, "--config", join(root, "vitest.config.mts"), "--project", "system"];
  return runProgram(60_000, process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, NO_COLOR: "1" }, // and nothing of the vitest that runs this test
  });
}

describe("a system test that fails", () => {
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const support = (name: string) => JSON.stringify(join(root, "test/support", name));

  it("is tried once more, and named at the end with what it said first", async () => {
    const { status, stdout } = await vitest(
      "once.system.test.ts",
      `import { describe, it } from "vitest";
      let tries = 0;
      describe("the browser", () => {
        it("is slow for once", () => { if (++tries === 1) throw new Error("waited 60 s for the picture"); });
        it("is quick", () => {});
      });`,
    );
    expect(status, stdout).toBe(0);
    expect(stdout.trimEnd().split("\n").slice(-3)).toEqual([
      "Flaky (passed only when tried again):",
      "  test/output/flaky/test/once.system.test.ts > the browser > is slow for once",
      "    waited 60 s for the picture",
    ]);
  });

  it("twice has failed; and where nothing was flaky, nothing is said", async () => {
    const { status, stdout } = await vitest(
      "twice.system.test.ts",
      `import { it } from "vitest";
      it("never works", () => { throw new Error("wrong"); });
      it("works", () => {});`,
    );
    expect(status).toBe(1);
    expect(stdout).toContain("1 failed | 1 passed");
    expect(stdout).not.toContain("Flaky");
  });

  it("gets anew what tests share, be it the start that failed", async () => {
    const { status, stdout } = await vitest(
      "shared.system.test.ts",
      `import { expect, it } from "vitest";
      import { shared } from ${support("shared.ts")};
      let server = 0;
      shared(async () => {
        if (++server === 1) throw new Error("no server for once");
        return server;
      }, async () => {});
      let isFirst = true;
      it("needs a server", () => expect(server).toBe(2));
      it("spoils it for once", () => {
        if (!isFirst) return expect(server).toBe(3);
        isFirst = false;
        throw new Error("spoilt");
      });
      it("comes after it", () => expect(server).toBe(3));`,
    );
    expect(status, stdout).toBe(0);
    expect(stdout.trimEnd().split("\n").slice(-5)).toEqual([
      "Flaky (passed only when tried again):",
      "  test/output/flaky/test/shared.system.test.ts > needs a server",
      "    no server for once",
      "  test/output/flaky/test/shared.system.test.ts > spoils it for once",
      "    spoilt",
    ]);
  });

  it("because a process had died is no success when tried again", async () => {
    const { status, stderr } = await vitest(
      "died.system.test.ts",
      `import { expect, it } from "vitest";
      import { shared } from ${support("shared.ts")};
      let server = { died: false };
      shared(async () => (server = { died: false }), async ({ died }) => { if (died) throw new Error("it was dead"); });
      let tries = 0;
      it("uses the server", () => { server.died = ++tries === 1; expect(server.died).toBe(false); });`,
    );
    expect(status).toBe(1);
    expect(stderr).toContain("Error: it was dead");
  });
});
