/**
 * The script of which Node makes a snapshot (`node --build-snapshot`): a compiler that has read the types of normlab and
 * its packages, as it lies in memory. A box that starts from the snapshot compiles its first cell nine times as early.
 *
 * Such a script is one file that may `require` Node's own modules alone; so it loads ours by itself.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startupSnapshot } from "node:v8";
import type * as Answer from "./answer";

const loaded = new Map<string, { exports: unknown }>();

/** The file that a path means, in CommonJS. */
const fileAt = (path: string): string | undefined =>
  [path, `${path}.js`, join(path, "index.js")].find((each) =>
    statSync(each, { throwIfNoEntry: false })?.isFile(),
  );

/** undefined for a module of Node's own. */
function pathOf(id: string, folder: string): string | undefined {
  if (id.startsWith(".")) return fileAt(resolve(folder, id));
  const place = join(folder, "node_modules", id);
  const description = join(place, "package.json");
  const { main = "index.js" } = (
    existsSync(description) ? JSON.parse(readFileSync(description, "utf8")) : {}
  ) as { main?: string };
  const found = fileAt(join(place, main)) ?? fileAt(place);
  return found ?? (dirname(folder) === folder ? undefined : pathOf(id, dirname(folder)));
}

function load(path: string): unknown {
  const known = loaded.get(path);
  if (known) return known.exports;
  const module = { exports: {} as unknown };
  loaded.set(path, module);
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".json")) return (module.exports = JSON.parse(text));
  const folder = dirname(path);
  const pathFor = (id: string) => pathOf(id, folder);
  const requireFrom = Object.assign(
    (id: string): unknown => {
      const found = pathFor(id);
      return found === undefined ? process.getBuiltinModule(id) : load(found);
    },
    { resolve: pathFor },
  );
  const run = new Function("exports", "require", "module", "__filename", "__dirname", text) as (
    ...values: unknown[]
  ) => void;
  run(module.exports, requireFrom, module, path, folder);
  return module.exports;
}

const { answerRequests, warmCompiler } = load(join(__dirname, "answer.js")) as typeof Answer;
const compiler = warmCompiler();
startupSnapshot.setDeserializeMainFunction(() => answerRequests(compiler));
