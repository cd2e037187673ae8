/** The compiler's snapshot (snapshot.ts), made once and kept for the next calls. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedDataVersionTag } from "node:v8";
import { codeHash, root } from "../../kernel/project";
import { temporaryFolder } from "../../train/files";
import { type BoxLimits, nodeArguments } from "../box/sandbox";

const folder = join(root, ".cache", "compiler");

/** One that was not used for so long is removed: another Node's, or an older build's. */
const daysKept = 7;

/** What it is made of, and what may read it. */
function nameFor(limits: BoxLimits): string {
  const hash = createHash("sha256");
  const { version, arch, execPath } = process;
  const flags = nodeArguments(limits);
  hash.update(JSON.stringify([root, version, arch, execPath, cachedDataVersionTag(), flags]));
  hash.update(codeHash(["."], /\.(js|wasm|d\.ts)$/)).update(readFileSync(join(root, "package-lock.json")));
  return `${hash.digest("hex").slice(0, 32)}.snapshot`;
}

async function make(path: string, limits: BoxLimits): Promise<void> {
  const beside = temporaryFolder(folder, "making");
  try {
    const made = join(beside, "snapshot");
    const script = join(beside, "script.js");
    // Node runs it as no module of any kind.
    const frame = `var exports = {}, __dirname = ${JSON.stringify(__dirname)};`;
    writeFileSync(script, frame + readFileSync(join(__dirname, "snapshot.js"), "utf8"));
    const args = [...nodeArguments(limits), "--snapshot-blob", made, "--build-snapshot", script];
    await promisify(execFile)(process.execPath, args, { env: {}, timeout: 300_000 });
    renameSync(made, path);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function removeUnused(): void {
  const oldest = Date.now() - daysKept * 86_400_000;
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".snapshot"))) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
  }
}

async function keptOrMade(limits: BoxLimits): Promise<string | undefined> {
  try {
    // A compiler remembers where files really are, and a box shows linked packages at the link's place.
    if (lstatSync(join(root, "node_modules")).isSymbolicLink()) return undefined;
    const path = join(folder, nameFor(limits));
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      await make(path, limits);
      removeUnused();
    }
    return path;
  } catch {
    return undefined;
  }
}

const snapshots = new Map<string, Promise<string | undefined>>();

/** Its path; undefined where there can be none, as in a folder that can't be written to: then it starts without. */
export function keptSnapshot(limits: BoxLimits): Promise<string | undefined> {
  const key = nodeArguments(limits).join();
  const snapshot = snapshots.get(key) ?? keptOrMade(limits);
  snapshots.set(key, snapshot);
  return snapshot;
}

/** For one that Node doesn't start from: this process goes on without, the next one makes it anew. */
export function removeSnapshot(path: string, limits: BoxLimits): void {
  snapshots.set(nodeArguments(limits).join(), Promise.resolve(undefined));
  rmSync(path, { force: true });
}
