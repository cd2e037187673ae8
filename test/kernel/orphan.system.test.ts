import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/jupyter";
import { isAlive } from "../support/process";

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
    const kernel = spawn(process.execPath, [${JSON.stringify(join(root, "dist/kernel/main.js"))}, "--config-path=${connection}"], { env });
    console.log(kernel.pid);
    setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", client], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = Number(
      await new Promise((done) => parent.stdout.once("data", (text: Buffer) => done(text.toString()))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    rmSync(folder, { recursive: true });
  },
);
