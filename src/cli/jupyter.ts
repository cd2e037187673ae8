/** Where the project's own Jupyter lives: everything inside .venv and .jupyter, nothing of the user's. */
import { join, resolve } from "node:path";

export const projectRoot: string = resolve(__dirname, "../..");

/** The Python of the project's virtual environment. */
export const venvPython: string =
  process.platform === "win32"
    ? join(projectRoot, ".venv", "Scripts", "python.exe")
    : join(projectRoot, ".venv", "bin", "python");

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
