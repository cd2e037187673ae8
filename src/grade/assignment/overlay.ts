/**
 * The instructor's own tests, in place of the repository's, which everybody can read:
 *
 *     private/seeds.json            { "bn-forward": 4711 }
 *     private/checks/bn-forward.ts  export const check = exercise("bn-forward", …)
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { checkInteger, isObject, refuse } from "../../tensor/validate";

export interface Overlay {
  seeds: Record<string, number>;
  /** JavaScript (CommonJS) by exercise. */
  checks: Record<string, string>;
}

/**
 * @param known the assignment's exercises
 * @throws RangeError for what can't be read, and for an exercise that there isn't
 */
export function readOverlay(folder: string, known: readonly string[]): Overlay {
  const overlay: Overlay = { seeds: readSeeds(join(folder, "seeds.json")), checks: {} };
  const checks = join(folder, "checks");
  for (const name of existsSync(checks) ? readdirSync(checks) : []) {
    const [, id] = /^(.+)\.[jt]s$/.exec(name) ?? [];
    if (id === undefined) continue;
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const source = readFileSync(join(checks, name), "utf8");
    overlay.checks[id] = ts.transpileModule(source, { compilerOptions: options, fileName: name }).outputText;
  }
  for (const id of [...Object.keys(overlay.seeds), ...Object.keys(overlay.checks)]) {
    if (!known.includes(id)) refuse(`${folder}: an exercise`, id, `one of ${known.join(", ")}`);
  }
  return overlay;
}

function readSeeds(path: string): Record<string, number> {
  if (!existsSync(path)) return {};
  const seeds: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isObject(seeds)) refuse(path, seeds, 'an object, { "bn-forward": 4711 }');
  for (const [id, seed] of Object.entries(seeds)) checkInteger(`${path}: ${id}`, seed);
  return seeds as Record<string, number>;
}
