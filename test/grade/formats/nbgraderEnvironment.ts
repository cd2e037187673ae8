/** nbgrader itself, in a virtual environment below .cache/ that is made once for each version of nbgrader.txt. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../../support/jupyter";
import { runProgram } from "../../support/process";

const requirements = join(__dirname, "nbgrader.txt");
const cache = join(root, ".cache");
const prefix = "nbgrader-";

async function mustRun(command: string, args: string[]): Promise<void> {
  const { status, stdout, stderr } = await runProgram(600_000, command, args, { cwd: root });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")}:\n${stdout}${stderr}`);
}

/** The folder with the environment's programs. */
export async function nbgraderPrograms(): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(cache, prefix + hash);
  // A stamp of the set-up's kind: what was interrupted is made again.
  const [stamp, programs] = [join(folder, "whole"), join(folder, "bin")];
  if (existsSync(stamp)) return programs;
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache).filter((each) => each.startsWith(prefix))) {
    rmSync(join(cache, name), { recursive: true });
  }
  await mustRun(join(root, ".venv", "bin", "python"), ["-m", "venv", folder]);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  await mustRun(join(programs, "python"), [...install, "--no-compile", "--requirement", requirements]);
  mkdirSync(stamp);
  return programs;
}

/** The environment of programs of nbgrader's: they call each other by name. */
export function nbgraderVariables(
  programs: string,
  path: string = process.env.PATH ?? "",
): NodeJS.ProcessEnv {
  const own = join(programs, "..", "jupyter");
  return {
    ...process.env,
    PATH: [programs, ...(path ? [path] : [])].join(delimiter),
    JUPYTER_CONFIG_DIR: join(own, "config"),
    JUPYTER_DATA_DIR: join(own, "data"),
    JUPYTER_RUNTIME_DIR: join(own, "runtime"),
    IPYTHONDIR: join(own, "ipython"),
  };
}
