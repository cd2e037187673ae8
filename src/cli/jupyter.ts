/** Where the project's own Jupyter lives: everything inside .venv and .jupyter, nothing of the user's. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ExpectedError } from "./errors";

export const projectRoot: string = resolve(__dirname, "../..");

/** The learner's folder, unless they name another. */
export const workFolder: string = join(projectRoot, "work");

/**
 * The Python of the project's virtual environment. Its programs are run with `-m`, never by the scripts beside it,
 * which name the folder that they were made in.
 */
export function venvPython(): string {
  const [folder, name] = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  const path = join(projectRoot, ".venv", folder, name);
  if (!existsSync(path)) throw new ExpectedError(`${path} is missing; \`node scripts/setup.mjs\` makes it.`);
  return path;
}

/** The environment for every Jupyter process we start: the user's own configuration is neither read nor written. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const folder = join(projectRoot, ".jupyter");
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_PREFER_ENV_PATH: "1",
    IPYTHONDIR: join(folder, "ipython"),
  };
}
