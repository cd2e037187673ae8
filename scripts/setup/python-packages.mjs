// A virtual environment in .venv with JupyterLab and what it needs, pinned by requirements.txt.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, isStamped, run, withProgress } from "./run.mjs";

export const venvPython = (root) =>
  process.platform === "win32"
    ? join(root, ".venv", "Scripts", "python.exe")
    : join(root, ".venv", "bin", "python");

/** Whether the environment is there, runs, and believes that it is where it is (they can't be moved). */
function isWhole(root) {
  const code = "import sys, pip; print(sys.prefix)";
  const { status, stdout } = spawnSync(venvPython(root), ["-c", code], { encoding: "utf8" });
  return status === 0 && stdout.trim() === join(root, ".venv");
}

export async function installPythonPackages(root, python) {
  const requirements = readFileSync(join(root, "requirements.txt"), "utf8");
  const stamp = hashOf(requirements, python.version, root);
  const file = join(root, ".venv", ".normlab");
  if (isStamped(file, stamp)) return;
  await withProgress("Python packages (JupyterLab)", async (shown) => {
    rmSync(file, { force: true });
    if (!isWhole(root)) {
      rmSync(join(root, ".venv"), { recursive: true, force: true });
      await run("making a virtual environment", python.executable, ["-m", "venv", join(root, ".venv")]);
    }
    const total = requirements.split("\n").filter((line) => /^[a-z]/i.test(line)).length;
    let seen = 0;
    const onLine = (line) => {
      if (line.startsWith("Collecting ")) shown.update(`package ${(seen += 1)} of about ${total}`);
      else if (line.startsWith("Installing ")) shown.update("unpacking");
    };
    const args = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "-r",
      "requirements.txt",
    ];
    await run("installing the Python packages (pip)", venvPython(root), args, { cwd: root, onLine });
    quietJupyterLab(root);
    writeFileSync(file, stamp);
  });
}

/** JupyterLab asks the network for news and updates unless told not to. */
function quietJupyterLab(root) {
  const folder = join(root, ".venv", "share", "jupyter", "lab", "settings");
  const overrides = {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "overrides.json"), `${JSON.stringify(overrides, null, 2)}\n`);
}
