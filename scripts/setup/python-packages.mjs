// A virtual environment in .venv with JupyterLab and what it needs, pinned by requirements.txt.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { hashOf, isStamped, run } from "./run.mjs";

/** The Python of a virtual environment. */
export const pythonIn = (venv) =>
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

/** Whether the environment is there, runs, and is itself what runs: not the Python that it was made from. */
function isWhole(venv) {
  const code = "import sys, pip; sys.exit(sys.prefix != sys.argv[1])";
  return spawnSync(pythonIn(venv), ["-c", code, venv]).status === 0;
}

export async function installPythonPackages(root, python, signal) {
  const requirements = readFileSync(join(root, "requirements.txt"), "utf8");
  // The place, too: what pip wrote into the environment names it.
  const stamp = hashOf(requirements, python.version, root);
  const venv = join(root, ".venv");
  const file = join(venv, ".normlab");
  if (isStamped(file, stamp)) return;
  await withProgress("Python packages (JupyterLab)", async (show) => {
    rmSync(file, { force: true });
    if (!isWhole(venv)) {
      rmSync(venv, { recursive: true, force: true });
      await run("making a virtual environment", python.executable, ["-m", "venv", venv], { signal });
    }
    const total = requirements.split("\n").filter((line) => /^[a-z]/i.test(line)).length;
    let seen = 0;
    const onLine = (line) => {
      if (line.startsWith("Collecting ")) show(`${(seen += 1)} of about ${total}`);
      else if (line.startsWith("Installing ")) show("unpacking");
    };
    // Python compiles a module when it is first imported: of these, one in six ever is.
    const args = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "--no-compile",
      "-r",
      "requirements.txt",
    ];
    await run("installing the Python packages (pip)", pythonIn(venv), args, { cwd: root, onLine, signal });
    writeFileSync(file, stamp);
  });
}
