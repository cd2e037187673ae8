import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");
const venv = join(root, ".venv");
const python =
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

describe("Jupyter's own tools", () => {
  it.each(["Conformance", "Tools"])("%s (jupyter.py)", (suite) => {
    const { status, stderr } = spawnSync(python, [join(__dirname, "jupyter.py"), suite], {
      encoding: "utf8",
      env: {
        ...process.env,
        JUPYTER_PATH: join(venv, "share", "jupyter"),
        PYDEVD_DISABLE_FILE_VALIDATION: "1",
      },
    });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^Ran \d+ tests/m);
  });
});
