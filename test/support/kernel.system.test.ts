import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sharedKernel, TestKernel } from "./kernel";
import { isAlive } from "./process";

// A wait that never ends, or that doesn't say what it waited for, costs a day; so the tests' own tools are tested.
describe("a kernel that does not start", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-support-"));
    mkdirSync(join(folder, "tmp"));
    vi.stubEnv("TMPDIR", join(folder, "tmp"));
    vi.stubEnv("TEMP", join(folder, "tmp"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  /** A program in place of the kernel; it writes down its number. */
  const programOf = (code: string) => {
    const main = join(folder, "main.js");
    const note = `require("fs").writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));`;
    writeFileSync(main, note + code);
    return main;
  };
  const expectNothingLeft = () => {
    expect(isAlive(Number(readFileSync(join(folder, "pid"), "utf8")))).toBe(false);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  };

  it("because it ends at once: its status and its words are told without delay", async () => {
    const main = programOf('console.error("no such thing"); process.exitCode = 3;');
    await expect(TestKernel.start({ main })).rejects.toThrow(
      "the kernel ended with status 3 (it said: no such thing), before the reply to kernel_info_request came; what came: nothing",
    );
    expectNothingLeft();
  }, 20_000);

  it("because it never answers: it is ended, and what was awaited is told", async () => {
    const main = programOf('console.log("thinking"); setInterval(() => {}, 1000);');
    await expect(TestKernel.start({ main, startWithin: 1000 })).rejects.toThrow(
      /^waited 1 s for a kernel that answers; what came: nothing; it said: thinking/,
    );
    expectNothingLeft();
  }, 20_000);
});

describe("a kernel that runs", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));

  it("answers also who asks for the reply after it came", async () => {
    const id = await kernel.send("kernel_info_request");
    await kernel.waitFor("its end", (m) => m.parent.msg_id === id && m.content.execution_state === "idle");
    // Replies and what is published take different ways; one more answer, and the first one has certainly come.
    await kernel.request("kernel_info_request");
    expect((await kernel.replyTo(id, "kernel_info_request")).content.status).toBe("ok");
  });

  it("and is killed: who waits learns it at once, with what had come", async () => {
    const cell = await kernel.begin("console.log('go'); for (;;) {}");
    await kernel.printed(cell.id, "go\n");
    await kernel.kill();
    await expect(cell.done).rejects.toThrow(
      /^the kernel was ended by SIGKILL, before the reply to execute_request came; what came: .*execute_input, stream$/,
    );
    await expect(kernel.run("1")).rejects.toThrow("the kernel was ended by SIGKILL");
  });
});

describe("stop", () => {
  it("fails where the kernel had died and no test asked for it", async () => {
    const kernel = await TestKernel.start();
    kernel.process.kill("SIGKILL");
    await kernel.ended;
    await expect(kernel.stop()).rejects.toThrow(
      "the kernel was ended by SIGKILL, though no test asked for it",
    );
  });
});
