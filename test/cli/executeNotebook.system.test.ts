import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../support/jupyter";
import { endProgram, isAlive, startProgram } from "../support/process";
import { within } from "../support/within";

const whenItEnds = "executing a notebook ends, kernel and all, when the process that asked for it was";
it.each([
  ["killed", "SIGKILL", "was ended by SIGKILL"],
  ["interrupted, which leaves nothing behind", "SIGINT", "ended with status 130"],
] as const)(`${whenItEnds} %s`, async (_, signal, how) => {
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
const { interruptible } = require(${JSON.stringify(join(root, "dist/cli/interruption"))});
interruptible("interrupted", (signal) => executeNotebook(${JSON.stringify(notebook)}, { signal }))
  .then((status) => (process.exitCode = status));`;
  const parent = startProgram(process.execPath, ["-e", caller]);
  onTestFinished(async () => {
    await endProgram(parent);
    rmSync(folder, { recursive: true });
  });
  await expect
    .poll(() => existsSync(pidFile), { timeout: 60_000, message: "the cell has started" })
    .toBe(true);
  const runner = Number(readFileSync(pidFile, "utf8"));
  expect(isAlive(runner)).toBe(true);
  parent.child.kill(signal);
  await expect
    .poll(() => isAlive(runner), { timeout: 30_000, message: "the kernel's process is alive" })
    .toBe(false);
  expect(await within(30_000, "the end of the process that asked", parent.ended)).toBe(how);
  if (signal === "SIGKILL") return;
  const ours = readdirSync(join(root, ".cache")).filter((name) => name.includes(`-${parent.child.pid}-`));
  expect(ours).toEqual([]);
});
