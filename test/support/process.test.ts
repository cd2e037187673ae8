import { join } from "node:path";
import { expect, it } from "vitest";
import { isAlive, startProgram } from "./process";

// As after Ctrl+C in `npm test`: the test process ends, and no test has time to clean up.
it.skipIf(process.platform === "win32")("a program ends with the test process that started it", async () => {
  const starter = `
const { readFileSync } = require("node:fs");
const { ModuleKind, transpile } = require("typescript");
require.extensions[".ts"] = (module, file) =>
  module._compile(transpile(readFileSync(file, "utf8"), { module: ModuleKind.CommonJS }), file);
const { startProgram } = require(${JSON.stringify(join(__dirname, "process.ts"))});
console.log(startProgram(process.execPath, ["-e", "setInterval(() => {}, 1000)"]).child.pid);`;
  const tester = startProgram(process.execPath, ["-e", starter]);
  const pid = () => Number(tester.output.stdout);
  await expect.poll(pid, { timeout: 20_000, message: tester.output.stderr }).toBeGreaterThan(0);
  expect(isAlive(pid())).toBe(true);
  process.kill(tester.child.pid!, "SIGKILL");
  await expect.poll(() => isAlive(pid()), { timeout: 20_000, message: "the program is alive" }).toBe(false);
});
