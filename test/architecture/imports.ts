/** What the files of the project import, read from their text. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

export const root: string = resolve(__dirname, "../..");
const source = join(root, "src");

/** Paths of all files below a folder of the project that end so, "/" between the parts. */
export function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => ending.test(name) && !name.includes("/node_modules/"))
    .sort();
}

/** TypeScript files of src/, by their paths below it; assembly/ is AssemblyScript, another language. */
export const sources: readonly string[] = filesBelow("src", /\.ts$/)
  .map((name) => name.slice("src/".length))
  .filter((name) => !name.startsWith("backend/assembly/"));

/** Every module specifier of a file: import, export from, import(), require(), require.resolve(), import types. */
export function specifiersOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const imported = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  const resolved = Array.from(text.matchAll(/\brequire\.resolve\("([^"$]+)"/g), ([, specifier]) => specifier);
  return [...imported, ...resolved];
}

export type Target =
  { kind: "file"; path: string } | { kind: "node"; name: string } | { kind: "package"; name: string };

/** What a specifier in a file of src/ means. */
export function targetOf(file: string, specifier: string): Target {
  if (specifier.startsWith(".")) {
    const base = relative(source, resolve(source, dirname(file), specifier)).replaceAll("\\", "/");
    const path = [`${base}.ts`, base === "" ? "index.ts" : `${base}/index.ts`].find((name) =>
      sources.includes(name),
    );
    if (path === undefined) throw new Error(`${file} imports ${specifier}, which is no file of src/.`);
    return { kind: "file", path };
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier))
    return { kind: "node", name: specifier };
  return { kind: "package", name: packageOf(specifier) };
}

export const packageOf = (specifier: string): string => specifier.match(/^(@[^/]+\/[^/]+|[^/]+)/)![0];

/** The files that import each other in a ring, as "a → b → a"; at most one ring a file. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
