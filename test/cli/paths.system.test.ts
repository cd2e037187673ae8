import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputFolder, root } from "../support/jupyter";
import { TestKernel } from "../support/kernel";
import { runProgram } from "../support/process";
import { shared } from "../support/shared";

/** The folder once more, with nothing copied: its files are hard links. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

describe("a project in a folder with a space and letters of all kinds", () => {
  const folder = join(outputFolder, "a b é 中");
  const project = join(folder, "normlab");
  const linkProject = async () => {
    rmSync(folder, { recursive: true, force: true });
    for (const name of ["dist", "node_modules", "scripts"]) linkFolder(join(root, name), join(project, name));
    linkSync(join(root, "package.json"), join(project, "package.json"));
  };
  shared(linkProject, async () => rmSync(folder, { recursive: true, force: true }));

  it("trains by `npx normlab run`", async () => {
    const config = {
      name: "é 中",
      data: { limit: 200 },
      model: [{ layer: "flatten" }, { layer: "dense", units: 10, activation: "softmax" }],
      optimizer: "adam",
      epochs: 1,
      seed: 1,
    };
    writeFileSync(join(folder, "é 中.json"), JSON.stringify(config));
    const args = ["normlab", "run", join(folder, "é 中.json"), "--out", join(folder, "the run.json")];
    const { status, stderr } = await runProgram(120_000, "npx", args, {
      cwd: project,
      shell: process.platform === "win32",
    });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^é 中: epoch 1\/1: loss/m);
    expect(JSON.parse(readFileSync(join(folder, "the run.json"), "utf8"))).toMatchObject({
      name: "é 中",
      ended: { how: "completed" },
    });
    expect(existsSync(join(folder, "the run.json.checkpoint"))).toBe(false);
  });

  it("runs cells: the library, its pictures, a file beside the notebook, and errors that name files", async () => {
    const kernel = await TestKernel.start({
      main: join(project, "dist/kernel/main.js"),
      files: {
        "mes idées 中.ts":
          "export const half = (x: number) => {\n  if (x < 0) throw new Error();\n  return x / 2;\n};",
      },
    });
    try {
      const importing = 'import { batchNorm, initBackend, layerNorm, lines, tensor } from "normlab";';
      expect(await kernel.run(`${importing}\nbatchNorm(tensor([[1], [3]])).mean.data[0]`)).toMatchObject({
        result: "2",
        errors: "",
      });
      expect((await kernel.run("await initBackend()")).errors).toBe("");
      const figure = await kernel.run(
        'lines([{ name: "x", y: [1, 2] }], { title: "t", xTitle: "x", yTitle: "y" })',
      );
      expect(figure.errors).toBe("");
      const shown = figure.messages.find((m) => (m.content.data as Record<string, unknown>)?.["image/png"]);
      expect(shown).toBeDefined();
      expect((await kernel.run('import { half } from "./mes idées 中";\nhalf(4)')).result).toBe("2");
      expect((await kernel.run("half(-1)")).errors).toMatch(/at half \(mes idées 中\.ts:2\)/);
      expect((await kernel.run("layerNorm(tensor([[1, 2]]), { epsilon: -1 })")).errors).toMatch(
        /at layerNorm \(src\/norm\/layerNorm\.ts:\d+\)/,
      );
    } finally {
      await kernel.stop();
    }
  });
});
