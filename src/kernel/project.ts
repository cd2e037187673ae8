/** The project that this kernel belongs to. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { join, resolve } from "node:path";

export const root: string = resolve(__dirname, "../..");

const { name, dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  dependencies: Record<string, string>;
};

/** What cells can import wherever the notebook lies: the project itself and what it depends on. */
export const packages: string[] = [...new Set([name, ...Object.keys(dependencies)])];

/**
 * Whether a cell's import means the project's own copy even where the notebook's folder has another: see {@link packages},
 * so that there is one normlab and one tfjs.
 */
export function isOfProject(specifier: string): boolean {
  const [scopeOrName, rest] = specifier.split("/");
  const packageName = scopeOrName.startsWith("@") ? `${scopeOrName}/${rest}` : scopeOrName;
  return packages.includes(packageName);
}

/** Runs JavaScript (CommonJS) as the module `path`, wherever that lies: its imports are found from the project's root. */
export function runModule(code: string, path: string): unknown {
  const module = new Module(path) as Module & { _compile(code: string, path: string): void };
  module.require = createRequire(join(root, "package.json"));
  module._compile(code, path);
  return module.exports;
}

/**
 * SHA-256 of the built code, or of some of its folders: what it gives can't have changed while this has not.
 *
 * @param wanted which files are read
 */
export function codeHash(folders: readonly string[] = ["."], wanted: RegExp = /\.(js|wasm)$/): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const path = join(root, "dist", folder);
    const names = readdirSync(path, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => wanted.test(each)).sort()) {
      hash.update(name).update(readFileSync(join(path, name)));
    }
  }
  return hash.digest("hex");
}
