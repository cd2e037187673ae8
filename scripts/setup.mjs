// Brings a fresh clone to the point where everything runs, and repairs what an interruption left half done.
// Uses nothing but Node, because nothing else is installed yet. Each step knows by a stamp whether it has
// anything to do, so a second run takes a moment.
// Python's packages are installed beside Node's and the build, which don't need them.
import { fileURLToPath } from "node:url";
import { dirname } from "node:path";
import { buildPackage } from "./setup/build.mjs";
import { furnishJupyter } from "./setup/jupyter.mjs";
import { installNodePackages } from "./setup/node-packages.mjs";
import { checkDisk, checkNode, findPython } from "./setup/prerequisites.mjs";
import { installPythonPackages } from "./setup/python-packages.mjs";
import { SetupError } from "./setup/run.mjs";
import { sideBySide } from "./setup/side-by-side.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  checkNode(process.versions.node);
  const python = findPython();
  checkDisk(root);
  await sideBySide(
    async (signal) => {
      await installNodePackages(root, signal);
      await buildPackage(root, signal);
    },
    (signal) => installPythonPackages(root, python, signal),
  );
  furnishJupyter(root);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`normlab: ${error.message}`);
  process.exit(1);
}
