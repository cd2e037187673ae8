/** What a cell in the box gets when it imports: normlab without what the exercise asks for, and nothing else. */
import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";

const nodeRequire = createRequire(__filename);
/** The folder with the student's build: the folders of `src` that it holds, compiled (studentBuild.ts). */
const build = join(__dirname, "..", "..");

/**
 * `require` for cells.
 *
 * @param modules files of the student's build whose exports are normlab here: "tensor", "norm/standardize"
 * @param forbidden names among their exports that this exercise does without
 */
export function requireForCells(
  modules: readonly string[],
  forbidden: readonly string[],
): (id: string) => unknown {
  const all = Object.assign({}, ...modules.map((path) => nodeRequire(join(build, path)) as object)) as object;
  const names = Object.fromEntries(Object.entries(all).filter(([name]) => !forbidden.includes(name)));
  return (id) => {
    if (isBuiltin(id)) return nodeRequire(id);
    return guarded(id, id === "normlab" ? names : {});
  };
}

/** A module whose other names say that they are not there when they are used, not already when they are imported. */
function guarded(id: string, names: Record<string, unknown>): object {
  return new Proxy(names, {
    get(_, name) {
      if (name === "__esModule") return true;
      if (typeof name === "symbol" || name === "then" || Object.hasOwn(names, name)) {
        return names[name as string];
      }
      throw new Error(`\`${name}\` of ${id} is not at hand in this exercise: it is to be solved without`);
    },
  });
}
