import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/jupyter";
import { isAlive } from "../support/process";

it("executing a notebook ends, kernel and all, when the process that asked for it was killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "normlab-"));
  const pidFile = join(folder, "pid");
  const source = `import { renameSync, writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(`${pidFile}.part`)}, String(process.pid));
renameSync(${JSON.stringify(`${pidFile}.part`)}, ${JSON.stringify(pidFile)});
await new Promise(() => setTimeout(() => {}, 1e6));`;
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: [{ cell_type: "code", id: "endless", source, metadata: {}, outputs: [], execution_count: null }],
  };
  const caller = `const { executeNotebook } = require(${JSON.stringify(join(root, "dist/cli/executeNotebook"))});
executeNotebook(${JSON.stringify(notebook)});`;
  const parent = spawn(process.execPath, ["-e", caller], { stdio: ["ignore", "ignore", "inherit"] });
  await expect.poll(() => existsSync(pidFile), { timeout: 60_000 }).toBe(true);
  const runner = Number(readFileSync(pidFile, "utf8"));
  expect(isAlive(runner)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(runner), { timeout: 30_000 }).toBe(false);
  rmSync(folder, { recursive: true });
});
