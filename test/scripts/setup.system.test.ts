import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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
import { endProgram, runProgram, startProgram } from "../support/process";
import { shared } from "../support/shared";
import { within } from "../support/within";

/** The one Python package that the set-up itself reads, as a wheel: a zip with what pip asks for. */
const wheel = "plotly-1.0-py3-none-any.whl";
function makeWheel(path: string): void {
  const info = "plotly-1.0.dist-info";
  const files = {
    "plotly/package_data/plotly.min.js": "// Plotly",
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: plotly\nVersion: 1.0\n",
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  const write =
    "import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as wheel:\n" +
    "  for name, text in json.loads(sys.argv[2]).items(): wheel.writestr(name, text)";
  execFileSync(pythonIn(resolve(__dirname, "../../.venv")), ["-c", write, path, JSON.stringify(files)]);
}

// The real set-up scripts in a miniature of the project: no Node packages, a Python package, a build that leaves
// one file. Every step is real (npm ci, the build, a virtual environment, the kernelspec) and needs no network.
describe("setup.mjs, run again and again", () => {
  const root = resolve(__dirname, "../..");
  let folder: string;
  let project: string;
  const said =
    /^$|^(Node packages|Building normlab|Python packages \(JupyterLab\))(: done in \d+ s| … \d+ s(, [^…]*)?)$/;
  const setup = async () => {
    const { status, stdout, stderr } = await runProgram(120_000, process.execPath, ["scripts/setup.mjs"], {
      cwd: project,
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    // Whole lines of one step each, though two run at once.
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(said);
    return (stdout.match(/^.*(?=: done in)/gm) ?? []) as string[];
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
    cpSync(join(root, "jupyter"), join(project, "jupyter"), { recursive: true });
    // The one package that the set-up itself reads.
    cpSync(join(root, "node_modules/temml/dist"), join(project, "temml/dist"), { recursive: true });
    const temml = { name: "temml", version: "1.0.0" };
    writeFileSync(join(project, "temml/package.json"), JSON.stringify(temml));
    const manifest = { name: "miniature", version: "1.0.0", dependencies: { temml: "file:temml" } };
    const link = { temml, "node_modules/temml": { resolved: "temml", link: true } };
    const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { "": manifest, ...link } };
    writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    writeFileSync(join(project, "tsconfig.json"), "{}");
    makeWheel(join(project, wheel));
    writeFileSync(join(project, "requirements.txt"), `./${wheel}\n`);
    writeFileSync(join(project, "src/index.ts"), "export {};\n");
    const build =
      'import { mkdirSync, writeFileSync } from "node:fs"; mkdirSync("dist"); writeFileSync("dist/index.js", "");';
    writeFileSync(join(project, "scripts/build.mjs"), build);
    return folder;
  };
  shared(makeProject, async (made) => rmSync(made, { recursive: true, force: true }));

  // Node's side is one step after another; Python's runs beside it and may end anywhere among them.
  const all: string[] = ["Node packages", "Building normlab", "Python packages (JupyterLab)"];

  it("does everything the first time", async () => {
    mkdirSync(join(project, "node_modules/left-over-of-an-interrupted-installation"));
    const done = await setup();
    expect(done.toSorted()).toEqual(all.toSorted());
    expect(done.indexOf(all[0])).toBeLessThan(done.indexOf(all[1]));
    expect(existsSync(join(project, "node_modules/left-over-of-an-interrupted-installation"))).toBe(false);
    expect(spec().argv.slice(0, 2)).toEqual([process.execPath, join(project, "dist/kernel/main.js")]);
    // What jupyter/ holds lies where Jupyter looks for it: beside the kernel its logo, and the rest.
    const template = "share/jupyter/nbconvert/templates/normlab";
    for (const path of [
      ...readdirSync(join(root, "jupyter"), { recursive: true, encoding: "utf8" }),
      ...[`${template}/temml.min.js`, `${template}/Temml-Local.css`],
    ])
      expect(existsSync(join(project, ".venv", path)), path).toBe(true);
  });

  it("does nothing the second time", async () => {
    await setup();
    expect(await setup()).toEqual([]);
  });

  it("repeats just the step whose inputs changed", async () => {
    await setup();
    writeFileSync(join(project, "src/index.ts"), "export const changed = true;\n");
    expect(await setup()).toEqual(["Building normlab"]);
    writeFileSync(join(project, "requirements.txt"), `# the same\n./${wheel}\n`);
    expect(await setup()).toEqual(["Python packages (JupyterLab)"]);
  });

  it("mends what an interruption left half done", async () => {
    await setup();
    // A killed installer leaves files but no stamp.
    rmSync(join(project, "node_modules/.normlab"));
    rmSync(join(project, ".venv/.normlab"));
    rmSync(python());
    expect((await setup()).toSorted()).toEqual(["Node packages", "Python packages (JupyterLab)"]);
    expect((await runProgram(60_000, python(), ["-m", "pip", "--version"])).status).toBe(0);
    expect(await setup()).toEqual([]);
  });

  it("ends Python's side when Node's fails, names the step, and does everything still missing the next time", async () => {
    rmSync(join(project, ".venv"), { recursive: true, force: true });
    const build = readFileSync(join(project, "scripts/build.mjs"), "utf8");
    writeFileSync(join(project, "scripts/build.mjs"), 'console.error("no such type"); process.exit(1);');
    const failed = await runProgram(120_000, process.execPath, ["scripts/setup.mjs"], { cwd: project });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toBe("normlab: building normlab failed. It said:\nno such type\n");
    expect(existsSync(join(project, "dist/.normlab"))).toBe(false);
    writeFileSync(join(project, "scripts/build.mjs"), build);
    expect(await setup()).toContain("Building normlab");
    expect(await setup()).toEqual([]);
  });

  it.skipIf(process.platform === "win32")(
    "ends what runs when it is interrupted, and goes on the next time",
    async () => {
      await setup();
      const build = readFileSync(join(project, "scripts/build.mjs"), "utf8");
      writeFileSync(join(project, "scripts/build.mjs"), "setInterval(() => {}, 1000);");
      const program = startProgram(process.execPath, ["scripts/setup.mjs"], { cwd: project });
      try {
        await within(60_000, "the build", new Promise((begun) => program.child.stdout?.on("data", begun)));
        program.child.kill("SIGINT");
        expect(await within(30_000, "the end of the set-up", program.ended)).toBe("ended with status 1");
      } finally {
        await endProgram(program);
      }
      expect(program.output.stderr).toBe(
        "normlab: the set-up was interrupted; to finish it, run the same command again.\n",
      );
      expect(existsSync(join(project, "dist/.normlab"))).toBe(false);
      writeFileSync(join(project, "scripts/build.mjs"), build);
      expect(await setup()).toEqual(["Building normlab"]);
    },
  );

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
