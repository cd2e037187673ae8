// Running the installers: their output shown or counted, their failures turned into one clear line.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

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
    say: (what) => `${what}: the disk is full; free about 2 GB, then run the same command again.`,
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

/**
 * Runs a program and resolves with what it printed. `onLine` sees each line as it comes.
 * A failure becomes a SetupError that begins with `what`.
 */
export function run(what, command, args, { onLine = () => {}, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
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
    child.on("error", (error) => reject(new SetupError(`${what} failed: ${error.message}`)));
    child.on("close", (status) =>
      status === 0 ? resolve(output) : reject(new SetupError(explain(what, output))),
    );
  });
}

/** Shows that a long step goes on: on a terminal one line rewritten, elsewhere a line every half minute. */
export function progress(title) {
  const started = Date.now();
  let detail = "";
  let written = 0;
  const line = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    return `${title} … ${seconds} s${detail ? `, ${detail}` : ""}`;
  };
  const draw = () => {
    const terminal = process.stdout.isTTY;
    if (!terminal && Date.now() - written < 30_000) return;
    written = Date.now();
    process.stdout.write(terminal ? `\r\x1b[K${line()}` : `${line()}\n`);
  };
  draw();
  const timer = setInterval(draw, 500);
  const end = () => {
    clearInterval(timer);
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  };
  return {
    update: (text) => {
      detail = text;
    },
    done: () => {
      end();
      console.log(`${title}: done in ${Math.round((Date.now() - started) / 1000)} s`);
    },
    fail: end,
  };
}

/** Runs `work` under a progress line. */
export async function withProgress(title, work) {
  const shown = progress(title);
  try {
    const result = await work(shown);
    shown.done();
    return result;
  } catch (error) {
    shown.fail();
    throw error;
  }
}

export const hashOf = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};

/** Whether the step that wrote `file` last ran for the same inputs. */
export const isStamped = (file, stamp) => existsSync(file) && readFileSync(file, "utf8") === stamp;
