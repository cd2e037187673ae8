import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, SetupError } from "../../scripts/setup/run.mjs";
import { sideBySide } from "../../scripts/setup/side-by-side.mjs";
import { endProgram, isAlive, startProgram } from "../support/process";
import { within } from "../support/within";

describe("sideBySide", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const node = (signal: AbortSignal, script: string) =>
    run("a step", process.execPath, ["-e", script, folder], { signal });
  const waitsFor = (name: string) =>
    `setInterval(() => require("node:fs").existsSync(process.argv[1] + "/${name}") && process.exit(), 20);`;
  const writes = (name: string) => `require("node:fs").writeFileSync(process.argv[1] + "/${name}", "");`;
  // A program that starts another and waits for it, as the build and venv do, and leaves the numbers of both.
  const parent = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    require("node:fs").writeFileSync(process.argv[1] + "/pids", process.pid + " " + child.pid);
    child.on("exit", () => process.exit(0));`;
  const pidsWritten = async (signal: AbortSignal) => {
    while (!existsSync(join(folder, "pids"))) await node(signal, "");
  };
  const expectAllEnded = async () => {
    const pids = readFileSync(join(folder, "pids"), "utf8").split(" ").map(Number);
    expect(pids).toHaveLength(2);
    // A process whose parent has gone counts as alive until the system has taken note of its end.
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  };
  const settled = (work: Promise<void>) => within(30_000, "the end of both sides", work);

  it("runs both at once", async () => {
    // Each waits for what the other writes: one after another they would never end.
    await settled(
      sideBySide(
        (signal) => node(signal, writes("a") + waitsFor("b")),
        (signal) => node(signal, writes("b") + waitsFor("a")),
      ),
    );
  });

  it("ends the other side with all that it started when one fails, and reports that one", async () => {
    let done = false;
    const failing = sideBySide(
      async (signal) => {
        await node(signal, parent);
        done = true;
      },
      async (signal) => {
        await pidsWritten(signal);
        throw new SetupError("this side failed");
      },
    );
    await expect(settled(failing)).rejects.toThrow("this side failed");
    expect(done).toBe(false);
    await expectAllEnded();
  });

  it("forces what does not stop when it is asked", async () => {
    const failing = sideBySide(
      (signal) =>
        node(
          signal,
          `process.on("SIGINT", () => {}); setInterval(() => {}, 1000); ${parent.replace("process.exit(0)", "{}")}`,
        ),
      async (signal) => {
        await pidsWritten(signal);
        throw new SetupError("this side failed");
      },
    );
    await expect(settled(failing)).rejects.toThrow("this side failed");
    await expectAllEnded();
  });

  it("begins no further step on a side that is to stop", async () => {
    const failing = sideBySide(
      async (signal) => {
        await node(signal, writes("a") + waitsFor("never"));
      },
      async (signal) => {
        await node(signal, waitsFor("a"));
        throw new SetupError("failed");
      },
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await node(signal, writes("begun"));
      },
    );
    await expect(settled(failing)).rejects.toThrow("failed");
    expect(existsSync(join(folder, "begun"))).toBe(false);
  });

  it("ends both sides when it is interrupted, and says how to go on", async () => {
    const interrupted = sideBySide(
      (signal) => node(signal, parent),
      async (signal) => {
        await pidsWritten(signal);
        process.emit("SIGINT");
      },
    );
    await expect(settled(interrupted)).rejects.toThrow(
      /interrupted; to finish it, run the same command again/,
    );
    await expectAllEnded();
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  // It can't be caught, so nothing of ours ends what runs.
  it.skipIf(process.platform === "win32")("leaves nothing running when it is killed", async () => {
    const scripts = join(__dirname, "../../scripts/setup");
    const setup = `
      import { run } from ${JSON.stringify(join(scripts, "run.mjs"))};
      import { sideBySide } from ${JSON.stringify(join(scripts, "side-by-side.mjs"))};
      await sideBySide((signal) =>
        run("a step", process.execPath, ["-e", ${JSON.stringify(parent)}, ${JSON.stringify(folder)}], { signal }));`;
    const program = startProgram(process.execPath, ["--input-type=module", "-e", setup]);
    try {
      await within(
        30_000,
        "the step",
        pidsWritten(new AbortController().signal),
        () => program.output.stderr,
      );
      program.child.kill("SIGKILL");
      await expectAllEnded();
    } finally {
      await endProgram(program);
    }
  });
});
