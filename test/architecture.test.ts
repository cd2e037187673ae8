import { readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const source = resolve(__dirname, "../src");

/** Which folders and packages each folder of src/ may import (docs/architecture.md says why). */
const allowed: Record<string, string[]> = {
  tensor: [],
  norm: ["tensor"],
  // A deep network whose every value can be looked at: needs the mathematics, and no training backend.
  probe: ["tensor", "norm"],
  layers: ["tensor", "norm", "backend", "@tensorflow/tfjs"],
  backend: ["tensor", "@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
  data: ["tensor"],
  train: ["tensor", "layers", "backend", "data", "@tensorflow/tfjs"],
  figures: ["tensor"],
  checks: ["norm", "tensor"],
  lesson: ["markdown-it", "typescript", "yaml"],
  kernel: ["tslab", "@tslab/typescript-for-tslab", "zeromq"],
};

/** Folders that must also run on a web page: Node's own modules only in the named files (or folders, with a slash). */
const nodeFilesOf: Record<string, string[]> = {
  tensor: [],
  norm: [],
  layers: [],
  checks: [],
  figures: ["figures/display.ts", "figures/display/"], // the drawing thread is more than one file's worth
  backend: ["node.ts"],
};
/** Packages that only those Node files may load. */
const nodeOnlyPackages = ["jsdom", "@resvg/resvg-js", "plotly.js-dist", "dejavu-fonts-ttf", "opentype.js"];

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "assembly" ? [] : filesBelow(path);
    return /\.m?ts$/.test(name) ? [path] : [];
  });
}

/** Every module specifier of a file: import, export from, import(), require(), import types. */
function importsOf(path: string): string[] {
  return ts.preProcessFile(readFileSync(path, "utf8"), true, true).importedFiles.map((file) => file.fileName);
}

const packageOf = (specifier: string) => specifier.match(/^(@[^/]+\/[^/]+|[^/]+)/)![0];
const isNode = (specifier: string) => specifier.startsWith("node:") || builtinModules.includes(specifier);

function violationsOf(path: string, imports: string[]): string[] {
  const [folder] = relative(source, path).split(/[\\/]/);
  if (!(folder in allowed)) return [];
  const isNodeFile =
    nodeFilesOf[folder]?.some((name) => (name.endsWith("/") ? path.includes(name) : path.endsWith(name))) ??
    true;
  return imports.flatMap((specifier) => {
    let target = packageOf(specifier);
    if (specifier.startsWith(".")) {
      target = relative(source, resolve(dirname(path), specifier)).split(/[\\/]/)[0];
      if (target === folder) return [];
    } else if (isNode(specifier)) {
      return isNodeFile ? [] : [`${relative(source, path)} imports Node's ${specifier}`];
    } else if (isNodeFile && folder === "figures" && nodeOnlyPackages.includes(target)) {
      return [];
    }
    return allowed[folder].includes(target) ? [] : [`${relative(source, path)} imports ${specifier}`];
  });
}

describe("architecture", () => {
  it("every folder imports only what the table allows", () => {
    expect(filesBelow(source).flatMap((path) => violationsOf(path, importsOf(path)))).toEqual([]);
  });

  it("would notice a forbidden import", () => {
    const norm = join(source, "norm", "example.ts");
    expect(violationsOf(norm, ["../layers/batchNorm"])).toHaveLength(1);
    expect(violationsOf(norm, ["node:fs"])).toHaveLength(1);
    expect(violationsOf(norm, ["../tensor"])).toHaveLength(0);
  });

  it("knows every folder of src/", () => {
    const folders = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory());
    expect(folders.filter((name) => !(name in allowed) && name !== "cli")).toEqual([]);
  });

  it("index.ts only re-exports", () => {
    const text = readFileSync(join(source, "index.ts"), "utf8");
    const file = ts.createSourceFile("index.ts", text, ts.ScriptTarget.Latest);
    expect(file.statements.every((s) => ts.isExportDeclaration(s) && s.moduleSpecifier)).toBe(true);
  });
});
