/** The program that the probe runs in a box: tries what a student's code must not be able to do, and tells what it could. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { readFrame, writeAll } from "./frames";
import type { Loot, Target } from "./probe";
import { decode, encode } from "./values";

const [requests, replies] = process.argv.slice(2).map(Number);

/** Whether something works. */
function succeeds(attempt: () => unknown): boolean {
  try {
    return Boolean(attempt());
  } catch {
    return false;
  }
}

const isReachable = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(true));
    socket.on("error", () => resolve(false));
  });

async function attack(target: Target): Promise<Loot> {
  const { secretFile, secret, path, parent, port } = target;
  return {
    "reads files": succeeds(() => readFileSync(secretFile, "utf8") === secret),
    "writes files": [secretFile, `${__dirname}/x`, "/x", "/tmp/x"].some((file) =>
      succeeds(() => writeFileSync(file, "x") === undefined),
    ),
    "reads the environment": ["self", "1", parent].some((pid) =>
      environmentOf(pid).includes(`PATH=${path}\0`),
    ),
    "sees other processes": [
      () => process.kill(parent, 0),
      () => readdirSync("/proc").includes(String(parent)),
    ].some(succeeds),
    "starts processes without end": startsProcesses(40),
    "reaches the network": await isReachable(port),
  };
}

/** Whether so many can run at once. */
function startsProcesses(count: number): boolean {
  const started: ChildProcess[] = [];
  const startOne = () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 5000)"], { stdio: "inherit" });
    child.on("error", () => undefined);
    if (child.pid !== undefined) started.push(child);
    return child.pid !== undefined;
  };
  while (started.length < count && succeeds(startOne));
  for (const child of started) child.kill("SIGKILL");
  return started.length === count;
}

function environmentOf(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

void (async () => {
  const frame = readFrame(requests);
  if (frame) writeAll(replies, encode(await attack(decode(frame) as Target)));
})();
