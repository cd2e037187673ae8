/** Runs a notebook in the real kernel, on a temporary copy. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Execution, type Notebook, notebookText } from "../lesson";
import { temporaryFolder } from "../train/files";
import { ExpectedError } from "./errors";
import { jupyterEnvironment, projectRoot, venvPython } from "./jupyter";

export interface ExecutedNotebook {
  /** By cell id. */
  executions: Record<string, Execution>;
  /** False when a cell ended with an error; the executions go as far as that cell. */
  succeeded: boolean;
  /** What the run said on its way: seconds a cell, the error. */
  log: string;
}

/**
 * @param environment variables beside the usual ones, such as NORMLAB_QUICK
 * @param onProgress gets the log's text as it comes
 * @param signal ends the run when it is aborted; the promise rejects once it has ended
 */
export async function executeNotebook(
  notebook: Notebook,
  {
    environment = {},
    onProgress,
    signal,
  }: { environment?: NodeJS.ProcessEnv; onProgress?: (text: string) => void; signal?: AbortSignal } = {},
): Promise<ExecutedNotebook> {
  const python = venvPython();
  mkdirSync(join(projectRoot, ".jupyter"), { recursive: true });
  const folder = temporaryFolder(join(projectRoot, ".cache"), "execute");
  try {
    const [path, resultPath] = [join(folder, "lesson.ipynb"), join(folder, "result.json")];
    writeFileSync(path, notebookText(notebook));
    const script = join(projectRoot, "scripts", "execute_notebook.py");
    const child = spawn(python, [script, path, resultPath], {
      cwd: projectRoot,
      signal,
      env: { ...jupyterEnvironment(), ...environment },
      // The script ends when its stdin closes, so it does not outlive a process that was killed.
      stdio: ["pipe", "ignore", "pipe"],
    });
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      // What Python says of a Ctrl-C that reached it, too, is no progress.
      if (!signal?.aborted) onProgress?.(text);
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on("error", (error) => signal?.aborted || reject(error)).on("close", resolve);
    });
    signal?.throwIfAborted();
    if (!existsSync(resultPath)) throw new ExpectedError(`The notebook could not be executed:\n${log}`);
    const executions = JSON.parse(readFileSync(resultPath, "utf8")) as Record<string, Execution>;
    return { executions, succeeded: status === 0, log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
