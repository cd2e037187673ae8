/**
 * The rules of docs/architecture.md. Its table and its drawing are written from folders.ts:
 * `npx vitest run test/architecture -u` writes them anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { floorsOf, withDrawing } from "./drawing";
import { type Folder, folderOf, folders } from "./folders";
import { circles, filesBelow, packageOf, root, sources, specifiersOf, targetOf } from "./imports";

/** What the package.json of a folder names. */
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
const manifest = manifestOf(".");

/** What a file of src/ imports against the rules of its folder. */
function violationsOf(file: string, specifiers: readonly string[]): string[] {
  const folder = folderOf(file);
  if (folder === undefined) return [];
  return specifiers.flatMap((specifier) => {
    const target = targetOf(file, specifier);
    const isAllowed =
      target.kind === "node"
        ? !folder.web || (folder.nodeFiles?.includes(file) ?? false)
        : mayImport(folder, target.kind === "file" ? folderOf(target.path)?.name : target.name);
    return isAllowed ? [] : [`${file} imports ${specifier}`];
  });
}

const mayImport = (folder: Folder, name: string | undefined): boolean =>
  name === folder.name || folder.imports.includes("*") || folder.imports.includes(name ?? "index.ts");

describe("imports of src/", () => {
  const imports = new Map(sources.map((file) => [file, specifiersOf(`src/${file}`)]));

  it("are only those that the table allows", () => {
    expect([...imports].flatMap(([file, specifiers]) => violationsOf(file, specifiers))).toEqual([]);
  });

  it("would be noticed if they were forbidden", () => {
    expect(violationsOf("norm/batchNorm.ts", ["../layers/batchNorm", "node:fs", "jsdom", ".."])).toHaveLength(
      4,
    );
    expect(violationsOf("norm/batchNorm.ts", ["../tensor", "./affine"])).toEqual([]);
    expect(violationsOf("backend/node.ts", ["node:fs"])).toEqual([]);
  });

  it("are all needed: the table allows nothing that no file uses", () => {
    const used = (folder: Folder) =>
      sources
        .filter((file) => folderOf(file) === folder)
        .flatMap((file) => imports.get(file)!.map((specifier) => targetOf(file, specifier)))
        .map((target) => (target.kind === "file" ? folderOf(target.path)?.name : target.name));
    const unused = folders.flatMap((folder) => {
      const names = used(folder);
      return folder.imports
        .filter((name) => name !== "*" && !names.includes(name))
        .map((name) => `${folder.name}: ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it("go round in no circle between files", () => {
    const graph = new Map(
      [...imports].map(([file, specifiers]) => [
        file,
        specifiers.flatMap((specifier) => {
          const target = targetOf(file, specifier);
          return target.kind === "file" ? [target.path] : [];
        }),
      ]),
    );
    expect(circles(graph)).toEqual([]);
    const ring = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(circles(ring)).toEqual(["b → c → b"]);
  });

  it("point downward: a folder stands above all that it imports", () => {
    const names = folders.map(({ name }) => name);
    const upward = folders.flatMap(({ name, imports: allowed }) =>
      allowed
        .filter((other) => names.indexOf(other) > names.indexOf(name))
        .map((other) => `${name} → ${other}`),
    );
    expect(upward).toEqual([]);
    expect(floorsOf(folders).flat()).toHaveLength(folders.length);
  });

  it("of packages are declared as dependencies", () => {
    const packages = [...imports].flatMap(([file, specifiers]) =>
      specifiers.map((specifier) => targetOf(file, specifier)),
    );
    const undeclared = packages.flatMap((target) =>
      target.kind === "package" && !(target.name in manifest.dependencies) ? [target.name] : [],
    );
    expect([...new Set(undeclared)]).toEqual([]);
  });
});

describe("the rest of the project", () => {
  const others = ["test", "scripts", "bench"].flatMap((folder) => filesBelow(folder, /\.m?ts$|\.mjs$/));

  it("imports only packages that are declared", () => {
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    const ofMutants = manifestOf("scripts/mutants").dependencies;
    const isDeclared = (file: string, name: string) =>
      name in declared || (file.startsWith("scripts/mutants/") && name in ofMutants);
    const isPackage = (specifier: string) => !/^[./]|^node:/.test(specifier);
    const undeclared = others.flatMap((file) =>
      specifiersOf(file)
        .filter((specifier) => isPackage(specifier) && !isDeclared(file, packageOf(specifier)))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(undeclared).toEqual([]);
  });

  it("tests the built package, of which there is one copy: no test imports src/", () => {
    const wrong = others.flatMap((file) =>
      specifiersOf(file)
        .filter((specifier) => /^\.[./]*\/src\//.test(specifier))
        .map((specifier) => `${file} imports ${specifier}; it must import it from dist/`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("src/", () => {
  it("has no folder that the table does not know", () => {
    const present = readdirSync(join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(present.sort()).toEqual(
      folders
        .map(({ name }) => name)
        .filter((name) => !name.includes("/"))
        .sort(),
    );
  });

  it("has an index.ts that only re-exports", () => {
    const text = readFileSync(join(root, "src", "index.ts"), "utf8");
    const file = ts.createSourceFile("index.ts", text, ts.ScriptTarget.Latest);
    expect(file.statements.every((s) => ts.isExportDeclaration(s) && s.moduleSpecifier)).toBe(true);
  });
});

it("docs/architecture.md shows the table and the drawing of these rules", async () => {
  const path = join(root, "docs", "architecture.md");
  await expect(withDrawing(readFileSync(path, "utf8"), folders)).toMatchFileSnapshot(path);
});
