/** Files that no fault leaves half written, and folders for them. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";

/**
 * Makes a folder and those above it that are missing; answers which it made, the uppermost first.
 * Node's own `recursive` never ends where none can be made, as in /proc.
 */
export function makeFolder(folder: string): string[] {
  if (isFolder(folder)) return [];
  const above = dirname(folder) === folder ? [] : makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (isFolder(folder)) return above; // somebody else was faster
    for (const made of above.reverse()) rmdirSync(made);
    throw error;
  }
  return [...above, folder];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const temporaryOf = (path: string, thread: number) => `${path}.${process.pid}-${thread}.tmp`;

/**
 * Writes a file whole or not at all: beside the old one, which it then replaces. Whoever reads it at any
 * moment, and whoever comes after a process that was killed, finds the old one or the new.
 */
export function writeWhole(path: string, parts: (string | Uint8Array)[]): void {
  makeFolder(dirname(path));
  removeLeftovers(path);
  const temporary = temporaryOf(path, threadId);
  try {
    const file = openSync(temporary, "w");
    try {
      for (const part of parts) writeFileSync(file, part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    // Of a full disk Node knows no more than that something could not be written.
    if (error instanceof Error && !error.message.includes(path)) error.message += ` '${path}'`;
    throw error;
  }
}

/** Removes what processes left that were killed while they wrote `path`; who lives may be writing it now. */
function removeLeftovers(path: string): void {
  removeOfDead(dirname(path), `${basename(path)}.`, /^(\d+)-\d+\.tmp$/);
}

/**
 * Removes what a thread of this process, which is gone, left of a write of `path` that it was ended in: its
 * process lives on, so nobody else would.
 */
export function removeUnfinished(path: string, thread: number): void {
  rmSync(temporaryOf(path, thread), { force: true });
}

/** A new folder in `parent` for this process alone; those of processes that were killed are removed. */
export function temporaryFolder(parent: string, name: string): string {
  makeFolder(parent);
  removeOfDead(parent, `${name}-`, /^(\d+)-\w+$/);
  return mkdtempSync(join(parent, `${name}-${process.pid}-`));
}

/** Removes what begins with `prefix` in a folder and goes on with the number of a process that is no more. */
function removeOfDead(folder: string, prefix: string, rest: RegExp): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const [, pid] = rest.exec(name.slice(prefix.length)) ?? [];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
