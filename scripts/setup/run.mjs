// Running the installers: their output counted, their failures turned into one clear line.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const windows = process.platform === "win32";
const withCaller = fileURLToPath(new URL("with-caller.mjs", import.meta.url));

/**
 * The most disk that the first set-up takes at a time, rounded up: Node packages 0.7 GB before they are pruned, Python
 * packages 0.3 GB, and what npm and pip download, 0.3 GB.
 */
export const neededGigabytes = 1.5;

/** A failure the user can do something about; its message is the whole explanation. */
export class SetupError extends Error {}

const causes = [
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|network (request|timeout)|NewConnectionError|NameResolutionError|ConnectTimeoutError|Max retries exceeded|Temporary failure in name resolution|Failed to establish a new connection/i,
    say: (what) =>
      `${what}: the package registry can't be reached; check the network or the proxy settings, then run the same command again.`,
  },
  {
    pattern: /ENOSPC|No space left on device/i,
    say: (what) =>
      `${what}: the disk is full; the first set-up needs ${neededGigabytes} GB: free some, then run the same command again.`,
  },
  {
    pattern: /EACCES|EPERM|Permission denied/i,
    say: (what) =>
      `${what}: no permission to write into this folder; make it yours (see its owner with \`ls -ld .\`), then run the same command again.`,
  },
];

/** The line that explains a failed installer, from what it printed. */
export function explain(what, output) {
  const cause = causes.find(({ pattern }) => pattern.test(output));
  if (cause) return cause.say(what);
  const tail = output.trim().split("\n").slice(-15).join("\n");
  return `${what} failed. It said:\n${tail}`;
}

/** Sends a signal to a program and all that it started. */
function kill({ pid }, name) {
  if (windows) return spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]);
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has just ended by itself
  }
}

/**
 * Runs a program and resolves with what it printed. `onLine` sees each line as it comes.
 * A failure becomes a SetupError that begins with `what`. When `signal` is aborted the program is ended, and once it
 * and all that it started are gone, this rejects with the signal's reason: what was stopped is never taken for done.
 * When this process is killed they end as well.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { onLine?: (line: string) => void }} [options]
 */
export async function run(what, command, args, { signal, onLine = () => {}, ...options } = {}) {
  signal?.throwIfAborted();
  // A process group of its own, so that it can be ended together with what it starts.
  const child = spawn(process.execPath, [withCaller, command, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: !windows,
    ...options,
  });
  let force;
  const stop = () => {
    kill(child, "SIGINT");
    // npm would go on for a minute.
    force = setTimeout(kill, 3000, child, "SIGKILL");
  };
  if (child.pid) signal?.addEventListener("abort", stop);
  child.on("close", () => {
    clearTimeout(force);
    signal?.removeEventListener("abort", stop);
  });
  let output = "";
  let rest = "";
  const take = (chunk) => {
    output += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    lines.forEach(onLine);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const status = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new SetupError(`${what} failed: ${error.message}`)));
    child.on("close", resolve);
  });
  signal?.throwIfAborted();
  // There is no such program, or it may not be run.
  if (status === 127) throw new SetupError(`${what} failed: ${output.trim()}`);
  if (status !== 0) throw new SetupError(explain(what, output));
  return output;
}

export const hashOf = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};

/** Whether the step that wrote `file` last ran for the same inputs. */
export const isStamped = (file, stamp) => existsSync(file) && readFileSync(file, "utf8") === stamp;
