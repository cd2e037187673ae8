import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { kernelMain } from "../support/kernel";
import { endProgram, isAlive, startProgram } from "../support/process";
import { within } from "../support/within";

// A client that is killed (a timeout of nbclient, a closed laptop) can't ask its kernel to stop. Not on Windows,
// where a process does not learn that its parent is gone.
it.skipIf(process.platform === "win32")(
  "a kernel ends when the client that started it was killed",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "normlab-"));
    const connection = join(folder, "connection.json");
    const ports = Object.fromEntries(
      ["shell", "iopub", "stdin", "control", "hb"].map((name) => [`${name}_port`, 0]),
    );
    const settings = {
      transport: "tcp",
      ip: "127.0.0.1",
      key: "k",
      signature_scheme: "hmac-sha256",
      ...ports,
    };
    writeFileSync(connection, JSON.stringify(settings));
    const client = `const { spawn } = require("node:child_process");
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    const kernel = spawn(process.execPath, [${JSON.stringify(kernelMain)}, "--config-path=${connection}"], { env });
    console.log(kernel.pid);
    setInterval(() => {}, 1000);`;
    const parent = startProgram(process.execPath, ["-e", client]);
    onTestFinished(async () => {
      await endProgram(parent); // and with it its kernel, should that be left
      rmSync(folder, { recursive: true });
    });
    const printed = new Promise<string>((take) => parent.child.stdout!.once("data", take));
    const pid = Number(await within(30_000, "the kernel's number", printed, () => parent.output.stderr));
    expect(isAlive(pid)).toBe(true);
    parent.child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 30_000, message: "the kernel is alive" }).toBe(false);
  },
);
