/** Whether a sandbox holds on this machine is found out by attacking it. */
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { temporaryFolder } from "../../train/files";
import { Box, BoxEnded } from "./box";
import type { Sandbox } from "./sandbox";
import { writeFilesOf } from "./studentBuild";
import { decode, encode } from "./values";

/** What the attack (attack.ts) aims at. */
export interface Target {
  secretFile: string;
  secret: string;
  /** What stands in this process's environment. */
  path: string;
  parent: number;
  /** A server listens there. */
  port: number;
}

/** What it could do, and must not. */
export type Loot = Record<
  | "reads files"
  | "writes files"
  | "reads the environment"
  | "sees other processes"
  | "starts processes without end"
  | "reaches the network",
  boolean
>;

/**
 * Attacks a sandbox from inside.
 * @returns undefined if it holds; else what is wrong, for a person to read
 */
export async function weaknessOf(sandbox: Sandbox): Promise<string | undefined> {
  const folder = temporaryFolder(tmpdir(), "normlab-probe");
  const secret = randomUUID();
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const secretFile = join(folder, "secret");
    writeFileSync(secretFile, secret);
    const build = join(folder, "build");
    const program = writeFilesOf(build, "grade/box/attack.js", []);
    const { port } = server.address() as AddressInfo;
    const target: Target = { secretFile, secret, path: process.env.PATH ?? "", parent: process.pid, port };
    const limits = { cpuSeconds: 10, megabytes: 500, seconds: 60 };
    const box = new Box(sandbox, { files: { "/box": build }, program: `/box/${program}`, limits });
    const answer = decode(await box.exchange(encode(target))) as Loot;
    await box.close();
    const done = Object.entries(answer).filter(([, isDone]) => isDone);
    return done.length > 0 ? `what runs in it ${done.map(([what]) => what).join(", ")}` : undefined;
  } catch (error) {
    if (!(error instanceof BoxEnded)) throw error;
    return `it doesn't start here${error.printed ? `: ${error.printed}` : ""}`;
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
