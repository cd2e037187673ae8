// What must be on the machine before anything else: Node, Python, disk.
import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { neededGigabytes, SetupError } from "./run.mjs";

const neededNode = [20, 19];
const neededPython = [3, 10];

const isOlder = (version, needed) =>
  version[0] < needed[0] || (version[0] === needed[0] && version[1] < needed[1]);
const parse = (text) => text.split(".").map(Number);

export function checkNode(version) {
  if (isOlder(parse(version), neededNode)) {
    throw new SetupError(
      `Node ${version} is too old; install Node ${neededNode.join(".")} or newer (22 LTS, say).`,
    );
  }
}

/** What may start a Python, best first: the user's choice, then the usual names. */
function candidates() {
  const chosen = process.env.NORMLAB_PYTHON;
  if (chosen) return [[chosen]];
  const names = [["python3"], ["python"], ["python3.13"], ["python3.12"], ["python3.11"], ["python3.10"]];
  return process.platform === "win32" ? [["py", "-3"], ...names] : names;
}

const probe =
  "import sys, importlib.util as u; print('.'.join(map(str, sys.version_info[:3])), bool(u.find_spec('venv') and u.find_spec('ensurepip')), sys.executable)";

/** Finds a Python that can make a virtual environment: `{ executable, version }`. */
export function findPython() {
  let best;
  for (const [command, ...args] of candidates()) {
    const { status, stdout } = spawnSync(command, [...args, "-c", probe], {
      encoding: "utf8",
      // Its path may have letters that Windows' own encoding lacks.
      env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    });
    if (status !== 0) continue;
    const [version, hasVenv, ...path] = stdout.trim().split(" ");
    const found = { version, executable: path.join(" "), usable: hasVenv === "True" };
    if (!isOlder(parse(version), neededPython) && found.usable) return found;
    best ??= found;
  }
  const needed = `Python ${neededPython.join(".")} or newer`;
  const from = process.env.NORMLAB_PYTHON ? ` (NORMLAB_PYTHON is ${process.env.NORMLAB_PYTHON})` : "";
  if (!best) throw new SetupError(`no Python found${from}; install ${needed}: JupyterLab runs on it.`);
  if (isOlder(parse(best.version), neededPython)) {
    throw new SetupError(
      `Python ${best.version} (${best.executable}) is too old; install ${needed}, or name one in NORMLAB_PYTHON.`,
    );
  }
  throw new SetupError(
    `Python ${best.version} (${best.executable}) can't make virtual environments; on Debian or Ubuntu: apt install python3-venv.`,
  );
}

/** Refuses to begin an installation that the disk can't hold. */
export function checkDisk(root, free = statfsSync(root)) {
  if (existsSync(join(root, "node_modules")) && existsSync(join(root, ".venv"))) return;
  const gigabytes = (free.bavail * free.bsize) / 1e9;
  if (gigabytes < neededGigabytes) {
    throw new SetupError(
      `only ${gigabytes.toFixed(1)} GB are free on this disk and the first set-up needs ${neededGigabytes} GB; free some, then run the same command again.`,
    );
  }
}
