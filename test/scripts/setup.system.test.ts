import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { pythonIn } from "../../scripts/setup/python-packages.mjs";
import { runProgram } from "../support/process";
import { shared } from "../support/shared";

// The real set-up scripts in a miniature of the project: no Node packages, no Python packages, a build that leaves
// one file. Every step is real (npm ci, the build, a virtual environment, the kernelspec) and needs no network.
describe("setup.mjs, run again and again", () => {
  const root = resolve(__dirname, "../..");
  let folder: string;
  let project: string;
  const setup = async () => {
    const { status, stdout, stderr } = await runProgram(120_000, process.execPath, ["scripts/setup.mjs"], {
      cwd: project,
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout.match(/^.*(?=: done in)/gm) ?? [];
  };
  const spec = () =>
    JSON.parse(readFileSync(join(project, ".venv/share/jupyter/kernels/tslab/kernel.json"), "utf8")) as {
      argv: string[];
    };
  const python = () => pythonIn(join(project, ".venv"));

  const makeProject = async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "normlab-")));
    project = join(folder, "normlab");
    mkdirSync(project);
    for (const folder of ["src", "scripts", "node_modules"]) mkdirSync(join(project, folder));
    cpSync(join(root, "scripts/setup.mjs"), join(project, "scripts/setup.mjs"));
    cpSync(join(root, "scripts/setup"), join(project, "scripts/setup"), { recursive: true });
    const manifest = { name: "miniature", version: "1.0.0" };
    const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { "": manifest } };
    writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    writeFileSync(join(project, "tsconfig.json"), "{}");
    writeFileSync(join(project, "requirements.txt"), "# nothing\n");
    writeFileSync(join(project, "src/index.ts"), "export {};\n");
    const build =
      'import { mkdirSync, writeFileSync } from "node:fs"; mkdirSync("dist"); writeFileSync("dist/index.js", "");';
    writeFileSync(join(project, "scripts/build.mjs"), build);
    return folder;
  };
  shared(makeProject, async (made) => rmSync(made, { recursive: true, force: true }));

  const all = ["Node packages", "Building normlab", "Python packages (JupyterLab)"];

  it("does everything the first time", async () => {
    mkdirSync(join(project, "node_modules/left-over-of-an-interrupted-installation"));
    expect(await setup()).toEqual(all);
    expect(existsSync(join(project, "node_modules/left-over-of-an-interrupted-installation"))).toBe(false);
    expect(spec().argv.slice(0, 2)).toEqual([process.execPath, join(project, "dist/kernel/main.js")]);
  });

  it("does nothing the second time", async () => {
    await setup();
    expect(await setup()).toEqual([]);
  });

  it("repeats just the step whose inputs changed", async () => {
    await setup();
    writeFileSync(join(project, "src/index.ts"), "export const changed = true;\n");
    expect(await setup()).toEqual(["Building normlab"]);
    writeFileSync(join(project, "requirements.txt"), "# still nothing\n");
    expect(await setup()).toEqual(["Python packages (JupyterLab)"]);
  });

  it("mends what an interruption left half done", async () => {
    await setup();
    // A killed installer leaves files but no stamp.
    rmSync(join(project, "node_modules/.normlab"));
    rmSync(join(project, ".venv/.normlab"));
    rmSync(python());
    expect(await setup()).toEqual(["Node packages", "Python packages (JupyterLab)"]);
    expect((await runProgram(60_000, python(), ["-m", "pip", "--version"])).status).toBe(0);
    expect(await setup()).toEqual([]);
  });

  it("makes everything right again after the folder was moved, to a name with a space and letters of all kinds", async () => {
    await setup();
    const moved = join(folder, "a b é 中");
    renameSync(project, moved);
    project = moved;
    expect(await setup()).toContain("Python packages (JupyterLab)");
    expect(spec().argv[1]).toBe(join(moved, "dist/kernel/main.js"));
    expect((await runProgram(60_000, python(), ["-m", "pip", "--version"])).stdout).toContain(moved);
    expect(await setup()).toEqual([]);
  });
});
