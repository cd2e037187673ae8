/**
 * Reads the work in a submission. A large one is read by a process of its own: a few hundred megabytes of JSON can need
 * more memory than any process has, and then no other student's grade may be lost.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Files } from "../zip";
import { type Assigned, type Work, workIn } from "./work";

/** Bytes; so many become no more objects than the grader has room for. */
const large = 20e6;

/** What the process may use: memory for its objects, and time, since what hardly fits takes long. */
const usualLimits = { megabytes: 2000, seconds: 120 };

/** One at a time has that much. */
let last: Promise<unknown> = Promise.resolve();

export async function readWork(
  files: Files,
  assigned: Assigned,
  limits: typeof usualLimits = usualLimits,
): Promise<Work> {
  const sizes = [...files].map(([path, { length }]) => [path, length] as const);
  if (sizes.reduce((sum, [, size]) => sum + size, 0) <= large) return workIn(files, assigned);
  const read = last.then(() => readElsewhere(files, assigned, limits));
  last = read.catch(() => undefined);
  return read;
}

async function readElsewhere(
  files: Files,
  assigned: Assigned,
  { megabytes, seconds }: typeof usualLimits,
): Promise<Work> {
  const args = [`--max-old-space-size=${megabytes}`, join(__dirname, "inside.js")];
  const child = spawn(process.execPath, args, { env: {}, stdio: ["pipe", "pipe", "ignore"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
  const closed = once(child, "close") as Promise<[number | null]>;
  // It ended; "close" tells.
  child.stdin.on("error", () => undefined);
  const { name, notebooks, exercises, questions } = assigned;
  const sizes = [...files].map(([path, { length }]) => [path, length]);
  child.stdin.write(`${JSON.stringify({ sizes, assigned: { name, notebooks, exercises, questions } })}\n`);
  for (const content of files.values()) child.stdin.write(content);
  child.stdin.end();
  const said = await text(child.stdout);
  const [status] = await closed;
  clearTimeout(timer);
  if (status === 0) return JSON.parse(said) as Work;
  const remark = "it can't be read: it is too large; clear its outputs";
  return { exercises: {}, answers: {}, remarks: notebooks.map(({ file }) => `${file}: ${remark}`) };
}
