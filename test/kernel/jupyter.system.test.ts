import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { pythonIn } from "../../scripts/setup/python-packages.mjs";
import { runProgram } from "../support/process";

const root = resolve(__dirname, "../..");
const venv = join(root, ".venv");

describe("Jupyter's own tools", () => {
  it.concurrent.each(["Programs", "Client", "Conformance"])("%s (jupyter.py)", async (suite) => {
    const { status, stderr } = await runProgram(
      280_000,
      pythonIn(venv),
      [join(__dirname, "jupyter.py"), suite],
      {
        env: {
          ...process.env,
          JUPYTER_PATH: join(venv, "share", "jupyter"),
          PYDEVD_DISABLE_FILE_VALIDATION: "1",
        },
      },
    );
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^Ran \d+ tests/m);
  });
});
