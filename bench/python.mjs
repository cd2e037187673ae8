// The Python peers' environment: .bench/venv, made and filled by the benchmark itself.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonIn } from "../scripts/setup/python-packages.mjs";

const succeeds = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

/** A Python of 3.10 or later on this machine. */
function findPython() {
  const version = "import sys; sys.exit(sys.version_info < (3, 10))";
  return ["python3", "python"].find((program) => succeeds(program, "-c", version));
}

/**
 * The interpreter of .bench/venv with bench/requirements.txt installed, or why there is none. Packages that
 * are there already are not asked for again; `install: false` never asks.
 */
export function preparePython(folder, requirements, { install }) {
  const venv = join(folder, "venv");
  const python = pythonIn(venv);
  const wanted = readFileSync(requirements, "utf8");
  const stamp = join(venv, "normlab-requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && succeeds(python, "-c", ""))
    return { python };
  if (!install) return { reason: "its Python packages are not installed (leave out --no-install)" };
  const program = findPython();
  if (program === undefined) return { reason: "Python 3.10 or later is missing" };
  mkdirSync(folder, { recursive: true });
  console.error("Installing PyTorch and Keras into .bench/venv (once; about 3 GB) …");
  const run = (command, ...args) =>
    spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
  if (!succeeds(python, "-m", "pip", "--version") && !run(program, "-m", "venv", "--clear", venv)) {
    return { reason: "`python3 -m venv` failed (on Debian: apt-get install python3-venv)" };
  }
  if (!run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)) {
    return { reason: "pip could not install bench/requirements.txt" };
  }
  writeFileSync(stamp, wanted);
  return { python };
}
