/** The project that this kernel belongs to. */
import { readFileSync } from "node:fs";
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
