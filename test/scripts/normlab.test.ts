import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("normlab.mjs, in a folder with a space and letters of all kinds", () => {
  let folder: string;
  let project: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-"));
    project = join(folder, "a b é 中 %20#?");
    cpSync(resolve(__dirname, "../../scripts/normlab.mjs"), join(project, "scripts/normlab.mjs"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const normlab = (...args: string[]) =>
    spawnSync(process.execPath, [join(project, "scripts/normlab.mjs"), ...args], { encoding: "utf8" });

  it("starts the built command line with its arguments", () => {
    mkdirSync(join(project, "dist/cli"), { recursive: true });
    writeFileSync(
      join(project, "dist/cli/main.js"),
      "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;",
    );
    const { status, stdout, stderr } = normlab("run", "é 中.json");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(["run", "é 中.json"]);
    expect(status).toBe(7);
  });

  it("says how to build what is not built", () => {
    const { status, stderr } = normlab("run");
    expect(stderr).toBe("normlab: the package is not built yet; run `npm start` or `npm run build` once.\n");
    expect(status).toBe(1);
  });
});
