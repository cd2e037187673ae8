/** Processes that tests start: each has a deadline, and none outlives its test. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { within } from "./within";

/** Whether a process with this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export interface Program {
  child: ChildProcess;
  /** what it has printed so far */
  output: { stdout: string; stderr: string };
  /** how it ended, in words; rejects where it could not be started */
  ended: Promise<string>;
}

let guard: Writable | undefined;

/** Tells this test process's guard (guard.mjs) of a process group to end when this process is gone, or that it has ended. */
function guarded(group: number): void {
  if (!guard) {
    const args = [join(__dirname, "guard.mjs")];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "ignore"], detached: true });
    child.unref();
    guard = child.stdin;
    (guard as Writable & { unref(): void }).unref();
  }
  guard.write(`${group}\n`);
}

/** Starts a program with a process group of its own, so that it and what it starts can be ended together. */
export function startProgram(command: string, args: string[], options: SpawnOptions = {}): Program {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  const { pid } = child;
  if (pid !== undefined && process.platform !== "win32") {
    guarded(pid);
    child.on("close", () => guarded(-pid));
  }
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  }
  const ended = new Promise<string>((end, fail) => {
    child.on("error", fail);
    child.on("close", (status, signal) =>
      end(signal ? `was ended by ${signal}` : `ended with status ${status}`),
    );
  });
  ended.catch(() => undefined);
  return { child, output, ended };
}

/** Ends a program and all that it started: it is asked, and where that does not help for half a minute, forced. */
export async function endProgram({ child, ended }: Program): Promise<void> {
  if (!signal(child, "SIGTERM")) return;
  try {
    await within(30_000, `the end of ${child.spawnargs.join(" ")} after SIGTERM`, ended);
  } finally {
    signal(child, "SIGKILL");
  }
}

/** Sends a signal to a process's group; whether there was one. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(process.platform === "win32" ? pid : -pid, name);
  } catch {
    return false;
  }
}

/** Runs a program to its end, and answers with its exit status and output; it is ended where it takes too long. */
export async function runProgram(
  milliseconds: number,
  command: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = startProgram(command, args, options);
  const { child, output, ended } = program;
  try {
    const said = () => (output.stdout + output.stderr).slice(-2000);
    await within(milliseconds, `the end of ${child.spawnargs.join(" ")}`, ended, said);
    return { status: child.exitCode, ...output };
  } finally {
    await endProgram(program);
  }
}
