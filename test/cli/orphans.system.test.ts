/** What a command starts ends with it, however it ends. (test/kernel/orphan… and executeNotebook… have the others.) */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { root } from "../support/jupyter";
import { freePorts } from "../support/ports";
import { endProgram, isAlive, type Program, startProgram } from "../support/process";
import { within } from "../support/within";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-orphans-"));
});

const endLater = (program: Program) =>
  onTestFinished(async () => {
    await endProgram(program);
    rmSync(folder, { recursive: true });
  });
/** JupyterLab on a free port, once it listens. */
async function startServer(): Promise<{ parent: Program; listens: () => Promise<boolean> }> {
  const [port] = await freePorts(1);
  const script = join(root, "scripts", "normlab.mjs");
  const args = [script, "start", "--no-browser", "--port", String(port), "--work", join(folder, "work")];
  const parent = startProgram(process.execPath, args);
  endLater(parent);
  const listens = () =>
    fetch(`http://localhost:${port}/api`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(listens, { timeout: 100_000, message: "the server listens" }).toBe(true);
  return { parent, listens };
}

const signals: NodeJS.Signals[] = ["SIGKILL", "SIGTERM", "SIGHUP"];

// A signal that can't be caught, and those that a process group or a closed terminal gets.
describe.skipIf(process.platform === "win32").each(signals)("ended by %s", (signal) => {
  it("reproduce leaves no lesson running, however busy it is", async () => {
    const pidFile = join(folder, "pid");
    const lesson = join(folder, "endless.md");
    const cell = `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(pidFile)}, String(process.pid) + "\\n");
for (;;) {}`;
    writeFileSync(
      lesson,
      `---\ntitle: "Endless"\nminutes: 1\nobjectives:\n  - wait\n---\n\n\`\`\`ts\n${cell}\n\`\`\`\n`,
    );
    const request = { lessons: [lesson], out: join(folder, "figures"), quick: true };
    const caller = `const { reproduce } = require(${JSON.stringify(join(root, "dist/cli/reproduce/reproduce"))});
reproduce(${JSON.stringify(request)});`;
    const parent = startProgram(process.execPath, ["-e", caller]);
    endLater(parent);
    const written = () => existsSync(pidFile) && readFileSync(pidFile, "utf8").endsWith("\n");
    await expect.poll(written, { timeout: 60_000, message: parent.output.stderr }).toBe(true);
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(isAlive(pid)).toBe(true);
    parent.child.kill(signal);
    await expect.poll(() => isAlive(pid), { timeout: 10_000, message: "the lesson is alive" }).toBe(false);
  });

  it("start leaves no server listening", async () => {
    const { parent, listens } = await startServer();
    parent.child.kill(signal);
    await expect.poll(listens, { timeout: 30_000, message: "the server listens" }).toBe(false);
  });
});

it.skipIf(process.platform === "win32")("start ends quietly however often Ctrl-C is pressed", async () => {
  const { parent, listens } = await startServer();
  // A terminal sends it to the whole group.
  const press = () => process.kill(-parent.child.pid!, "SIGINT");
  press();
  for (const milliseconds of [200, 1000]) setTimeout(press, milliseconds).unref();
  expect(await within(30_000, "the end of start", parent.ended)).toBe("ended with status 0");
  expect(parent.output.stderr).not.toContain("Traceback");
  expect(await listens()).toBe(false);
});
