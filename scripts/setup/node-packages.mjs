// Node packages, exactly as the lock file says.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { pruneNodePackages } from "./prune.mjs";
import { hashOf, isStamped, run } from "./run.mjs";

/** npm is run by the Node that runs us: inside an npm script its path is known. */
function npm(args) {
  const path = process.env.npm_execpath;
  if (path?.endsWith(".js")) return [process.execPath, [path, ...args]];
  return ["npm", args];
}

export async function installNodePackages(root, signal) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const abi = `${process.platform}-${process.arch}-${process.versions.modules}`;
  const stamp = hashOf(lock, abi);
  // npm ci begins by deleting node_modules, so the stamp inside vanishes with an interrupted installation.
  const file = join(root, "node_modules", ".normlab");
  if (isStamped(file, stamp)) return;
  rmSync(file, { force: true });
  await withProgress("Node packages", async () => {
    // No package here needs an install script: those with native code ship it prebuilt.
    const [command, args] = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    await run("installing the Node packages (npm ci)", command, args, { cwd: root, signal });
    pruneNodePackages(join(root, "node_modules"));
    writeFileSync(file, stamp);
  });
}
