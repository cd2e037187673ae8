/** What a cell's `import` loads: packages from the notebook's folder or the project, fresh where they were edited. */
import { readFileSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { isOfProject, root } from "../project";
import { forgetMap, registerMap } from "./frames";

/** This process's own files: loading them anew would split the kernel in two. */
const runnerFolder = __dirname;

/** JavaScript of the TypeScript files beside the notebook, by path. */
const translated = new Map<string, string>();
/** When the loaded files were last changed. */
const loaded = new Map<string, number | undefined>();

interface ModuleToCompile {
  _compile(code: string, path: string): void;
}
const extensions = (
  Module as unknown as { _extensions: Record<string, (module: ModuleToCompile, path: string) => void> }
)._extensions;
extensions[".ts"] = (module, path) =>
  module._compile(translated.get(path) ?? readFileSync(path, "utf8"), path);

const isTracked = (path: string): boolean =>
  !/[\\/]node_modules[\\/]/.test(path) && !path.startsWith(runnerFolder);
const modifiedAt = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

/** Takes TypeScript files that were edited. */
export function addFiles(files: Record<string, { code: string; map: string }>): void {
  for (const [path, { code, map }] of Object.entries(files)) {
    translated.set(path, code);
    if (loaded.has(path)) loaded.set(path, undefined); // stale, whatever its time says
    registerMap(path, map);
  }
}

/**
 * Unloads the project's modules if one of them was edited since it was loaded: all of them, because a module that
 * was not edited may depend on one that was. Returns whether anything was unloaded.
 */
export function unloadIfEdited(): boolean {
  const paths = Object.keys(require.cache).filter(isTracked);
  const isStale = paths.some((path) => loaded.has(path) && loaded.get(path) !== modifiedAt(path));
  if (isStale) {
    for (const path of paths) {
      delete require.cache[path];
      loaded.delete(path);
      if (!path.endsWith(".ts")) forgetMap(path);
    }
  }
  return isStale;
}

/** Remembers the state of what has been loaded. */
export function noteLoaded(): void {
  for (const path of Object.keys(require.cache)) {
    if (!loaded.has(path) && isTracked(path)) loaded.set(path, modifiedAt(path));
  }
}

/** The module that cells find themselves in, `module`, as Node makes one for a file that it is started with. */
export function moduleOf(cellFile: string, require: NodeJS.Require, exports: object): NodeJS.Module {
  const module = new Module(cellFile) as NodeJS.Module;
  Object.assign(module, { filename: cellFile, exports, paths: require.resolve.paths("x") });
  // Not shown where `module` is: it would bring along all that was ever loaded.
  Object.defineProperty(module, "require", { value: require });
  require.main = module;
  return module;
}

/** `require` for cells: from the notebook's folder, and for packages that are not there, from the project. */
export function requireFrom(cellFile: string, afterLoading: (id: string) => void): NodeJS.Require {
  const near = createRequire(cellFile);
  const project = createRequire(join(root, "__cell__.ts"));
  const isRelative = (id: string) => /^\.{0,2}[\\/]|^[a-zA-Z]:[\\/]/.test(id);
  const resolveId = (id: string, options?: { paths?: string[] }): string => {
    if (isOfProject(id)) return project.resolve(id, options);
    try {
      return near.resolve(id, options);
    } catch (error) {
      if (isRelative(id) || (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
      return project.resolve(id, options);
    }
  };
  const load = (id: string): unknown => {
    const exported: unknown = near(resolveId(id));
    afterLoading(id);
    return exported;
  };
  return Object.assign(load, near, {
    resolve: Object.assign(resolveId, { paths: near.resolve.paths }),
  }) as NodeJS.Require;
}
